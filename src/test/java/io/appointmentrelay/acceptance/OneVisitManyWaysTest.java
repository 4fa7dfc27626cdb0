package io.appointmentrelay.acceptance;

import static io.appointmentrelay.acceptance.RunningRelay.texts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.appointmentrelay.enrichment.RealFhirServer;
import io.appointmentrelay.intake.Notifications;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Date;
import java.util.List;
import org.hl7.fhir.r4.model.Appointment;
import org.hl7.fhir.r4.model.Appointment.AppointmentStatus;
import org.hl7.fhir.r4.model.Appointment.ParticipationStatus;
import org.hl7.fhir.r4.model.ContactPoint.ContactPointSystem;
import org.hl7.fhir.r4.model.Patient;
import org.hl7.fhir.r4.model.Reference;
import org.junit.jupiter.api.Test;

/**
 * One visit, heard of in every way there is: booked by a webhook, moved by a poll, confirmed by a
 * text message, written back, echoed, and called off by a subscription.
 */
class OneVisitManyWaysTest {

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final String WEBHOOK = "redox-scheduling";
  private static final String VISIT = "321654654";
  private static final Instant START =
      Instant.now().plus(12, ChronoUnit.DAYS).truncatedTo(ChronoUnit.HOURS);

  private final MovableClock clock = MovableClock.at(Instant.now().toString());

  @Test
  void itHasOneTimelineAndNobodyHearsOfAnythingTwice() {
    try (RealFhirServer ehr = RealFhirServer.start().knows(patient());
        RunningRelay relay = clinic(ehr)) {
      await().atMost(PATIENCE).until(() -> ehr.asked("_lastUpdated") > 0);
      relay.hear(WEBHOOK, Coming.booked(VISIT, 9));
      relay.awaitIdleOutbox();

      clock.advance(Duration.ofMinutes(6));
      ehr.knows(visit()).hasVersions();
      awaitEvents(relay, "BOOKED", "RESCHEDULED");
      relay.awaitIdleOutbox();
      Phone phone = new Phone(relay, Coming.PHONE);
      // The text of the move asked, so this answers to the new time.
      phone.text("C");
      awaitEvents(relay, "BOOKED", "RESCHEDULED", "CONFIRMED");
      await()
          .atMost(PATIENCE)
          .until(() -> statuses(relay, "ehr").equals(List.of("sent")) && ehr.writes() == 1);
      assertThat(ehr.appointment(VISIT).getParticipantFirstRep().getStatus())
          .isEqualTo(ParticipationStatus.ACCEPTED);
      String answeredAt = relay.lastNotification().path("receivedAt").asText();

      // The echo: what the polls after the write find is no news.
      clock.advance(Duration.ofMinutes(6));
      long asked = ehr.asked("_lastUpdated");
      await().atMost(PATIENCE).until(() -> ehr.asked("_lastUpdated") > asked + 1);
      assertThat(relay.events(WEBHOOK, VISIT)).last().isIn("CONFIRMED", "UNCHANGED");
      relay.awaitIdleOutbox();

      relay.hear("fhir-subscription", calledOff());
      relay.hear("fhir-subscription", calledOff());
      relay.awaitIdleInbox();
      relay.awaitIdleOutbox();

      assertThat(relay.items("/api/appointments")).hasSize(1);
      assertThat(
              relay.events(WEBHOOK, VISIT).stream()
                  .filter(event -> !event.equals("UNCHANGED"))
                  .toList())
          .containsExactly("BOOKED", "RESCHEDULED", "CONFIRMED", "CANCELLED");
      assertThat(types(relay))
          .containsExactly(
              "appointment.booked",
              "appointment.rescheduled",
              "appointment.confirmed",
              "appointment.cancelled");
      assertThat(bodies(relay, "sms"))
          .satisfiesExactly(
              booked -> assertThat(booked).contains("booked"),
              moved -> assertThat(moved).contains("moved", "Reply C"),
              off -> assertThat(off).contains("cancelled"));
      assertThat(subjects(relay))
          .as("answered at %s", answeredAt)
          .satisfiesExactly(
              booked -> assertThat(booked).contains("booked"),
              moved -> assertThat(moved).contains("moved"),
              off -> assertThat(off).contains("cancelled"));
      assertThat(ehr.writes()).isEqualTo(1);
      relay.assertAccountedFor();
    }
  }

  private RunningRelay clinic(RealFhirServer ehr) {
    RunningRelay.Setup setup =
        RunningRelay.with("relay.source.fhir-poll.kind", "fhir-poll")
            .set("relay.source.fhir-poll.fhir.base-url", ehr.baseUrl().toString())
            .set("relay.source.fhir-poll.poll.every", "PT1S")
            .set("relay.source.fhir-poll.writeback", "confirm,cancel")
            .set("relay.source.fhir-subscription.kind", "fhir-subscription")
            .set("relay.source.fhir-subscription.fhir.base-url", "none")
            .set("relay.source." + WEBHOOK + ".fhir.base-url", "none");
    for (String source : List.of(WEBHOOK, "fhir-poll", "fhir-subscription")) {
      setup.set("relay.source." + source + ".group", "clinic");
    }
    return setup.clock(clock).start();
  }

  private static Patient patient() {
    Patient patient = new Patient();
    patient.setId("p-1");
    patient.addName().setFamily("Sample").addGiven("Robin");
    patient.addTelecom().setSystem(ContactPointSystem.EMAIL).setValue(Coming.EMAIL);
    patient.addTelecom().setSystem(ContactPointSystem.PHONE).setValue(Coming.PHONE);
    return patient;
  }

  private Appointment visit() {
    Appointment visit = new Appointment();
    visit.setId(VISIT);
    visit.setStatus(AppointmentStatus.BOOKED);
    visit.setStart(Date.from(START)).setEnd(Date.from(START.plus(Duration.ofMinutes(30))));
    visit
        .addParticipant()
        .setActor(new Reference("Patient/p-1").setDisplay("Robin Sample"))
        .setStatus(ParticipationStatus.NEEDSACTION);
    visit.getMeta().setLastUpdated(Date.from(clock.instant()));
    return visit;
  }

  /** As the server tells of it by the subscription. */
  private byte[] calledOff() {
    return Notifications.edited(
        "fhir-subscription/resource-alone",
        visit -> {
          visit.putObject("meta").put("lastUpdated", clock.instant().toString());
          visit.put("status", "cancelled").put("start", START.toString());
          visit.put("end", START.plus(Duration.ofMinutes(30)).toString());
          visit
              .putArray("identifier")
              .addObject()
              .put("system", "urn:redox:VIS")
              .put("value", VISIT);
        });
  }

  private static void awaitEvents(RunningRelay relay, String... events) {
    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(relay.events(WEBHOOK, VISIT)).containsExactly(events));
  }

  private static List<String> statuses(RunningRelay relay, String channel) {
    return texts(relay.items("/api/deliveries?channel=" + channel), "status");
  }

  private static List<String> types(RunningRelay relay) {
    return relay.messages("webhook").stream()
        .map(message -> RunningRelay.json(message.path("text").asText()).path("type").asText())
        .toList();
  }

  private static List<String> bodies(RunningRelay relay, String channel) {
    return texts(relay.messages(channel), "text");
  }

  private static List<String> subjects(RunningRelay relay) {
    return relay.messages("email").stream()
        .map((JsonNode mail) -> mail.path("subject").asText())
        .toList();
  }
}
