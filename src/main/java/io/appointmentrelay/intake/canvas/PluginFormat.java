package io.appointmentrelay.intake.canvas;

import com.fasterxml.jackson.databind.JsonNode;
import io.appointmentrelay.appointment.AppointmentNotice;
import io.appointmentrelay.appointment.Details;
import io.appointmentrelay.appointment.Party;
import io.appointmentrelay.appointment.PatientProfile;
import io.appointmentrelay.intake.ReadingContext;
import io.appointmentrelay.intake.UnreadableNotification;
import io.appointmentrelay.intake.fhir.Identifier;
import io.appointmentrelay.intake.fhir.LenientTime;
import io.appointmentrelay.intake.fhir.VisitLength;
import io.appointmentrelay.intake.json.Json;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The format of the Appointment Sync Webhook plugin: nested, with the time of the event. */
final class PluginFormat {

  /**
   * What ends a visit is wholly said by its name and the appointment: a failed look-up takes
   * nothing from it.
   */
  private static final Set<String> NEEDS_NO_MORE = Set.of("cancelled", "no_show");

  private PluginFormat() {}

  static @Nullable String appointmentId(JsonNode root) {
    return id(root.path("appointment"));
  }

  static AppointmentNotice notice(JsonNode root, String label, ReadingContext context)
      throws UnreadableNotification {
    boolean saysAll = NEEDS_NO_MORE.contains(label) && appointmentId(root) != null;
    if (Json.text(root, "error") != null && !saysAll) {
      throw new UnreadableNotification(
          "The Canvas plugin sends the whole appointment",
          "this " + label + " notification reports an error of its look-up instead",
          "It is parked; correct the appointment from Canvas, or have the plugin send it again.");
    }
    JsonNode appointment = root.path("appointment");
    String id = id(appointment);
    if (id == null) {
      throw new UnreadableNotification(
          "The Canvas plugin names the appointment in appointment.id",
          "this " + label + " notification leaves it empty",
          "It is parked; replay it after the sender is corrected.");
    }
    JsonNode original = appointment.path("original_appointment");
    String replaced = id(original);
    return new AppointmentNotice(
        label,
        id,
        null,
        null,
        details(appointment, context),
        LenientTime.instant(Json.text(original, "start_time"), context.zone()),
        id.equals(replaced) ? null : replaced,
        patient(root),
        eventTime(root, context),
        false);
  }

  private static Details details(JsonNode appointment, ReadingContext context) {
    Instant start = LenientTime.instant(Json.text(appointment, "start_time"), context.zone());
    Instant said = LenientTime.instant(Json.text(appointment, "end_time"), context.zone());
    Instant byLength = VisitLength.endAfter(start, appointment.path("duration_minutes"));
    Instant end = said != null ? VisitLength.end(start, said) : byLength;
    Identifier provider = Identifier.of(null, Json.text(appointment, "provider_id"));
    Party practitioner = provider == null ? null : new Party(provider.value(), null);
    return new Details(start, end, null, null, practitioner, null, null, null);
  }

  private static @Nullable PatientProfile patient(JsonNode root) {
    JsonNode patient = root.path("patient");
    String reference = id(patient);
    String given = Json.text(patient, "first_name");
    String family = Json.text(patient, "last_name");
    boolean nothingSaid = reference == null && given == null && family == null;
    return nothingSaid
        ? null
        : new PatientProfile(reference, given, family, null, null, null, null, null, List.of());
  }

  /** A clock that runs ahead of ours would make everything after it stale. */
  private static @Nullable Instant eventTime(JsonNode root, ReadingContext context) {
    Instant timestamp = LenientTime.exact(Json.text(root, "timestamp"));
    boolean ahead = timestamp != null && timestamp.isAfter(context.receivedAt());
    return ahead ? null : timestamp;
  }

  private static @Nullable String id(JsonNode object) {
    Identifier id = Identifier.of(null, Json.text(object, "id"));
    return id == null ? null : id.value();
  }
}
