package io.appointmentrelay.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.appointmentrelay.command.Brake;
import io.appointmentrelay.command.ConsoleClient;
import io.appointmentrelay.command.OptOutList;
import io.appointmentrelay.store.StoreAddress;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who may be written to, how often, and how many at once. */
class MayWeTest {

  private static final Instant START = Instant.parse("2027-03-10T15:00:00Z");

  private final MovableClock clock = MovableClock.at("2027-03-01T18:00:00Z");
  private RunningRelay relay;

  @AfterEach
  void stop() {
    relay.assertAccountedFor();
    relay.close();
  }

  private void start(String... settings) {
    RunningRelay.Setup setup = RunningRelay.shipped().clock(clock);
    for (int i = 0; i < settings.length; i += 2) {
      setup.set(settings[i], settings[i + 1]);
    }
    relay = setup.start();
  }

  // --- consent, and a pilot's list

  @Test
  void whereConsentIsRequiredNobodyIsWrittenToWhoDidNotSayYes() {
    start("relay.messaging.require-consent", "true");
    booked("unsaid");

    assertThat(reasons("booked")).isEqualTo(Map.of("email", "no consent", "sms", "no consent"));
    assertThat(relay.messages("webhook")).hasSize(1);
  }

  @Test
  void inAPilotOthersAreNotWrittenToAndNobodyReadsTheirAddress() {
    start("relay.messaging.allow", Coming.EMAIL + ",+13125550199");
    booked("pilot");

    assertThat(relay.messages("email")).hasSize(1);
    assertThat(relay.messages("sms")).isEmpty();
    JsonNode text = news("sms");
    assertThat(text.path("reason").asText()).isEqualTo("not on the allow list");
    assertThat(relay.api("/api/deliveries/" + text.path("id").asText()).path("why").toString())
        .contains("allow list")
        .doesNotContain(Coming.PHONE.substring(4));
  }

  // --- somebody else in their place

  @Test
  void theMotherOfAMinorIsWrittenToWhereThatIsSet() {
    start("relay.messaging.contact-persons", "true");
    relay.hear("redox-scheduling", Coming.scheduling("new", "minor", START, MayWeTest::ofAMinor));
    relay.awaitIdleOutbox();

    assertThat(RunningRelay.texts(relay.messages("sms"), "to")).containsExactly("+16085550177");
    assertThat(RunningRelay.texts(relay.messages("email"), "to")).containsExactly(Coming.EMAIL);
  }

  @Test
  void otherwiseTheMinorIs() {
    start();
    relay.hear("redox-scheduling", Coming.scheduling("new", "minor", START, MayWeTest::ofAMinor));
    relay.awaitIdleOutbox();

    assertThat(RunningRelay.texts(relay.messages("sms"), "to")).containsExactly(Coming.PHONE);
  }

  private static void ofAMinor(ObjectNode message) {
    ObjectNode patient = (ObjectNode) message.path("Patient");
    ((ObjectNode) patient.path("Demographics")).put("DOB", "2015-05-05");
    ObjectNode mother = patient.putArray("Contacts").addObject();
    mother.put("RelationToPatient", "Mother");
    mother.putObject("PhoneNumber").put("Mobile", "+16085550177");
  }

  // --- who has had enough

  @Test
  void whoOptedOutIsNotWrittenToAndWhoCameBackIs() {
    start();
    String casey = "{\"recipient\":\"" + Coming.PHONE + "\"}";
    assertThat(relay.operate("POST", "/api/opt-outs", casey).statusCode()).isEqualTo(200);
    booked("out");

    assertThat(reasons("booked").get("sms")).isEqualTo("opted out");
    assertThat(relay.messages("sms")).isEmpty();
    assertThat(relay.messages("email")).hasSize(1);

    assertThat(relay.operate("DELETE", "/api/opt-outs", casey).statusCode()).isEqualTo(200);
    booked("back");
    assertThat(relay.messages("sms")).hasSize(1);
  }

