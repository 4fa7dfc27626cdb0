package io.appointmentrelay.messaging;

import io.appointmentrelay.appointment.AppointmentRecord;
import io.appointmentrelay.appointment.Change;
import io.appointmentrelay.appointment.Details;
import io.appointmentrelay.appointment.Party;
import io.appointmentrelay.appointment.PatientProfile;
import io.appointmentrelay.appointment.StatusGroup;
import io.appointmentrelay.appointment.Told;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;

/** Visits as they come from the rest of the product. */
final class Visits {
  static final ZoneId CHICAGO = ZoneId.of("America/Chicago");
  static final Clinic CLINIC =
      new Clinic("Good Health Clinic", "(608) 555-0142", CHICAGO, "US", null);
  static final Instant START = Instant.parse("2026-08-03T15:00:00Z");
  static final Details DETAILS =
      new Details(
          START,
          null,
          null,
          new Party("Location/1", "North Office"),
          new Party("Practitioner/1", "Dr. Lee"),
          "Oncology follow-up",
          "in-person",
          null);

  private Visits() {}

  static VisitModel inPerson() {
    return of(DETAILS, null);
  }

  static VisitModel video() {
    return of(
        new Details(
            START, null, null, null, null, null, "video", "https://video.example.org/r/abc123"),
        null);
  }

  static VisitModel timeless() {
    return of(Details.NONE, null);
  }

  static VisitModel of(Details now, Told before, Change... changes) {
    return VisitModel.of(
        record(now), before, List.of(changes), patient("Ana", null), CLINIC, CHICAGO);
  }

  static AppointmentRecord record(Details details) {
    return record("V1", "V1", details);
  }

  static AppointmentRecord record(String identifier, String root, Details details) {
    return new AppointmentRecord(
        "clinic",
        identifier,
        null,
        "redox-fhir",
        "booked",
        details,
        null,
        1,
        1,
        START,
        root,
        null,
        null,
        null,
        false);
  }

  static PatientProfile patient(String givenName, ZoneId zone) {
    return new PatientProfile("MR|1", givenName, null, null, null, zone, null, null, List.of());
  }

  static Told told(Details details) {
    return new Told(
        StatusGroup.OPEN,
        details.start(),
        details.location(),
        details.practitioner(),
        details.modality(),
        details.link(),
        false,
        false,
        null);
  }
}
