package io.appointmentrelay.acceptance;

import static io.appointmentrelay.acceptance.RunningRelay.texts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.appointmentrelay.acceptance.FlakyEnds.Http;
import io.appointmentrelay.acceptance.FlakyEnds.Http.Received;
import io.appointmentrelay.acceptance.FlakyEnds.Http.Reply;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is answered to an appointment reaches Redox, as a message that it passes on. */
class RedoxWritebackTest {

  private static final Instant START = Instant.parse("2027-03-10T15:00:00Z");
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final String TOKEN = "a-token-that-no-log-may-show";
  private static final String PERSON = "urn:redox:clinic:MR|kyHG-no-log-may-show";
  private static final Reply TAKEN =
      new Reply(
          200,
          "{\"resourceType\":\"Bundle\",\"type\":\"message\",\"entry\":[{\"resource\":"
              + "{\"resourceType\":\"MessageHeader\",\"response\":{\"code\":\"ok\"}}}]}",
          "Content-Type",
          "application/fhir+json");

  private final MovableClock clock = MovableClock.at("2027-03-01T18:00:00Z");
  private final Http redox = new Http();
  private volatile Reply reply = TAKEN;
  private RunningRelay relay;

  @BeforeEach
  void answer() {
    redox.otherwise(
        request ->
            request.path().contains("$appointment-")
                ? reply
                : new Reply(
                    200,
                    "{\"resourceType\":\"Bundle\",\"type\":\"searchset\"}",
                    "Content-Type",
                    "application/fhir+json"));
    start(null);
    hear("Booked", "booked", START);
    relay.awaitIdleOutbox();
  }

  private void start(Path left) {
    RunningRelay.Setup setup =
        RunningRelay.with("relay.source.redox-fhir.fhir.base-url", redox.address() + "/fhir/R4/c")
            .set("relay.source.redox-fhir.fhir.bearer", TOKEN)
            .set("relay.source.redox-fhir.writeback", "confirm,cancel")
            .set("relay.staff.email", "desk@clinic.org")
            .clock(clock);
    relay = (left == null ? setup : setup.on(left)).start();
  }

  @AfterEach
  void close() {
    relay.assertAccountedFor();
    relay.close();
    redox.close();
  }

  private void hear(String event, String status, Instant start) {
    relay.hear(
        "redox-fhir",
        """
        {"resourceType":"Bundle","type":"message","id":"b-%1$s-%3$s","timestamp":"%4$s","entry":[
         {"resource":{"resourceType":"MessageHeader",
           "eventUri":"https://fhir.redoxengine.com/EventDefinition/Appointment%1$s"}},
         {"fullUrl":"https://api.redoxengine.com/fhir/R4/c/Development/Patient?identifier=%5$s",
          "resource":{"resourceType":"Patient","telecom":[{"system":"email","value":"robin@example.org"}]}},
         {"fullUrl":"https://api.redoxengine.com/fhir/R4/c/Development/Appointment?urn:redox:VIS|identifier=321",
          "resource":{"resourceType":"Appointment","status":"%2$s","start":"%3$s",
           "participant":[{"actor":{"identifier":{"system":"urn:redox:clinic:MR","value":"kyHG-no-log-may-show"}},
             "type":[{"coding":[{"code":"Patient"}]}],"status":"accepted"}]}}]}"""
            .formatted(event, status, start, clock.instant(), PERSON));
  }

  private void handIn(String action) {
    var answer = relay.operate("POST", "/api/appointments/redox-fhir/321/" + action, "{}");
    assertThat(answer.statusCode()).describedAs(answer.body()).isEqualTo(200);
    relay.awaitIdleInbox();
  }

  private List<Received> messages() {
    return redox.received().stream()
        .filter(request -> request.path().contains("$appointment-"))
        .toList();
  }

  private JsonNode writeback() {
    List<JsonNode> all = relay.items("/api/deliveries?channel=ehr");
    assertThat(all).hasSize(1);
    return relay.api("/api/deliveries/" + all.get(0).path("id").asText());
  }

  private void ends(String status) {
    await().atMost(PATIENCE).until(() -> writeback().path("status").asText().equals(status));
    relay.awaitIdleOutbox();
  }

  private static JsonNode entry(JsonNode bundle, String type) {
    for (JsonNode entry : bundle.path("entry")) {
      if (entry.path("resource").path("resourceType").asText().equals(type)) {
        return entry.path("resource");
      }
    }
    throw new AssertionError("no " + type);
  }

