package io.appointmentrelay.acceptance;

import static io.appointmentrelay.acceptance.RunningRelay.TOKEN;
import static io.appointmentrelay.acceptance.RunningRelay.texts;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.appointmentrelay.intake.Notifications;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Bodies that an authenticated but broken, confused or malicious sender may post: each is answered
 * 200 and kept, none stops the relay, and nothing of any of them is in a log.
 */
class HostileBodiesTest {

  private static final String[] SOURCES = {
    "redox-fhir", "redox-scheduling", "canvas", "fhir-subscription"
  };

  /** Stands in every body that is made here. */
  private static final String FRAGMENT = "fragment-of-a-body-7d1";

  private static final String GIVEN = "Zebulon";
  private static final String FAMILY = "Quarkington";
  private static final String EMAIL = "zebulon.quarkington@example.org";
  private static final String PHONE = "+16085550187";

  /** 7 * 1901911919: longer than any time, number or fraction of a second a message carries. */
  private static final String EVALUATED = "13313383433";

  private static final String RECORD = "MRN-7755331";
  private static final List<String> SECRETS =
      List.of(
          FRAGMENT,
          GIVEN,
          FAMILY,
          EMAIL,
          PHONE,
          PHONE.substring(2),
          RECORD,
          TOKEN,
          "sandbox-sms",
          "whsec_",
          "Lucía",
          "MR1001",
          "MRN1001",
          "06669a76329f4577bea114bc50072da6",
          "Casey");

  private static CapturedLogs logs;
  private static RunningRelay relay;

  @BeforeAll
  static void start() {
    logs = CapturedLogs.open();
    relay = RunningRelay.with("relay.source.fhir-subscription.fhir.base-url", "none").start();
  }

  /** The last word on the whole class: what was said in the logs, and that nothing got lost. */
  @AfterAll
  static void nothingOfTheBodiesIsInALog() {
    try {
      relay.awaitIdleInbox();
      relay.awaitIdleOutbox();
      relay.assertAccountedFor();
      relay.close();
      assertThat(logs.lines()).isNotEmpty();
      for (String secret : SECRETS) {
        assertThat(logs.with(secret)).describedAs(secret).isEmpty();
      }
    } finally {
      logs.close();
    }
  }

  // --- what cannot be understood is parked

  static Stream<Arguments> unreadable() {
    List<Arguments> all = new ArrayList<>();
    for (String source : SOURCES) {
      unreadableByAll()
          .forEach(body -> all.add(Arguments.of(source, body.get()[0], body.get()[1])));
    }
    return all.stream();
  }

  private static Stream<Arguments> unreadableByAll() {
    byte[] whole = Notifications.bytes("redox-fhir/booked-detailed");
    return Stream.of(
        body("not JSON", FRAGMENT),
        body("HTML", "<html><script>" + FRAGMENT + "</script></html>"),
        body("an empty object", "{}"),
        body("an empty list", "[]"),
        body("null", "null"),
        body("a number", "4711"),
        body("a string", "\"" + FRAGMENT + "\""),
        body("a list of objects", "[{\"a\":\"" + FRAGMENT + "\"}]"),
        Arguments.of("truncated", Arrays.copyOf(whole, whole.length / 2)),
        Arguments.of("two documents", joined(whole, whole)),
        Arguments.of("trailing comma", joined("{\"a\":1,}".getBytes(UTF_8))),
        body("10,000 levels of lists", "{\"a\":" + "[".repeat(10_000) + "]".repeat(10_000) + "}"),
        body("10,000 levels of objects", "{\"a\":".repeat(10_000) + "1" + "}".repeat(10_000)),
        body("a million open brackets", "[".repeat(1_000_000)),
        Arguments.of(
            "invalid UTF-8", joined("{\"a\":\"".getBytes(UTF_8), new byte[] {(byte) 0xff})),
        Arguments.of("invalid UTF-8 whole", joined(new byte[] {(byte) 0xc0, (byte) 0xaf})),
        Arguments.of(
            "UTF-16",
            ("{\"a\":\"" + FRAGMENT + "\"}").getBytes(java.nio.charset.StandardCharsets.UTF_16)),
        Arguments.of("only NUL", new byte[1_000]),
        body("a NUL between", "{\"a\"\0:1}"),
        body("a number of 100,000 digits", "{\"a\":" + "9".repeat(100_000) + "}"),
        body("a huge exponent", "{\"a\":1e999999999}"),
        body("a name of 100,000 letters", "{\"" + "n".repeat(100_000) + "\":1}"),
        body("not a number", "{\"a\":NaN}"),
        body("a comment", "{/* " + FRAGMENT + " */}"));
  }

