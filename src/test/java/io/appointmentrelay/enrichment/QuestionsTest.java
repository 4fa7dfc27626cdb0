package io.appointmentrelay.enrichment;

import static org.assertj.core.api.Assertions.assertThat;

import io.appointmentrelay.appointment.AppointmentNotice;
import io.appointmentrelay.appointment.ContactPoint;
import io.appointmentrelay.appointment.Details;
import io.appointmentrelay.appointment.Party;
import io.appointmentrelay.appointment.PatientProfile;
import io.appointmentrelay.appointment.Plan.Verdict;
import io.appointmentrelay.appointment.UnidentifiedNotice;
import io.appointmentrelay.settings.Settings;
import java.time.Duration;
import java.util.List;
import org.hl7.fhir.r4.model.Appointment;
import org.hl7.fhir.r4.model.HealthcareService;
import org.hl7.fhir.r4.model.Location;
import org.hl7.fhir.r4.model.Practitioner;
import org.hl7.fhir.r4.model.Reference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is asked, and what comes of the answers, against a real FHIR server. */
class QuestionsTest {

  private final RealFhirServer ehr = RealFhirServer.start();

  @AfterEach
  void stop() {
    ehr.close();
  }

  private EnrichmentRoom redox() {
    return EnrichmentRoom.of("redox-fhir", ehr.baseUrl());
  }

  private EnrichmentRoom canvas() {
    return EnrichmentRoom.of("canvas", ehr.baseUrl());
  }

  private void knowsPlacesAndPeople() {
    Practitioner practitioner = new Practitioner();
    practitioner.setId("pr-1");
    practitioner.addName().setText("Dr. Pat Granite");
    Location location = new Location();
    location.setId("loc-1");
    location.setName("Room 136");
    ehr.knows(practitioner, location);
  }

  @Test
  void aLightweightNotificationBecomesWhole() {
    knowsPlacesAndPeople();
    ehr.knows(Said.patient("p-1", "77"), Said.appointment("321", Said.START));
    try (EnrichmentRoom room = redox()) {
      AppointmentNotice notice = room.enrich(Said.lightweight(Said.MR + "|77"));

      PatientProfile patient = notice.patient();
      assertThat(patient.reference()).isEqualTo(Said.MR + "|77");
      assertThat(patient.givenName()).isEqualTo("Robin");
      assertThat(patient.language()).isEqualTo("es");
      assertThat(patient.contactPoints())
          .extracting(ContactPoint::value)
          .containsExactly("+13125550134", "p-1@example.org");
      assertThat(notice.details().practitioner()).isEqualTo(new Party("pr-1", "Dr. Pat Granite"));
      assertThat(notice.details().location()).isEqualTo(new Party("loc-1", "Room 136"));
      assertThat(notice.details().start()).isEqualTo(Said.START);
      assertThat(room.notes()).isNull();
    }
    assertThat(ehr.asked())
        .contains("POST /fhir/Patient/_search", "POST /fhir/Appointment/_search")
        .noneMatch(request -> request.contains("77") || request.contains("/metadata"));
  }

  @Test
  void candidateIdentifiersAreTriedInOrder() {
    ehr.knows(Said.patient("p-1", "77"));
    try (EnrichmentRoom room = redox()) {
      AppointmentNotice notice =
          room.enrich(Said.lightweight("urn:redox:other:MR|k1", Said.MR + "|77"));

      assertThat(notice.patient().contactPoints()).hasSize(2);
    }
    assertThat(ehr.asked("Patient/_search")).isEqualTo(2);
  }

  @Test
  void whatANotificationSaysItselfIsNotAsked() {
    AppointmentNotice light = Said.lightweight(Said.MR + "|77");
    AppointmentNotice detailed =
        light
            .with(
                light
                    .details()
                    .withLocation(Party.named("Room 1"))
                    .withPractitioner(Party.named("Dr. No")))
            .with(
                PatientProfile.of(Said.MR + "|77")
                    .updatedBy(
                        new PatientProfile(
                            null,
                            null,
                            null,
                            null,
                            null,
                            null,
                            null,
                            null,
                            List.of(ContactPoint.email("own@example.org")))));
    try (EnrichmentRoom room = redox()) {
      assertThat(room.enrich(detailed)).isEqualTo(detailed);
    }
    assertThat(ehr.asked()).isEmpty();
  }

  @Test
  void aCompleteNotificationIsAskedForAllTheSameWhereASettingSaysSo() {
    ehr.knows(Said.patient("p-1", "77"));
    AppointmentNotice detailed =
        Said.lightweight(Said.MR + "|77")
            .with(
                new PatientProfile(
                    Said.MR + "|77",
                    null,
                    null,
                    null,
                    null,
                    null,
                    null,
                    null,
                    List.of(ContactPoint.email("own@example.org"))));
    try (EnrichmentRoom room =
        EnrichmentRoom.with(
            "redox-fhir",
            EnrichmentRoom.open(ehr.baseUrl()),
            new Settings.Enrichment(false, Duration.ZERO, Duration.ofMinutes(15)))) {
      assertThat(room.enrich(detailed).patient().language()).isEqualTo("es");
    }
  }