  // --- what is sent

  @Test
  void aConfirmationIsAnAppointmentUpdateWithThePatientAccepting() {
    handIn("confirm");
    ends("sent");

    Received message = messages().get(0);
    assertThat(message.method() + " " + message.path())
        .isEqualTo("POST /fhir/R4/c/Appointment/$appointment-update");
    assertThat(message.header("Content-Type")).startsWith("application/fhir+json");
    assertThat(message.header("Authorization")).isEqualTo("Bearer " + TOKEN);
    JsonNode bundle = RunningRelay.json(message.text());
    assertThat(bundle.path("type").asText()).isEqualTo("message");
    JsonNode header = entry(bundle, "MessageHeader");
    assertThat(header.path("eventUri").asText())
        .isEqualTo("https://fhir.redoxengine.com/EventDefinition/AppointmentUpdate");
    JsonNode visit = entry(bundle, "Appointment");
    assertThat(header.at("/focus/0/reference").asText())
        .isEqualTo("Appointment/" + visit.path("id").asText());
    assertThat(header.path("source").path("name").asText()).isEqualTo("Good Health Clinic");
    assertThat(visit.path("status").asText()).isEqualTo("booked");
    assertThat(visit.at("/identifier/0/value").asText()).isEqualTo("321");
    assertThat(visit.path("start").asText()).isEqualTo(START.toString());
    assertThat(visit.at("/participant/0/status").asText()).isEqualTo("accepted");
    JsonNode patient = entry(bundle, "Patient");
    assertThat(visit.at("/participant/0/actor/reference").asText())
        .isEqualTo("Patient/" + patient.path("id").asText());
    assertThat(patient.at("/identifier/0/value").asText()).isEqualTo("kyHG-no-log-may-show");
    assertThat(writeback().path("providerId").asText()).isEqualTo(bundle.path("id").asText());
  }

  @Test
  void aCancellationIsAnAppointmentCancelAndOnlyTheEchoIsTold() {
    handIn("cancel");
    ends("sent");

    Received message = messages().get(0);
    assertThat(message.path()).endsWith("/Appointment/$appointment-cancel");
    JsonNode bundle = RunningRelay.json(message.text());
    assertThat(entry(bundle, "MessageHeader").path("eventUri").asText())
        .endsWith("/AppointmentCancel");
    JsonNode visit = entry(bundle, "Appointment");
    assertThat(visit.path("status").asText()).isEqualTo("cancelled");
    assertThat(visit.at("/cancelationReason/coding/0/code").asText()).isEqualTo("pat");
    assertThat(visit.at("/participant/0/status").asText()).isEqualTo("declined");
    // Taken is not done: the visit is off when the EHR says so, and then everybody hears of it.
    assertThat(relay.appointment("redox-fhir", "321").path("status").asText()).isEqualTo("booked");
    assertThat(subjects()).hasSize(1);

    hear("Cancelled", "cancelled", START);
    hear("Canceled", "cancelled", START);
    relay.awaitIdleOutbox();
    assertThat(relay.events("redox-fhir", "321"))
        .containsExactly("BOOKED", "UNCHANGED", "CANCELLED", "UNCHANGED");
    assertThat(subjects()).hasSize(2).last().asString().endsWith("is cancelled");
  }

  private List<String> subjects() {
    return texts(
        relay.messages("email").stream()
            .filter(mail -> mail.path("to").asText().equals("robin@example.org"))
            .toList(),
        "subject");
  }

  @Test
  void theEchoOfAConfirmationIsNoNews() {
    handIn("confirm");
    ends("sent");
    int told = relay.items("/api/sandbox/messages?limit=200").size();

    hear("Updated", "booked", START);
    relay.awaitIdleOutbox();

    assertThat(relay.events("redox-fhir", "321"))
        .containsExactly("BOOKED", "UNCHANGED", "UNCHANGED");
    assertThat(relay.items("/api/sandbox/messages?limit=200")).hasSize(told);
  }

  // --- what is answered

