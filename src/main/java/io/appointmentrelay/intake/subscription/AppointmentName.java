package io.appointmentrelay.intake.subscription;

import com.fasterxml.jackson.databind.JsonNode;
import io.appointmentrelay.intake.fhir.Identifier;
import io.appointmentrelay.intake.json.Json;
import org.jspecify.annotations.Nullable;

/**
 * By what an Appointment is known that came as a resource, sent or asked for: its visit number, by
 * which another feed may know it too; else its id, which the server itself asks by.
 */
public final class AppointmentName {

  private AppointmentName() {}

  /** The name; null if the resource has none. */
  public static @Nullable Identifier of(JsonNode appointment) {
    for (JsonNode element : Json.items(appointment.path("identifier"))) {
      Identifier identifier = Identifier.of(element);
      String system = identifier == null ? null : identifier.system();
      if (system != null && (system.equals("VIS") || system.endsWith(":VIS"))) {
        return identifier;
      }
    }
    return Identifier.of(null, Json.text(appointment, "id"));
  }

  /** Whether it has this identifier. */
  static boolean bears(JsonNode appointment, Identifier name) {
    for (JsonNode element : Json.items(appointment.path("identifier"))) {
      Identifier identifier = Identifier.of(element);
      if (identifier != null && identifier.agreesWith(name)) {
        return true;
      }
    }
    return false;
  }
}
