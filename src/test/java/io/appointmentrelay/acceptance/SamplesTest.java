package io.appointmentrelay.acceptance;

import static io.appointmentrelay.acceptance.RunningRelay.texts;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.appointmentrelay.command.Sample;
import io.appointmentrelay.command.Samples;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The official samples of Redox and Canvas, posted in the order of their lives. */
class SamplesTest {

  private static final List<String> OFFICIAL =
      Samples.shipped().all().stream()
          .filter(sample -> sample.about().contains("(official"))
          .map(Sample::name)
          .toList();

  @Test
  void asTheyAreTheirVisitsAreOverAndNobodyIsWrittenTo() {
    try (RunningRelay relay = RunningRelay.shipped().start()) {
      send(relay, true);

      assertLives(relay);
      JsonNode visit = relay.appointment("redox-fhir", "321654654");
      assertThat(visit.path("start").asText()).startsWith("2022-06-06T07:00");
      assertThat(change(visit, 2, "start"))
          .containsExactly("2022-06-06T05:00:00Z", "2022-06-06T07:00:00Z");
      assertNobodyWasWrittenTo(relay, "visit over");
    }
  }

  @Test
  void movedIntoTheComingDaysTheyLackAContact() {
    // Not over midnight: each sample is moved to a day that is counted from when it is sent.
    MovableClock noon = MovableClock.at("2027-03-01T12:00:00Z");
    try (RunningRelay relay = withoutFhirServers().clock(noon).start()) {
      send(relay, false);

      assertLives(relay);
      JsonNode visit = relay.appointment("redox-fhir", "321654654");
      assertThat(visit.path("start").asText()).contains("T07:00");
      List<String> moved = change(visit, 2, "start");
      assertThat(moved.get(0)).endsWith("T05:00:00Z");
      assertThat(moved.get(1)).isEqualTo(moved.get(0).replace("T05", "T07"));
      assertNobodyWasWrittenTo(relay, "no contact");
    }
  }

  private static RunningRelay.Setup withoutFhirServers() {
    return RunningRelay.with("relay.source.redox-fhir.fhir.base-url", "none")
        .set("relay.source.canvas.fhir.base-url", "none");
  }

  private static void send(RunningRelay relay, boolean asIs) {
    assertThat(OFFICIAL).hasSize(11);
    OFFICIAL.forEach(name -> relay.sendSample(name, asIs));
    relay.awaitIdleOutbox();
  }

  private static void assertLives(RunningRelay relay) {
    JsonNode visit = relay.appointment("redox-fhir", "321654654");
    assertThat(visit.path("version").asInt()).isEqualTo(3);
    assertThat(visit.path("status").asText()).isEqualTo("cancelled");
    assertThat(texts(visit.path("timeline"), "event"))
        .containsExactly("BOOKED", "UNCHANGED", "RESCHEDULED", "CANCELLED");

    JsonNode canvas = relay.items("/api/appointments?source=canvas").get(0);
    String identifier = canvas.path("identifier").asText();
    assertThat(identifier).startsWith("317d8c8d");
    assertThat(relay.events("canvas", identifier))
        .containsExactly("RESCHEDULED", "CANCELLED", "RESTORED", "NO_SHOW", "CHECKED_IN");
    assertThat(relay.items("/api/slots")).hasSize(4);
    assertThat(texts(relay.notifications(), "status")).containsOnly("processed").hasSize(11);
    relay.assertAccountedFor();
  }

  /** Before and after of one field in one entry of the timeline. */
  private static List<String> change(JsonNode visit, int entry, String field) {
    for (JsonNode change : visit.path("timeline").path(entry).path("changes")) {
      if (change.path("field").asText().equals(field)) {
        return List.of(change.path("before").asText(), change.path("after").asText());
      }
    }
    return List.of();
  }

  private static void assertNobodyWasWrittenTo(RunningRelay relay, String why) {
    assertThat(relay.messages("email")).isEmpty();
    assertThat(relay.messages("sms")).isEmpty();
    List<JsonNode> toPeople =
        relay.deliveries().stream()
            .filter(delivery -> !delivery.path("channel").asText().equals("webhook"))
            .toList();
    assertThat(texts(toPeople, "status")).isSubsetOf("suppressed", "superseded", "planned");
    assertThat(
            toPeople.stream()
                .filter(delivery -> delivery.path("status").asText().equals("suppressed"))
                .map(delivery -> delivery.path("reason").asText()))
        .contains(why)
        .isSubsetOf(
            "visit over",
            "too late",
            "inside the lead",
            "no contact",
            "never told",
            "already knows");
    // Systems are told all the same: three events of the visit, one and five of Canvas.
    assertThat(relay.messages("webhook")).hasSize(9);
  }
}