  private static Arguments body(String what, String body) {
    return Arguments.of(what, body.getBytes(UTF_8));
  }

  @ParameterizedTest(name = "{0} gets {1}")
  @MethodSource("unreadable")
  void whatIsNoNotificationIsParkedWithASentence(String source, String what, byte[] body) {
    assertThat(relay.post(source, body)).isEqualTo(200);
    relay.awaitIdleInbox();

    assertParked(relay.lastNotification());
  }

  static Stream<Arguments> misleading() {
    return Stream.of(
        // wrong types in every place that is looked at
        of("redox-fhir", "{'resourceType':'Bundle','entry':{'resource':{'resourceType':7}}}"),
        of("redox-fhir", "{'entry':[null,1,'x',[],{'resource':[]},{'resource':'x'}]}"),
        of(
            "redox-fhir",
            "{'entry':[{'resource':{'resourceType':'MessageHeader','eventUri':{'a':1}}}]}"),
        of("redox-scheduling", "{'Meta':[],'Visit':'x'}"),
        of("redox-scheduling", "{'Meta':{'EventType':{}}}"),
        of("redox-scheduling", "{'Meta':{'EventType':'New'},'Visit':{'VisitNumber':[]}}"),
        of("redox-scheduling", "{'Meta':{'EventType':'PushSlots'},'Slots':{}}"),
        of("redox-scheduling", "{'Meta':{'EventType':'PushSlots'},'Slots':[{'DateTime':7}]}"),
        of("canvas", "{'created':'yes'}"),
        of("canvas", "{'created':true,'appointment_external_id':null}"),
        of("canvas", "{'created':true,'cancelled':true,'appointment_external_id':'c'}"),
        of("canvas", "{'appointment_external_id':'c'}"),
        of("canvas", "{'event_type':'appointment_created','error':'look-up failed'}"),
        // a key twice says two things
        of(
            "canvas",
            "{'created':true,'appointment_external_id':'a','appointment_external_id':'b'}"),
        of("redox-scheduling", "{'Meta':{'EventType':'New','EventType':'Cancel'}}"),
        // events that nobody here understands, or that answer what nobody asked
        of("redox-scheduling", "{'Meta':{'EventType':'Confirm'},'Visit':{'VisitNumber':'7'}}"),
        of("redox-scheduling", "{'Meta':{'DataModel':'Order','EventType':'New'}}"),
        of("redox-scheduling", "{'Meta':{'EventType':'AvailableSlotsResponse'},'Slots':[]}"),
        of("redox-scheduling", "{'Meta':{'EventType':'BookedResponse'},'Visits':[]}"),
        of("canvas", "{'event_type':'appointment_exploded','appointment':{'id':'c'}}"),
        of(
            "fhir-subscription",
            "{'resourceType':'Bundle','entry':[null,1,'x',[],{'resource':[]}]}"),
        of("fhir-subscription", "{'resourceType':'Appointment','status':'booked'}"),
        of("fhir-subscription", "{'resourceType':'Appointment','id':{'a':1},'start':7}"),
        of("fhir-subscription", subscription("'type':{}")),
        of("fhir-subscription", subscription("'type':'explosion'")),
        of("fhir-subscription", subscription("'type':'event-notification'")),
        of("fhir-subscription", event("{}")),
        of("fhir-subscription", event("[],{'eventNumber':{},'focus':7},null")),
        of(
            "fhir-subscription",
            event("{'eventNumber':'9999999999999999999','focus':{'reference':7}}")),
        of("fhir-subscription", event("{'focus':{'reference':'Appointment/../../x?_id=1'}}")),
        of("fhir-subscription", event("{'focus':{'reference':'Encounter/1'}}")),
        of(
            "fhir-subscription",
            event("{'focus':{'identifier':{'value':'" + "x".repeat(500) + "'}}}")),
        of(
            "fhir-subscription",
            event("{'focus':{'reference':'Appointment/1'}},".repeat(501) + "{}")),
        of(
            "fhir-subscription",
            "{'resourceType':'Bundle','entry':[{'resource':{'resourceType':'Parameters','parameter':[]}}]}"),
        Arguments.of("redox-fhir", writeback("AppointmentCreate")),
        Arguments.of("redox-fhir", writeback("AppointmentUpdate")),
        Arguments.of("redox-fhir", writeback("AppointmentCancel")),
        Arguments.of("redox-fhir", writeback("AppointmentExploded")),
        // identifiers beyond reason
        of(
            "redox-scheduling",
            "{'Meta':{'EventType':'New'},'Visit':{'VisitNumber':'" + "7".repeat(1_001) + "'}}"),
        of("canvas", "{'created':true,'appointment_external_id':'" + "x".repeat(5_000) + "'}"));
  }