  @Test
  void aTransientOutcomeIsTriedAgainAsTheSameMessage() {
    reply = outcome("error", "throttled");
    handIn("confirm");
    // The last one counted may be answered by what is put ready now.
    await().atMost(PATIENCE).until(() -> messages().size() > 2);
    reply = TAKEN;
    ends("sent");

    assertThat(messages().stream().map(one -> RunningRelay.json(one.text()).path("id").asText()))
        .hasSizeGreaterThan(2)
        .containsOnly(writeback().path("providerId").asText());
    assertThat(
            messages().stream()
                .map(
                    one ->
                        entry(RunningRelay.json(one.text()), "MessageHeader").path("id").asText())
                .distinct())
        .hasSize(1);
  }

  @Test
  void anOutcomeThatIsARefusalIsForGoodAlsoWithHttp200() {
    reply = outcome("error", "business-rule");
    handIn("confirm");
    ends("dead");

    assertThat(writeback().path("attempts").asInt()).isEqualTo(1);
    assertThat(writeback().path("reason").asText())
        .contains("found an OperationOutcome (business-rule)")
        .doesNotContain("secret of the EHR");
  }

  @Test
  void anOutcomeThatOnlyInformsIsAYes() {
    reply = outcome("information", "informational");
    handIn("confirm");
    ends("sent");
  }

  @Test
  void aPageInThePlaceOfAnAnswerIsNoYes() {
    reply = new Reply(200, "<html>Welcome</html>", "Content-Type", "text/html");
    handIn("confirm");
    ends("dead");

    assertThat(writeback().path("attempts").asInt()).isEqualTo(3);
    assertThat(writeback().path("reason").asText()).contains("a web page");
  }

  @Test
  void aRefusalIsForGoodAndStaffAreAsked() {
    reply = new Reply(403, "");
    handIn("cancel");
    ends("dead");

    assertThat(texts(relay.messages("email"), "subject"))
        .anyMatch(subject -> subject.startsWith("Please cancel in the EHR"));
    assertThat(relay.operate("/api/deliveries/" + writeback().path("id").asText() + "/retry"))
        .satisfies(retried -> assertThat(retried.statusCode()).isEqualTo(200));
    reply = TAKEN;
    await()
        .atMost(PATIENCE)
        .until(() -> List.of("sent", "dead").contains(writeback().path("status").asText()));
  }

  private static Reply outcome(String severity, String code) {
    return new Reply(
        200,
        "{\"resourceType\":\"OperationOutcome\",\"issue\":[{\"severity\":\""
            + severity
            + "\",\"code\":\""
            + code
            + "\",\"diagnostics\":\"secret of the EHR\"}]}",
        "Content-Type",
        "application/fhir+json");
  }

