package io.appointmentrelay.enrichment;

import io.appointmentrelay.appointment.AppointmentNotice;
import io.appointmentrelay.appointment.Details;
import io.appointmentrelay.appointment.PatientProfile;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import org.hl7.fhir.r4.model.Appointment;
import org.hl7.fhir.r4.model.ContactPoint.ContactPointSystem;
import org.hl7.fhir.r4.model.ContactPoint.ContactPointUse;
import org.hl7.fhir.r4.model.Patient;
import org.hl7.fhir.r4.model.Reference;

/** What notifications say and what servers know, as little as a test needs. */
final class Said {

  static final Instant START = Instant.parse("2030-06-06T15:00:00Z");
  static final String MR = "urn:redox:clinic:MR";
  static final String VISIT = "urn:redox:VIS";

  private Said() {}

  /** A lightweight booking: a visit, a time, and the person's two names. */
  static AppointmentNotice lightweight(String... patientIdentifiers) {
    return new AppointmentNotice(
        "AppointmentBooked",
        "321",
        VISIT,
        "booked",
        Details.at(START, START.plusSeconds(1800)),
        null,
        null,
        PatientProfile.of(patientIdentifiers[0]),
        List.of(patientIdentifiers),
        null,
        false);
  }

  /** Canvas's appointment of that time for the patient {@code p-1}. */
  static AppointmentNotice canvas(String label, String id, Instant start) {
    return new AppointmentNotice(
        label,
        id,
        null,
        null,
        Details.at(start, null),
        null,
        null,
        PatientProfile.of("p-1"),
        null,
        false);
  }

  static Patient patient(String id, String mr) {
    Patient patient = new Patient();
    patient.setId(id);
    patient.addIdentifier().setSystem(MR).setValue(mr);
    patient.addName().setFamily("Sample").addGiven("Robin");
    patient.addCommunication().getLanguage().addCoding().setCode("es");
    patient
        .addTelecom()
        .setSystem(ContactPointSystem.PHONE)
        .setUse(ContactPointUse.MOBILE)
        .setValue("+13125550134");
    patient.addTelecom().setSystem(ContactPointSystem.EMAIL).setValue(id + "@example.org");
    return patient;
  }

  static Appointment appointment(String visit, Instant start) {
    Appointment appointment = new Appointment();
    appointment.setId("a-" + visit);
    appointment.addIdentifier().setSystem(VISIT).setValue(visit);
    appointment.setStatus(Appointment.AppointmentStatus.BOOKED);
    appointment.setStart(start == null ? null : Date.from(start));
    appointment.addParticipant().setActor(new Reference("Practitioner/pr-1"));
    appointment.addParticipant().setActor(new Reference("Location/loc-1"));
    return appointment;
  }
}