  private static Arguments of(String source, String body) {
    return Arguments.of(
        source, Notifications.json(body.replaceFirst("\\{", "{'z':'" + FRAGMENT + "',")));
  }

  private static String subscription(String status) {
    return "{'resourceType':'Bundle','entry':[{'resource':{'resourceType':'SubscriptionStatus',"
        + status
        + "}}]}";
  }

  private static String event(String events) {
    return subscription("'type':'event-notification','notificationEvent':[" + events + "]");
  }

  private static byte[] writeback(String event) {
    return Notifications.edited(
        "redox-fhir/booked",
        bundle ->
            ((ObjectNode) bundle.path("entry").path(0).path("resource"))
                .put("eventUri", "https://fhir.redoxengine.com/EventDefinition/" + event));
  }

  @ParameterizedTest
  @MethodSource("misleading")
  void whatWouldMisleadIsParkedWithASentence(String source, byte[] body) {
    assertThat(relay.post(source, body)).isEqualTo(200);
    relay.awaitIdleInbox();

    assertParked(relay.lastNotification());
  }

  @Test
  void tenMegabytesInOneStringAreReadPast() {
    byte[] body =
        scheduling(
            "huge-text",
            message -> ((ObjectNode) message.path("Visit")).put("Reason", "r".repeat(10 << 20)));
    assertThat(relay.post("redox-scheduling", body)).isEqualTo(200);
    relay.awaitIdleInbox();

    assertThat(relay.events("redox-scheduling", "huge-text")).containsExactly("BOOKED");
  }

  @Test
  void sixteenMegabytesOfTinyObjectsAreReadPast() {
    StringBuilder body = new StringBuilder(16 << 20).append("{\"a\":[{}");
    while (body.length() < (16 << 20) - 10) {
      body.append(",{}");
    }
    assertThat(relay.post("canvas", body.append("]}").toString().getBytes(UTF_8))).isEqualTo(200);
    relay.awaitIdleInbox();

    assertParked(relay.lastNotification());
  }

  @Test
  void aBundleOfTooManyAppointmentsIsParkedWhole() {
    assertThat(relay.post("redox-fhir", crowd(501))).isEqualTo(200);
    relay.awaitIdleInbox();

    JsonNode parked = relay.lastNotification();
    assertParked(parked);
    assertThat(parked.path("id").asText()).endsWith("-1");
    assertThat(relay.post("redox-fhir", crowd(40))).isEqualTo(200);
    relay.awaitIdleInbox();
    assertThat(relay.lastNotification().path("id").asText()).endsWith("-40");
    assertThat(relay.events("redox-fhir", "crowd-39")).containsExactly("BOOKED");
  }

  private static byte[] crowd(int size) {
    return Notifications.edited(
        "redox-fhir/booked",
        bundle -> {
          bundle.put("id", "crowd of " + size);
          ArrayNode entries = (ArrayNode) bundle.path("entry");
          ObjectNode one = (ObjectNode) entries.remove(2);
          for (int i = 0; i < size; i++) {
            ObjectNode entry = one.deepCopy();
            entry.put("fullUrl", "Appointment?identifier=urn:redox:VIS|crowd-" + i);
            entries.add(entry);
          }
        });
  }

