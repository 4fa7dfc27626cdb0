package io.appointmentrelay.intake.canvas;

import com.fasterxml.jackson.databind.JsonNode;
import io.appointmentrelay.appointment.Details;
import io.appointmentrelay.appointment.Notice;
import io.appointmentrelay.appointment.PatientProfile;
import io.appointmentrelay.appointment.UnidentifiedNotice;
import io.appointmentrelay.intake.ReadingContext;
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

  static Notice notice(JsonNode root, String label, ReadingContext context) {
    Instant start = LenientTime.instant(Json.text(root, "start_time"), context.zone());
    Instant end = LenientTime.instant(Json.text(root, "end_time"), context.zone());
    Details details = Details.at(start, VisitLength.end(start, end));
    Identifier key = Identifier.of(null, Json.text(root, "canvas_patient_key"));
    PatientProfile patient = key == null ? null : PatientProfile.of(key.value());
    // Canvas says no event time (CONTRACTS §1.10).
    UnidentifiedNotice notice =
        new UnidentifiedNotice(
            label,
            details,
            patient,
            null,
            false,
            "Canvas names the appointment in appointment_external_id");
    String id = appointmentId(root);
    return id == null ? notice : notice.identified(id);
  }
}