  @Test
  void anyOtherServerIsAskedByGetAndOnlyForTheElementsThatAreUsed() {
    ehr.knows(Said.patient("p-1", "77"), Said.appointment("321", Said.START));
    Settings.Fhir plain =
        new Settings.Fhir(ehr.baseUrl(), null, null, null, null, null, null, null, 4, "plain");
    try (EnrichmentRoom room = EnrichmentRoom.of("redox-fhir", plain)) {
      AppointmentNotice notice = room.enrich(Said.lightweight(Said.MR + "|77"));

      assertThat(notice.patient().givenName()).isEqualTo("Robin");
      assertThat(ehr.asked())
          .anyMatch(
              asked ->
                  asked.startsWith("GET /fhir/Patient?")
                      && asked.contains("_elements=")
                      && asked.contains("telecom"));
      assertThat(ehr.asked("_search")).isZero();
    }
  }

  @Test
  void aCancellationAsksForThePersonAlone() {
    ehr.knows(Said.patient("p-1", "77"), Said.appointment("321", Said.START));
    AppointmentNotice light = Said.lightweight(Said.MR + "|77");
    AppointmentNotice cancelled =
        new AppointmentNotice(
            "AppointmentCancelled",
            "321",
            Said.VISIT,
            "cancelled",
            light.details(),
            null,
            null,
            light.patient(),
            null,
            false);
    try (EnrichmentRoom room = redox()) {
      assertThat(room.enrich(cancelled).patient().contactPoints()).hasSize(2);
    }
    assertThat(ehr.asked()).containsExactly("POST /fhir/Patient/_search");
  }

  @Test
  void theServiceSaysWhatKindOfVisitItIs() {
    HealthcareService service = new HealthcareService();
    service.setId("hs-1");
    service.setName("Diabetes clinic");
    Appointment appointment = Said.appointment("321", Said.START);
    appointment.addParticipant().setActor(new Reference("HealthcareService/hs-1"));
    ehr.knows(service, appointment);
    try (EnrichmentRoom room = redox()) {
      assertThat(room.enrich(Said.lightweight("x|1")).details().type())
          .isEqualTo("Diabetes clinic");
    }
  }

  @Test
  void aSourceWithoutServerPassesUntouched() {
    try (EnrichmentRoom room = EnrichmentRoom.withoutServer("redox-fhir")) {
      AppointmentNotice notice = Said.lightweight(Said.MR + "|77");
      assertThat(room.enrich(notice)).isSameAs(notice);
    }
  }

  @Test
  void canvasTellsWhatIsReplacedAndWhenThatWas() {
    Appointment old = Said.appointment("old", Said.START.minusSeconds(86_400));
    Appointment current = Said.appointment("new", Said.START);
    current
        .addSupportingInformation()
        .setReference("Appointment/a-old")
        .setDisplay("Previously Rescheduled Appointment");
    ehr.knows(old, current, Said.patient("p-1", "77"));
    try (EnrichmentRoom room = canvas()) {
      AppointmentNotice notice = room.enrich(Said.canvas("rescheduled", "a-new", Said.START));

      assertThat(notice.replaces()).isEqualTo("a-old");
      assertThat(notice.oldStart()).isEqualTo(Said.START.minusSeconds(86_400));
      assertThat(notice.patient().givenName()).isEqualTo("Robin");
    }
    assertThat(ehr.asked()).contains("GET /fhir/Patient/p-1").noneMatch(r -> r.startsWith("POST"));
  }

  private UnidentifiedNotice nameless(Details details) {
    return new UnidentifiedNotice(
        "created", details, PatientProfile.of("p-1"), null, false, "Canvas names the appointment");
  }

  private void knowsAppointmentsOfPatient(Appointment... all) {
    for (Appointment one : all) {
      one.addParticipant().setActor(new Reference("Patient/p-1"));
      ehr.knows(one);
    }
  }

  @Test
  void anIdThatCanvasLeftOutIsFoundByPatientAndStart() {
    knowsAppointmentsOfPatient(
        Said.appointment("1", Said.START), Said.appointment("2", Said.START.plusSeconds(3_600)));
    try (EnrichmentRoom room = canvas()) {
      AppointmentNotice notice = room.enrich(nameless(Details.at(Said.START, null)));

      assertThat(notice.identifier()).isEqualTo("a-1");
      assertThat(notice.label()).isEqualTo("created");
    }
  }

  @Test
  void anAppointmentThatCannotBeToldFromAnotherIsSetAside() {
    knowsAppointmentsOfPatient(
        Said.appointment("1", Said.START), Said.appointment("2", Said.START));
    try (EnrichmentRoom room = canvas()) {
      room.run(nameless(Details.at(Said.START, null)));
      assertThat(parked(room)).contains("has 2 appointments of that patient then");

      room.run(nameless(Details.NONE));
      assertThat(parked(room)).contains("not both the patient and the start");
    }
    try (EnrichmentRoom room = EnrichmentRoom.withoutServer("canvas")) {
      room.run(nameless(Details.at(Said.START, null)));
      assertThat(parked(room))
          .contains("no FHIR server to ask (relay.source.canvas.fhir.base-url)");
    }
  }

  private static String parked(EnrichmentRoom room) {
    return ((Verdict.Parked) room.plan().verdict()).reason();
  }
}
