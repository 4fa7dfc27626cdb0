package io.appointmentrelay.intake.canvas;

import com.fasterxml.jackson.databind.JsonNode;
import io.appointmentrelay.appointment.AppointmentNotice;
import io.appointmentrelay.appointment.Details;
import io.appointmentrelay.appointment.PatientProfile;
import io.appointmentrelay.intake.ReadingContext;
import io.appointmentrelay.intake.UnreadableNotification;
import io.appointmentrelay.intake.fhir.Identifier;
import io.appointmentrelay.intake.fhir.LenientTime;
import io.appointmentrelay.intake.fhir.VisitLength;
import io.appointmentrelay.intake.json.Json;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Canvas's own format: flat, one flag per event. */
final class FlagFormat {

  private FlagFormat() {}

  static @Nullable String appointmentId(JsonNode root) {
    Identifier id = Identifier.of(null, Json.text(root, "appointment_external_id"));
    return id == null ? null : id.value();
  }

  static AppointmentNotice notice(JsonNode root, String label, ReadingContext context)
      throws UnreadableNotification {
    String id = appointmentId(root);
    if (id == null) {
      throw new UnreadableNotification(
          "Canvas names the appointment in appointment_external_id",
          "this " + label + " notification leaves it empty",
          "It is parked; nothing in it tells which appointment is meant, so look the patient's"
              + " appointments up in Canvas, or have Canvas send it again with the id.");
    }
    Instant start = LenientTime.instant(Json.text(root, "start_time"), context.zone());
    Instant end = LenientTime.instant(Json.text(root, "end_time"), context.zone());
    Identifier patient = Identifier.of(null, Json.text(root, "canvas_patient_key"));
    return new AppointmentNotice(
        label,
        id,
        null,
        null,
        Details.at(start, VisitLength.end(start, end)),
        null,
        null,
        patient == null ? null : PatientProfile.of(patient.value()),
        // Canvas says no event time (CONTRACTS §1.10).
        null,
        false);
  }
}