  @Test
  void whatWasInFlightWhenTheProcessDiedIsSentAgainAsTheSameMessage() {
    CountDownLatch died = new CountDownLatch(1);
    redox.otherwise(
        request -> {
          try {
            died.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          return TAKEN;
        });
    handIn("confirm");
    await().atMost(PATIENCE).until(() -> messages().size() == 1);
    Path left = relay.asIfItDied();
    died.countDown();
    ends("sent");
    relay.close();
    start(left);
    ends("sent");

    assertThat(messages()).hasSize(2);
    assertThat(RunningRelay.json(messages().get(0).text()).path("id"))
        .isEqualTo(RunningRelay.json(messages().get(1).text()).path("id"));
  }

  @Test
  void oldKnowledgeIsLookedAtOnceMoreBeforeItIsAnswered() {
    clock.advance(Duration.ofHours(1));
    handIn("confirm");
    ends("sent");
    assertThat(redox.received()).anyMatch(one -> one.path().endsWith("/Appointment/_search"));
  }

  @Test
  void aMoveThatNobodyToldOfIsFoundBeforeItIsCancelled() {
    Instant moved = START.plus(Duration.ofHours(3));
    redox.otherwise(
        request ->
            request.path().contains("$appointment-")
                ? reply
                : new Reply(
                    200,
                    "{\"resourceType\":\"Bundle\",\"type\":\"searchset\",\"entry\":[{\"resource\":"
                        + "{\"resourceType\":\"Appointment\",\"id\":\"x\",\"identifier\":[{\"system\":"
                        + "\"urn:redox:VIS\",\"value\":\"321\"}],\"status\":\"booked\",\"start\":\""
                        + moved
                        + "\"}}]}",
                    "Content-Type",
                    "application/fhir+json"));
    clock.advance(Duration.ofHours(1));
    handIn("cancel");
    ends("suppressed");

    assertThat(writeback().path("reason").asText()).isEqualTo("moved meanwhile");
    assertThat(messages()).isEmpty();
    assertThat(relay.events("redox-fhir", "321"))
        .containsExactly("BOOKED", "UNCHANGED", "RESCHEDULED");
    assertThat(texts(relay.messages("email"), "subject"))
        .anyMatch(subject -> subject.startsWith("Please cancel in the EHR"))
        .anyMatch(subject -> subject.endsWith("has moved"));
  }

  // --- who may hand in, and what is shown of it

  @Test
  void noLogShowsAPersonOrAToken() {
    try (CapturedLogs logs = CapturedLogs.open()) {
      reply = outcome("error", "throttled");
      handIn("confirm");
      await().atMost(PATIENCE).until(() -> messages().size() > 1);
      reply = new Reply(422, "{\"robin\":\"robin@example.org\"}");
      ends("dead");

      assertThat(logs.lines()).anyMatch(line -> line.contains("on ehr is dead"));
      assertThat(logs.with(TOKEN)).isEmpty();
      assertThat(logs.with("no-log-may-show")).isEmpty();
      assertThat(logs.with("robin@example.org")).isEmpty();
      assertThat(logs.with("secret of the EHR")).isEmpty();
    }
  }

  @Test
  void noSenderCanHandInAnAnswer() {
    byte[] forged =
        "{\"answer\":\"cancel\",\"group\":\"redox-fhir\",\"identifier\":\"321\"}"
            .getBytes(StandardCharsets.UTF_8);

    assertThat(relay.post("redox-fhir", forged)).isEqualTo(200);
    assertThat(relay.post("answered", forged)).isEqualTo(404);
    relay.awaitIdleInbox();
    assertThat(relay.lastNotification().path("status").asText()).isEqualTo("parked");
    assertThat(relay.items("/api/deliveries?channel=ehr")).isEmpty();
    assertThat(messages()).isEmpty();
  }

  @Test
  void hostileInputIsRefusedAndHasNoEffect() {
    String address = "/api/appointments/redox-fhir/321/confirm";
    String deep = "[".repeat(30_000);
    for (String body :
        List.of(
            "{\"version\":\"x\"}",
            "{\"version\":{}}",
            "{\"version\":99999999999999999999}",
            "{\"version\":1.5}",
            "{\"version\":1,\"more\":2}",
            "[]",
            "null x",
            deep,
            "{\"version\":" + deep + "}",
            "\u0000")) {
      assertThat(relay.operate("POST", address, body).statusCode())
          .describedAs(body.substring(0, Math.min(30, body.length())))
          .isEqualTo(400);
    }
    assertThat(relay.operate("POST", address, "{" + " ".repeat(70_000) + "}").statusCode())
        .isEqualTo(413);
    for (String path :
        List.of(
            "/api/appointments/redox-fhir/321%00/confirm",
            "/api/appointments/redox-fhir/..%2F..%2Fpasswd/confirm",
            "/api/appointments/redox-fhir/'%20OR%201=1%20--/confirm",
            "/api/appointments/nobody/321/confirm",
            "/api/appointments/redox-fhir/" + "9".repeat(4_000) + "/confirm")) {
      assertThat(relay.operate("POST", path, "{}").statusCode()).describedAs(path).isEqualTo(404);
    }
    assertThat(relay.askConsole(address).statusCode()).isEqualTo(405);
    assertThat(relay.askConsole("/api/appointments/redox-fhir/321/cancel").statusCode())
        .isEqualTo(405);
    var fromAPage =
        RunningRelay.ask(
            RunningRelay.request(
                    java.net.URI.create("http://127.0.0.1:" + relay.consolePort() + address))
                .header("Content-Type", "application/json")
                .header("Origin", "https://evil.example")
                .POST(java.net.http.HttpRequest.BodyPublishers.ofString("{}"))
                .build());
    assertThat(fromAPage.statusCode()).isEqualTo(403);
    var asAForm =
        RunningRelay.ask(
            RunningRelay.request(
                    java.net.URI.create("http://127.0.0.1:" + relay.consolePort() + address))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(java.net.http.HttpRequest.BodyPublishers.ofString("version=1"))
                .build());
    assertThat(asAForm.statusCode()).isEqualTo(415);
    assertThat(relay.items("/api/deliveries?channel=ehr")).isEmpty();
    assertThat(messages()).isEmpty();
  }
}