  @Test
  void oneBadAppointmentInABundleDoesNotHoldUpTheOthers() {
    byte[] body =
        Notifications.edited(
            "redox-fhir/booked",
            bundle -> {
              bundle.put("id", "half good");
              ArrayNode entries = (ArrayNode) bundle.path("entry");
              ObjectNode good = ((ObjectNode) entries.path(2)).deepCopy();
              good.put("fullUrl", "Appointment?identifier=urn:redox:VIS|half-good");
              ((ObjectNode) entries.path(2)).put("fullUrl", "urn:uuid:nothing");
              entries.add(good);
            });
    assertThat(relay.post("redox-fhir", body)).isEqualTo(200);
    relay.awaitIdleInbox();

    JsonNode good = relay.lastNotification();
    assertThat(good.path("status").asText()).isEqualTo("processed");
    JsonNode bad = relay.api("/api/notifications/" + good.path("id").asText().replace("-2", "-1"));
    assertParked(bad);
    assertThat(relay.events("redox-fhir", "half-good")).containsExactly("BOOKED");
  }

  // --- names that would like to be more than names

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a\"b;c'd",
        "'; DROP TABLE appointment; --",
        "100%/50?#&=",
        "../../etc/passwd",
        "7\r\nBcc: thief@example.org",
        "7\0 8",
        "\uD83D\uDE00 é ß \u202E",
        "${body}{{relay.channel.sms.token}}",
        "<script>alert(1)</script>",
        " 7 ",
      })
  void aStrangeIdentifierIsJustAnIdentifier(String visit) {
    relay.awaitIdleOutbox();
    assertThat(relay.post("redox-scheduling", scheduling(visit, message -> {}))).isEqualTo(200);
    relay.awaitIdleInbox();
    relay.awaitIdleOutbox();

    String kept = relay.lastNotification().path("appointment").asText();
    assertThat(kept).isEqualTo(visit.replace("\r\n", "  ").replace('\0', ' ').strip());
    assertThat(relay.events("redox-scheduling", kept)).containsExactly("BOOKED");
    assertThat(relay.items("/api/deliveries?appointment=" + RunningRelay.encoded(kept)))
        .isNotEmpty();
    JsonNode told = RunningRelay.json(last(relay.messages("webhook")).path("text").asText());
    assertThat(told.path("data").path("appointment").path("identifier").asText()).isEqualTo(kept);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{{ 7 * 1901911919 }}",
        "{% include \"_layout\" %}{% for i in [1] %}{{ 7 * 1901911919 }}{% endfor %}",
        "{# gone #}",
        "${body.recipient}",
        "${7 * 1901911919}",
        "$simple{env:PATH} ${env:PATH} ${sys:user.dir}",
        "{{relay.channel.sms.token}} {{env:PATH}} {{sys:user.dir}}",
        "RAW(x) ref:x bean:x",
        "<script>alert(1)</script>",
        "\"><img src=x onerror=alert(1)>",
        "&lt;b&gt; & <b>",
        "a\r\nBcc: thief@example.org\r\n\r\nx",
        "=?utf-8?q?=0d=0aBcc:_thief=40example.org?=",
        "\u202Eevil\u200B\uFEFF",
        "%0d%0aBcc:thief@example.org",
      })
  void nobodysNameIsMoreThanAName(String name) {
    String visit = "name-" + Integer.toHexString(name.hashCode());
    byte[] body =
        scheduling(
            visit,
            message -> {
              ObjectNode demographics = (ObjectNode) message.path("Patient").path("Demographics");
              demographics.put("FirstName", name).put("LastName", name);
              ObjectNode details = (ObjectNode) message.path("Visit");
              details.put("Reason", name).put("Type", name);
              ((ObjectNode) details.path("VisitProvider")).put("FirstName", name);
              ((ObjectNode) details.path("VisitProvider")).put("LastName", name);
              ((ObjectNode) details.path("Location")).put("Facility", name);
              ((ObjectNode) details.path("Location")).put("Department", name);
            });
    // Others in this class wait for the inbox alone.
    relay.awaitIdleOutbox();
    int before = relay.messages("email").size();
    assertThat(relay.post("redox-scheduling", body)).isEqualTo(200);
    relay.awaitIdleInbox();
    relay.awaitIdleOutbox();

    List<JsonNode> mails = relay.messages("email");
    assertThat(mails).hasSize(before + 1);
    JsonNode mail = last(mails);
    assertThat(mail.path("to").asText()).isEqualTo(EMAIL);
    assertThat(mail.path("subject").asText()).doesNotContain("\n").doesNotContain("\r");
    assertThat(mail.path("html").asText())
        .doesNotContain("<script")
        .doesNotContain("<img src=x")
        .doesNotContain("<b>");
    JsonNode sms = last(relay.messages("sms"));
    assertThat(sms.path("to").asText()).isEqualTo(PHONE);
    for (JsonNode message : List.of(mail, sms, last(relay.messages("webhook")))) {
      assertThat(message.toString())
          .doesNotContain(EVALUATED)
          .doesNotContain("sandbox-sms")
          .doesNotContain(System.getProperty("user.dir"))
          .doesNotContain(System.getenv("PATH"));
    }
  }

  // --- the operator's second try

  @Test
  void aReplayedNotificationThatIsStillWrongIsParkedAgain() {
    assertThat(relay.post("canvas", "{\"created\":\"no\"}".getBytes(UTF_8))).isEqualTo(200);
    relay.awaitIdleInbox();
    JsonNode parked = relay.lastNotification();
    String id = parked.path("id").asText();

    assertThat(relay.operate("/api/notifications/" + id + "/replay").statusCode()).isEqualTo(200);
    relay.awaitIdleInbox();

    JsonNode again = relay.api("/api/notifications/" + id);
    assertThat(again.path("reason")).isEqualTo(parked.path("reason"));
    assertThat(again.path("receivedAt")).isEqualTo(parked.path("receivedAt"));
    assertThat(texts(List.of(again), "status")).containsExactly("parked");
  }

  @Test
  void onlyWhatIsParkedIsReplayed() {
    relay.hear("canvas", Notifications.bytes("canvas/created"));
    String id = relay.lastNotification().path("id").asText();

    assertThat(relay.operate("/api/notifications/" + id + "/replay").statusCode()).isEqualTo(409);
    assertThat(relay.operate("/api/notifications/999999-1/replay").statusCode()).isEqualTo(404);
    assertThat(relay.operate("/api/notifications/nonsense/replay").statusCode()).isEqualTo(400);
  }

  /** Expected; found. What to do. */
  private static void assertParked(JsonNode notification) {
    assertThat(notification.path("status").asText()).isEqualTo("parked");
    assertThat(notification.path("reason").asText())
        .matches("(?s)[A-Z].+; .+\\. [A-Z].+\\.")
        .doesNotContain(FRAGMENT);
  }

  private static byte[] scheduling(String visit, Consumer<ObjectNode> edit) {
    return Coming.scheduling(
        "new",
        visit,
        // Far enough for the questionnaire to wait, near enough for the first reminder to be late.
        Coming.inDays(5),
        message -> {
          message.put("Fragment", FRAGMENT);
          ((ObjectNode) message.path("Patient").path("Identifiers").path(0)).put("ID", RECORD);
          ObjectNode demographics = (ObjectNode) message.path("Patient").path("Demographics");
          demographics.put("FirstName", GIVEN).put("LastName", FAMILY);
          demographics.putArray("EmailAddresses").add(EMAIL);
          ((ObjectNode) demographics.path("PhoneNumber")).put("Mobile", PHONE);
          edit.accept(message);
        });
  }

  private static JsonNode last(List<JsonNode> messages) {
    return messages.get(messages.size() - 1);
  }

  private static byte[] joined(byte[]... pieces) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] piece : pieces) {
      all.writeBytes(piece);
    }
    return all.toByteArray();
  }
}
