package io.appointmentrelay.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Who has seen whom: a row for a page, with ids and without what was searched for. */
class AccessLogTest {

  private static final String FHIR = "/fhir/R4/Appointment";

  private static RunningRelay relay;

  @BeforeAll
  static void start() {
    relay = RunningRelay.shipped().start();
    relay.hear("redox-scheduling", Coming.booked("one", 9));
    relay.hear("redox-scheduling", Coming.booked("two", 10));
    relay.awaitIdleOutbox();
  }

  @AfterAll
  static void stop() {
    relay.close();
  }

  @Test
  void aReadInFhirIsNotedAsTheVisitThatItShows() {
    String id = relay.api(FHIR + "?identifier=one").at("/entry/0/resource/id").asText();
    relay.api(FHIR + "/" + id);

    assertThat(newest(2))
        .containsExactly(
            "APPOINTMENT redox-scheduling/one (FHIR)",
            "APPOINTMENTS by identifier (FHIR, 1 shown: redox-scheduling/one)");
  }

  @Test
  void aSearchIsNotedByItsKindAndByWhomItFound() {
    relay.api(FHIR + "?date=ge2020&status=booked&marigold=smith&_sort=date");
    assertThat(newest(1))
        .containsExactly(
            "APPOINTMENTS by _sort, date, status"
                + " (FHIR, 2 shown: redox-scheduling/one, redox-scheduling/two)");

    relay.api("/api/appointments?source=redox-scheduling&limit=1");
    assertThat(newest(1)).containsExactly("APPOINTMENTS by source (1 shown: redox-scheduling/two)");
  }

  @Test
  void aListOfDeliveriesIsNotedForTheRecipientsOnIt() {
    List<JsonNode> shown = relay.items("/api/deliveries?appointment=one");

    assertThat(newest(1))
        .containsExactly(
            "DELIVERIES by appointment ("
                + shown.size()
                + " shown: "
                + String.join(", ", RunningRelay.texts(shown, "id"))
                + ")");
  }

  @Test
  void whoChangesADeliveryHasSeenIt() {
    String id =
        relay.items("/api/deliveries?status=planned&appointment=two").get(0).path("id").asText();
    assertThat(relay.operate("/api/deliveries/" + id + "/cancel").statusCode()).isEqualTo(200);

    assertThat(newest(1)).containsExactly("DELIVERY " + id + " (null)");
  }

  @Test
  void theListOfThoseWhoWantNothingIsNotedWithoutThem() {
    relay.operate("POST", "/api/opt-outs", "{\"recipient\":\"ada@example.org\"}");
    relay.api("/api/opt-outs");

    assertThat(newest(1)).containsExactly("OPT_OUTS all (1 shown)");
  }

  @Test
  void whatShowsNobodyIsNotNoted() {
    relay.api("/api/opt-outs?limit=1");
    List<String> before = newest(1);
    int count = relay.items("/api/accesses").size();

    relay.api("/api/notifications");
    relay.api("/api/slots");
    relay.api("/api/ledger");
    relay.api("/fhir/R4/Slot");
    relay.api("/fhir/R4/metadata");
    relay.api(FHIR + "?patient=Nobody");
    relay.api("/api/appointments?patient=Nobody");
    relay.askConsole(FHIR + "/999999");

    assertThat(newest(1)).isEqualTo(before);
    assertThat(relay.items("/api/accesses")).hasSize(count);
  }

  private static List<String> newest(int count) {
    List<String> noted = new java.util.ArrayList<>();
    for (JsonNode one : relay.api("/api/accesses?user=loopback&limit=" + count).path("items")) {
      noted.add(
          one.path("what").asText()
              + " "
              + one.path("which").asText()
              + " ("
              + one.path("detail").asText()
              + ")");
    }
    return noted;
  }
}