  @Test
  void theCommandAsksTheRelayThatRuns() {
    start();
    StringWriter said = new StringWriter();
    OptOutList command =
        new OptOutList(
            new ConsoleClient(relay.consolePort()),
            StoreAddress.of("jdbc:sqlite:none"),
            "US",
            clock);
    PrintWriter out = new PrintWriter(said, true);

    assertThat(command.run("add", Coming.EMAIL, "preparation", out)).isZero();
    assertThat(command.run("list", null, null, out)).isZero();
    assertThat(command.run("add", Coming.EMAIL, "nwes", out)).isEqualTo(1);
    assertThat(said.toString())
        .contains("c***@e***.org", "preparation", "purpose expects")
        .doesNotContain(Coming.EMAIL);
    assertThat(command.run("remove", Coming.EMAIL, null, out)).isZero();
    assertThat(relay.items("/api/opt-outs")).isEmpty();
  }

  // --- how often

  @Test
  void aPatientOfTwoVisitsOnADayIsRemindedByOneText() {
    start("relay.messaging.limit", "1/P1D,3/P7D", "relay.enrichment.max-age", "P30D");
    booked("first");
    booked("second", START.plus(Duration.ofHours(1)));
    assertThat(relay.messages("sms")).hasSize(2);

    clock.set(START.minus(Duration.ofDays(1)).plus(Duration.ofHours(1)).plusSeconds(5));
    relay.awaitIdleOutbox();

    assertThat(relay.messages("sms")).hasSize(3);
    assertThat(deliveries("reminder"))
        .filteredOn(delivery -> delivery.path("channel").asText().equals("sms"))
        .extracting(
            delivery -> delivery.path("status").asText() + ' ' + delivery.path("reason").asText())
        .containsExactlyInAnyOrder("sent null", "suppressed limit");
    assertThat(relay.askConsole("/observe/metrics").body())
        .contains("relay_outbox_suppressed_total{channel=\"sms\",reason=\"limit\"} 1.0");
  }

  // --- how many at once

  @Test
  void whenTooManyLeaveTheRestWaitsForAnOperatorAndSystemsDoNot() {
    start("relay.messaging.brake", "4/PT10M");
    for (int i = 0; i < 5; i++) {
      booked("blast" + i);
    }

    assertThat(relay.messages("email").size() + relay.messages("sms").size()).isEqualTo(4);
    assertThat(relay.messages("webhook")).hasSize(5);
    JsonNode brake = relay.api("/api/brake");
    assertThat(brake.path("pulled").asBoolean()).isTrue();
    assertThat(brake.path("held").asInt()).isEqualTo(6);
    assertThat(relay.api("/observe/health").toString())
        .contains("DEGRADED", "6 messages to people wait for a release");
    assertThat(relay.askConsole("/observe/metrics").body()).contains("relay_outbox_brake 1.0");
    assertThat(reasonsOf("planned")).containsOnly("brake");

    StringWriter said = new StringWriter();
    Brake command =
        new Brake(
            new ConsoleClient(relay.consolePort()), StoreAddress.of("jdbc:sqlite:none"), clock);
    assertThat(command.run(null, new PrintWriter(said, true))).isZero();
    assertThat(command.run("release", new PrintWriter(said, true))).isZero();
    assertThat(said.toString()).contains("has held 6 messages").contains("Released.");
    relay.awaitIdleOutbox();

    assertThat(relay.messages("email")).hasSize(5);
    assertThat(relay.messages("sms")).hasSize(5);
    assertThat(relay.api("/observe/health").path("status").asText()).isEqualTo("UP");
    assertThat(relay.operate("/api/brake/release").statusCode()).isEqualTo(409);
  }

  private List<String> reasonsOf(String status) {
    return relay.deliveries().stream()
        .filter(delivery -> delivery.path("status").asText().equals(status))
        .filter(delivery -> delivery.path("text").asText().equals("booked"))
        .map(delivery -> delivery.path("reason").asText())
        .toList();
  }

  // --- the words of this class

  private void booked(String visit) {
    booked(visit, START);
  }

  private void booked(String visit, Instant start) {
    relay.hear("redox-scheduling", Coming.scheduling("new", visit, start, message -> {}));
    relay.awaitIdleOutbox();
  }

  private JsonNode news(String channel) {
    return deliveries("booked").stream()
        .filter(delivery -> delivery.path("channel").asText().equals(channel))
        .findFirst()
        .orElseThrow();
  }

  private List<JsonNode> deliveries(String text) {
    return relay.deliveries().stream()
        .filter(delivery -> delivery.path("text").asText().equals(text))
        .toList();
  }

  private Map<String, String> reasons(String text) {
    return deliveries(text).stream()
        .collect(
            Collectors.toMap(
                delivery -> delivery.path("channel").asText(),
                delivery -> delivery.path("reason").asText()));
  }
}
