package io.appointmentrelay.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.appointmentrelay.appointment.Delivery;
import io.appointmentrelay.sandbox.SandboxMessage;
import io.appointmentrelay.store.ScriptedLife;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConsoleTest {

  @TempDir Path directory;
  private RunningConsole console;
  private ScriptedLife life;

  @BeforeEach
  void open() {
    console = new RunningConsole(directory, true);
    life = console.life;
  }

  @AfterEach
  void close() {
    console.close();
  }

  @Test
  void aNotificationHasTheNamesOfTheInterface() {
    life.booked("321654654");

    JsonNode list = console.json("/api/notifications");

    assertThat(list)
        .hasToString(
            "{\"items\":[{\"id\":\"1-1\",\"source\":\"redox-fhir\",\"receivedAt\":\"2026-03-02T15:00:00Z\","
                + "\"status\":\"processed\",\"reason\":null,\"appointment\":\"321654654\",\"event\":\"BOOKED\","
                + "\"attempts\":1}],\"next\":null}");
    assertThat(console.json("/api/notifications/1-1").get("body").asText())
        .isEqualTo("{\"about\":\"321654654\"}");
  }

  @Test
  void anAppointmentHasTheNamesOfTheInterfaceAndNothingOfThePatient() {
    life.booked("321654654");
    life.moved("321654654", 1);

    HttpResponse<String> one = console.get("/api/appointments/redox-fhir/321654654");
    HttpResponse<String> list = console.get("/api/appointments?patient=MRN%7C7");

    assertThat(one.statusCode()).isEqualTo(200);
    assertThat(RunningConsole.json(list).get("items").get(0))
        .hasToString(
            "{\"source\":\"redox-fhir\",\"identifier\":\"321654654\",\"status\":\"booked\","
                + "\"start\":\"2026-03-10T10:30:00-05:00\",\"end\":\"2026-03-10T11:00:00-05:00\","
                + "\"zone\":\"America/Chicago\",\"location\":\"Room 4\",\"practitioner\":\"Dr. Grey\","
                + "\"type\":\"Follow-up\",\"version\":2,\"replaces\":null,\"replacedBy\":null}");
    assertThat(RunningConsole.json(one).get("timeline").get(1))
        .hasToString(
            "{\"at\":\"2026-03-02T15:00:00Z\",\"event\":\"RESCHEDULED\",\"notification\":\"2-1\",\"changes\":"
                + "[{\"field\":\"start\",\"before\":\"2026-03-09T15:30:00Z\",\"after\":\"2026-03-10T15:30:00Z\"},"
                + "{\"field\":\"end\",\"before\":\"2026-03-09T16:00:00Z\",\"after\":\"2026-03-10T16:00:00Z\"}]}");
    assertThat(RunningConsole.json(one).get("deliveries")).hasSize(3);
    assertThat(one.body() + list.body())
        .doesNotContainIgnoringCase("marigold")
        .doesNotContain("Featherstone", "MRN|7");
  }

  @Test
  void aDeliveryHasTheNamesOfTheInterfaceAndAMaskedRecipient() {
    life.sent(life.booked("A1").get(0));

    JsonNode list = console.json("/api/deliveries?status=sent&channel=email&appointment=A1");

    assertThat(list.get("items").get(0))
        .hasToString(
            "{\"id\":1,\"source\":\"redox-fhir\",\"appointment\":\"A1\",\"appointmentVersion\":1,\"text\":\"booked\","
                + "\"channel\":\"email\",\"audience\":\"patient\",\"recipient\":\"m•••@e•••.org\",\"due\":\"2026-03-02T15:00:00Z\","
                + "\"status\":\"sent\",\"reason\":null,\"attempts\":1,\"sentAt\":\"2026-03-02T15:00:00Z\","
                + "\"providerId\":\"provider-1\"}");
    assertThat(console.json("/api/deliveries/1").get("why"))
        .hasToString(
            "[{\"at\":\"2026-03-02T15:00:00Z\",\"rule\":\"too late\",\"verdict\":\"ok\",\"detail\":\"due now\"}]");
  }

  @Test
  void aSlotHasTheNamesOfTheInterface() {
    life.slots(3);

    JsonNode slots =
        console.json("/api/slots?from=2026-03-09&to=2026-03-10&provider=Dr.%200&location=Main");

    assertThat(slots.get("items").get(0))
        .hasToString(
            "{\"source\":\"redox-scheduling\",\"id\":\"slot-0\",\"start\":\"2026-03-09T15:30:00Z\",\"minutes\":null,"
                + "\"reason\":\"Office visit\",\"provider\":\"Dr. 0\",\"location\":\"Main\"}");
    assertThat(slots.get("items")).hasSize(2);
  }

  @Test
  void threePagesHoldEverythingOnce() {
    for (int i = 0; i < 7; i++) {
      life.arrives("canvas", "A" + i, ScriptedLife.NOW);
    }
    List<String> ids = new ArrayList<>();
    String after = "";
    int pages = 0;
    do {
      JsonNode page = console.json("/api/notifications?limit=3&after=" + after);
      page.get("items").forEach(item -> ids.add(item.get("id").asText()));
      after = page.get("next").asText(null);
      pages++;
    } while (after != null);

    assertThat(pages).isEqualTo(3);
    assertThat(ids).containsExactly("7-1", "6-1", "5-1", "4-1", "3-1", "2-1", "1-1");
  }

  @Test
  void anIdentifierMayHoldWhatAUrlMayNot() {
    life.booked("a/b c?d%e+ü");

    assertThat(
            console
                .json("/api/appointments/redox-fhir/a%2Fb%20c%3Fd%25e+%C3%BC")
                .get("identifier")
                .asText())
        .isEqualTo("a/b c?d%e+ü");
  }

  @Test
  void aParkedNotificationIsReplayedOnce() {
    life.parked("canvas", "A1", "because");

    HttpResponse<String> first = console.post("/api/notifications/1-1/replay");
    HttpResponse<String> second = console.post("/api/notifications/1-1/replay");

    assertThat(first.statusCode()).isEqualTo(200);
    assertThat(RunningConsole.json(first).get("status").asText()).isEqualTo("received");
    assertThat(second.statusCode()).isEqualTo(409);
    assertThat(second.body()).contains("Only a parked notification", "this one is received");
    assertThat(console.post("/api/notifications/9-1/replay").statusCode()).isEqualTo(404);
  }

  @Test
  void onlyADeadDeliveryIsRetriedAndTheOutboxIsWoken() {
    List<Delivery> booked = life.booked("A1");
    life.dead(booked.get(0));

    HttpResponse<String> retried = console.post("/api/deliveries/1/retry");

    assertThat(retried.statusCode()).isEqualTo(200);
    assertThat(RunningConsole.json(retried).get("status").asText()).isEqualTo("planned");
    assertThat(console.woken).containsExactly(1L);
    assertThat(console.post("/api/deliveries/1/retry").statusCode()).isEqualTo(409);
    assertThat(console.post("/api/deliveries/2/retry").body()).contains("this one is planned");
    assertThat(console.post("/api/deliveries/9/retry").statusCode()).isEqualTo(404);
    assertThat(console.woken).hasSize(1);
  }

  @Test
  void onlyAPlannedDeliveryIsCancelled() {
    List<Delivery> booked = life.booked("A1");
    life.sent(booked.get(0));

    assertThat(console.post("/api/deliveries/1/cancel").statusCode()).isEqualTo(409);
    assertThat(console.post("/api/deliveries/2/cancel").statusCode()).isEqualTo(200);
    assertThat(console.json("/api/deliveries/2").get("status").asText()).isEqualTo("cancelled");
    assertThat(console.post("/api/deliveries/9/cancel").statusCode()).isEqualTo(404);
  }

  @Test
  void theLedgerShowsTheCounts() {
    life.booked("A1");

    assertThat(console.json("/api/ledger"))
        .hasToString(
            "{\"addsUp\":true,\"sources\":[{\"source\":\"redox-fhir\",\"received\":1,\"duplicate\":0,\"processed\":1,"
                + "\"parked\":0,\"waiting\":0}],\"channels\":[{\"channel\":\"email\",\"planned\":1,\"sent\":0,"
                + "\"dead\":0,\"superseded\":0,\"suppressed\":0,\"cancelled\":0,\"waiting\":1},{\"channel\":\"webhook\","
                + "\"planned\":1,\"sent\":0,\"dead\":0,\"superseded\":0,\"suppressed\":0,\"cancelled\":0,"
                + "\"waiting\":1}],\"problems\":[]}");
  }

  @Test
  void theSandboxShowsWhatItsEndsReceived() {
    console.messages.add(
        (number, at) ->
            new SandboxMessage(
                number, at, "sms", "+1", "+2", null, "<b>hi</b>", null, Map.of(), "SM1"));

    assertThat(console.json("/api/sandbox/messages?channel=sms").at("/items/0/text").asText())
        .isEqualTo("<b>hi</b>");
    assertThat(console.json("/api/sandbox/messages?channel=email").get("items")).isEmpty();
    assertThat(console.get("/api/sandbox/messages?channel=fax").statusCode()).isEqualTo(400);
  }

  @Test
  void aTextIsShownAsItWouldBeSent() {
    assertThat(console.json("/api/texts/preview?text=booked&language=en&channel=sms"))
        .hasToString(
            "{\"text\":\"booked\",\"language\":\"en\",\"channel\":\"sms\",\"subject\":null,\"body\":"
                + "\"Oak & Elm Clinic: your appointment is booked for Monday, 3 August at 10:00 AM at"
                + " Family Medicine, Room 3. Questions? Call (608) 555-0142.\",\"html\":null,"
                + "\"segments\":1,\"encoding\":\"GSM-7\"}");

    JsonNode letter =
        console.json("/api/texts/preview?text=rescheduled&language=es-MX&channel=email");
    assertThat(letter.get("language").asText()).isEqualTo("es");
    assertThat(letter.get("subject").asText()).contains("Oak & Elm Clinic");
    assertThat(letter.get("body").asText()).contains("del viernes, 31 de julio", "(608) 555-0142");
    assertThat(letter.get("html").asText()).contains("<p>Oak &amp; Elm Clinic</p>");
    assertThat(letter.get("segments").isNull()).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "channel=sms                          | 400 | text= expects the name of a text",
        "text=booked                          | 400 | channel= expects a channel to people",
        "text=booked&channel=sms&language=%3C | 400 | language= expects a language",
        "text=booked&channel=fax              | 404 | channel= expects a channel that has texts",
        "text=bookd&channel=sms               | 404 | text= expects one of [booked, cancelled",
      })
  void aPreviewThatCannotBeIsRefusedWithItsCure(String query, int status, String sentence) {
    HttpResponse<String> answer = console.get("/api/texts/preview?" + query);

    assertThat(answer.statusCode()).isEqualTo(status);
    assertThat(RunningConsole.json(answer).get("error").asText())
        .startsWith(sentence)
        .contains("; found ");
  }

  @Test
  void outsideTheSandboxItsMessagesAreNoAddress(@TempDir Path another) {
    try (RunningConsole plain = new RunningConsole(another, false)) {
      assertThat(plain.get("/api/sandbox/messages").statusCode()).isEqualTo(404);
    }
  }

  @Test
  void healthIsDownWithAStatusThatMonitorsUnderstand() {
    assertThat(console.json("/observe/health"))
        .hasToString(
            "{\"status\":\"UP\",\"checks\":[{\"name\":\"store\",\"status\":\"UP\",\"detail\":\"seen\"}]}");

    console.health =
        Health.of(
            List.of(
                RunningConsole.check("a", Health.Status.DEGRADED),
                RunningConsole.check("b", Health.Status.UP)));
    assertThat(console.json("/observe/health").get("status").asText()).isEqualTo("DEGRADED");

    console.health = Health.of(List.of(RunningConsole.check("store", Health.Status.DOWN)));
    assertThat(console.get("/observe/health").statusCode()).isEqualTo(503);
    assertThat(console.get("/observe/health/ready").statusCode()).isEqualTo(503);
    assertThat(console.get("/observe/health/live").statusCode()).isEqualTo(200);
  }

  @Test
  void metricsAreInPrometheusText() {
    console.metrics.counter("relay.received").increment();

    HttpResponse<String> metrics = console.get("/observe/metrics");

    assertThat(metrics.headers().firstValue("Content-Type"))
        .get()
        .asString()
        .startsWith("text/plain");
    assertThat(metrics.body()).contains("relay_received_total 1.0");
  }

  @Test
  void aStoreThatIsGoneIsAnnouncedAndNotExplained() {
    life.database().close();

    HttpResponse<String> response = console.get("/api/notifications?source=secret");

    assertThat(response.statusCode()).isEqualTo(503);
    assertThat(response.body()).contains("\"error\"").doesNotContain("secret", "SELECT");
    assertThat(console.get("/observe/health/live").statusCode()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/console.js", "/console.css"})
  void thePageNeedsNothingFromElsewhere(String path) {
    HttpResponse<String> file = console.get(path);

    assertThat(file.statusCode()).isEqualTo(200);
    assertThat(file.body())
        .isNotBlank()
        .doesNotContain("http://", "https://", "innerHTML", "insertAdjacentHTML", "style=");
  }
}
