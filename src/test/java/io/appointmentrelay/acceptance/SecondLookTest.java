package io.appointmentrelay.acceptance;

import static io.appointmentrelay.acceptance.RunningRelay.texts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.appointmentrelay.enrichment.RealFhirServer;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import org.hl7.fhir.r4.model.Appointment;
import org.hl7.fhir.r4.model.Appointment.AppointmentStatus;
import org.hl7.fhir.r4.model.ContactPoint.ContactPointSystem;
import org.hl7.fhir.r4.model.Patient;
import org.hl7.fhir.r4.model.Reference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What changed in the EHR and nobody told, found at the moment a message would leave. */
class SecondLookTest {

  private static final Instant START = Instant.parse("2027-03-10T15:00:00Z");
  private static final Duration SOON = Duration.ofSeconds(5);

  private final MovableClock clock = MovableClock.at("2027-03-01T18:00:00Z");
  private final Appointment visit = new Appointment();
  private final Patient patient = new Patient();
  private RealFhirServer ehr;
  private RunningRelay relay;

  @BeforeEach
  void book() {
    visit.setId("a-1");
    visit.setStatus(AppointmentStatus.PROPOSED);
    visit.setStart(Date.from(START));
    visit.addParticipant().setActor(new Reference("Patient/p-1").setDisplay("Robin Sample"));
    patient.setId("p-1");
    patient.addName().setFamily("Sample").addGiven("Robin");
    patient.addTelecom().setSystem(ContactPointSystem.EMAIL).setValue("first@example.org");
    ehr = RealFhirServer.start().knows(visit, patient);
    relay =
        RunningRelay.with("relay.source.canvas.fhir.base-url", ehr.baseUrl().toString())
            .clock(clock)
            .start();
    relay.hear(
        "canvas",
        """
        {"created":true,"rescheduled":false,"cancelled":false,"reverted":false,"no_show":false,"checked_in":false,
         "appointment_external_id":"a-1","canvas_patient_key":"p-1","start_time":"%s"}"""
            .formatted(START));
    relay.awaitIdleOutbox();
    assertThat(subjects()).containsExactly("Your appointment at Good Health Clinic is booked");
  }

  @AfterEach
  void stop() {
    relay.assertAccountedFor();
    relay.close();
    ehr.close();
  }

  private List<String> subjects() {
    return texts(relay.messages("email"), "subject");
  }

  private void atTheFirstReminder() {
    clock.set(START.minus(Duration.ofDays(7)).plus(SOON));
  }

  private JsonNode firstReminder() {
    return relay.deliveries().stream()
        .filter(delivery -> delivery.path("text").asText().equals("reminder"))
        .min((a, b) -> a.path("due").asText().compareTo(b.path("due").asText()))
        .orElseThrow();
  }

  @Test
  void aMoveThatNoWebhookToldIsToldInPlaceOfTheReminder() {
    visit.setStart(Date.from(START.plus(Duration.ofHours(3))));
    atTheFirstReminder();

    await().atMost(Duration.ofSeconds(20)).until(() -> subjects().size() > 1);
    relay.awaitIdleOutbox();
    assertThat(subjects().get(1)).isEqualTo("Your appointment at Good Health Clinic has moved");
    assertThat(relay.events("canvas", "a-1")).containsExactly("BOOKED", "RESCHEDULED");
    assertThat(relay.notifications())
        .extracting(notification -> notification.path("event").asText())
        .contains("RESCHEDULED");
    assertThat(texts(relay.messages("webhook"), "text").get(1)).contains("appointment.rescheduled");
  }

  @Test
  void aCancellationThatNoWebhookToldIsTold() {
    visit.setStatus(AppointmentStatus.CANCELLED);
    atTheFirstReminder();

    await().atMost(Duration.ofSeconds(20)).until(() -> subjects().size() > 1);
    assertThat(subjects().get(1)).contains("cancelled");
    assertThat(relay.events("canvas", "a-1")).containsExactly("BOOKED", "CANCELLED");
  }

  @Test
  void theReminderGoesToTheAddressOfNow() {
    patient.getTelecomFirstRep().setValue("second@example.org");
    atTheFirstReminder();

    await().atMost(Duration.ofSeconds(20)).until(() -> subjects().size() > 1);
    assertThat(texts(relay.messages("email"), "to"))
        .containsExactly("first@example.org", "second@example.org");
    assertThat(relay.events("canvas", "a-1")).containsExactly("BOOKED", "UNCHANGED");
  }

  @Test
  void whatIsAsKnownIsSentAndTheWhySaysSo() {
    long asked = ehr.asked("Appointment/a-1");
    atTheFirstReminder();

    await().atMost(Duration.ofSeconds(20)).until(() -> subjects().size() > 1);
    JsonNode sent = relay.api("/api/deliveries/" + firstReminder().path("id").asText());
    assertThat(texts(sent.path("why"), "rule")).contains("second look");
    assertThat(ehr.asked("Appointment/a-1")).isEqualTo(asked + 1);
    assertThat(relay.events("canvas", "a-1")).containsExactly("BOOKED");
  }

  @Test
  void aServerThatIsDownIsWaitedForAndAtLastDoneWithout() {
    ehr.down();
    atTheFirstReminder();
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> firstReminder().path("reason").asText().equals("waits for the EHR"));
    assertThat(subjects()).hasSize(1);

    // Half of what a reminder of a week ahead may be late: 7 days / 4 / 2.
    clock.advance(Duration.ofHours(22));
    await().atMost(Duration.ofSeconds(20)).until(() -> subjects().size() > 1);
    JsonNode sent = relay.api("/api/deliveries/" + firstReminder().path("id").asText());
    assertThat(texts(sent.path("why"), "verdict")).contains("not confirmed");
    ehr.up();
  }
}
