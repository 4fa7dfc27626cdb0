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
import org.hl7.fhir.r4.model.Appointment.ParticipationStatus;
import org.hl7.fhir.r4.model.Patient;
import org.hl7.fhir.r4.model.Reference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A visit that Data Model tells of by its visit number, answered to a FHIR server that has it under
 * an id of its own.
 */
class WritebackByIdentifierTest {

  private static final String FEED = "redox-scheduling";
  private static final String VISIT = "778899";
  private static final String RECORD_NUMBER = "0000000112";
  private static final String STAFF = "desk@clinic.org";
  private static final Instant START = Coming.inDays(9);

  private RealFhirServer ehr;
  private RunningRelay relay;

  @BeforeEach
  void open() {
    ehr = RealFhirServer.start().knows(patient("p-1", RECORD_NUMBER), patient("p-2", "other"));
  }

  @AfterEach
  void close() {
    relay.assertAccountedFor();
    relay.close();
    ehr.close();
  }

  private static Patient patient(String id, String recordNumber) {
    Patient patient = new Patient();
    patient.setId(id);
    patient.addIdentifier().setSystem("urn:ehr:mrn").setValue(recordNumber);
    return patient;
  }

  private static Appointment visit(String id, String system, String patient) {
    Appointment visit = new Appointment();
    visit.setId(id);
    visit.addIdentifier().setSystem(system).setValue(VISIT);
    visit.setStatus(AppointmentStatus.BOOKED);
    visit.setStart(Date.from(START));
    visit
        .addParticipant()
        .setActor(new Reference("Patient/" + patient))
        .setStatus(ParticipationStatus.NEEDSACTION);
    return visit;
  }

  private void booked(String visit) {
    relay =
        RunningRelay.with("relay.source." + FEED + ".fhir.base-url", ehr.baseUrl().toString())
            .set("relay.source." + FEED + ".fhir.dialect", "plain")
            .set("relay.source." + FEED + ".writeback", "confirm,cancel")
            .set("relay.staff.email", STAFF)
            .start();
    relay.hear(FEED, Coming.scheduling("new", visit, START, message -> {}));
    relay.awaitIdleOutbox();
  }

  private JsonNode answered(String visit, String action) {
    String address = "/api/appointments/" + FEED + "/" + visit.replace(" ", "%20") + "/" + action;
    assertThat(relay.operate("POST", address, "{}").statusCode()).isEqualTo(200);
    await()
        .atMost(Duration.ofSeconds(30))
        .until(
            () ->
                relay.items("/api/deliveries?channel=ehr").stream()
                    .anyMatch(
                        one -> List.of("sent", "dead").contains(one.path("status").asText())));
    relay.awaitIdleInbox();
    relay.awaitIdleOutbox();
    return relay.items("/api/deliveries?channel=ehr").get(0);
  }

  private ParticipationStatus ofPatient(String id) {
    return ehr.appointment(id).getParticipantFirstRep().getStatus();
  }

  private void assertStaffAreAsked(JsonNode delivery, String found) {
    assertThat(delivery.path("status").asText()).isEqualTo("dead");
    assertThat(delivery.path("attempts").asInt()).isEqualTo(1);
    assertThat(delivery.path("reason").asText())
        .contains("was expected to have exactly one appointment", "found " + found, "Enter ")
        .doesNotContain(VISIT);
    assertThat(ehr.writes()).isZero();
    assertThat(texts(relay.messages("email"), "subject"))
        .anyMatch(subject -> subject.startsWith("Please confirm in the EHR"));
  }

  @Test
  void whatIsNoIdThereIsSearchedForAsAnIdentifier() {
    ehr.knows(visit("a-17", "urn:ehr:visit", "p-1")).hasVersions();
    booked(VISIT);

    assertThat(answered(VISIT, "confirm").path("status").asText()).isEqualTo("sent");

    assertThat(ofPatient("a-17")).isEqualTo(ParticipationStatus.ACCEPTED);
    assertThat(ehr.asked("GET /fhir/Appointment/" + VISIT)).isEqualTo(1);
    assertThat(ehr.asked("GET /fhir/Appointment?identifier=" + VISIT)).isEqualTo(1);
    assertThat(ehr.asked("PUT /fhir/Appointment/a-17")).isEqualTo(1);
  }

  @Test
  void aCancellationSoWrittenIsNewsOfTheVisitAsTheFeedCallsIt() {
    ehr.knows(visit("a-17", "urn:ehr:visit", "p-1")).hasVersions();
    booked(VISIT);

    assertThat(answered(VISIT, "cancel").path("status").asText()).isEqualTo("sent");

    assertThat(ehr.appointment("a-17").getStatus()).isEqualTo(AppointmentStatus.CANCELLED);
    assertThat(relay.events(FEED, VISIT)).containsExactly("BOOKED", "UNCHANGED", "CANCELLED");
    assertThat(relay.items("/api/appointments")).hasSize(1);
  }

  @Test
  void whatCannotBeAnIdIsNotTriedAsOne() {
    String name = "V 17_x";
    Appointment visit = visit("a-17", "urn:ehr:visit", "p-1");
    visit.getIdentifierFirstRep().setValue(name);
    ehr.knows(visit).hasVersions();
    booked(name);

    assertThat(answered(name, "confirm").path("status").asText()).isEqualTo("sent");

    assertThat(ofPatient("a-17")).isEqualTo(ParticipationStatus.ACCEPTED);
    assertThat(ehr.asked("GET /fhir/Appointment/V")).isZero();
  }

  @Test
  void ofSeveralTheOneOfTheSamePatientIsWritten() {
    ehr.knows(visit("a-17", "urn:ehr:visit", "p-2"), visit("a-18", "urn:ehr:other", "p-1"))
        .hasVersions();
    booked(VISIT);

    assertThat(answered(VISIT, "confirm").path("status").asText()).isEqualTo("sent");

    assertThat(ofPatient("a-17")).isEqualTo(ParticipationStatus.NEEDSACTION);
    assertThat(ofPatient("a-18")).isEqualTo(ParticipationStatus.ACCEPTED);
  }

  @Test
  void severalOfTheSamePatientAreForStaff() {
    ehr.knows(visit("a-17", "urn:ehr:visit", "p-1"), visit("a-18", "urn:ehr:other", "p-1"));
    booked(VISIT);

    assertStaffAreAsked(answered(VISIT, "confirm"), "2 appointments of that id or identifier");
  }

  @Test
  void noneIsForStaff() {
    booked(VISIT);

    assertStaffAreAsked(answered(VISIT, "confirm"), "no appointment of that id or identifier");
  }

  @Test
  void anotherPatientsIsForStaff() {
    ehr.knows(visit("a-17", "urn:ehr:visit", "p-2"));
    booked(VISIT);

    assertStaffAreAsked(
        answered(VISIT, "confirm"), "an appointment of that identifier, but of another patient");
  }
}
