package io.appointmentrelay.intake.redox;

import com.fasterxml.jackson.databind.JsonNode;
import io.appointmentrelay.intake.fhir.ConditionalUrl;
import io.appointmentrelay.intake.fhir.Identifier;
import io.appointmentrelay.intake.json.Json;
import org.jspecify.annotations.Nullable;

/**
 * Finds what an Appointment entry is called: the visit number wherever it stands, so that the
 * lightweight and the detailed form of one appointment meet; else any identifier; else its id.
 */
final class VisitIdentifier {

  private VisitIdentifier() {}

  /** The identifier; null if the entry has none that would mean the same in the next bundle. */
  static @Nullable Identifier of(JsonNode entry) {
    JsonNode resource = entry.path("resource");
    ConditionalUrl url = ConditionalUrl.of(Json.text(entry, "fullUrl"));
    Identifier any = null;
    for (JsonNode element : Json.items(resource.path("identifier"))) {
      Identifier identifier = Identifier.of(element);
      if (isVisitNumber(identifier)) {
        return identifier;
      }
      any = any != null ? any : identifier;
    }
    boolean urlIsBetter = any == null || (url.conditional() && isVisitNumber(url.identifier()));
    if (url.identifier() != null && urlIsBetter) {
      return url.identifier();
    }
    return any != null ? any : Identifier.of(null, Json.text(resource, "id"));
  }

  private static boolean isVisitNumber(@Nullable Identifier identifier) {
    String system = identifier == null ? null : identifier.system();
    return system != null && (system.equals("VIS") || system.endsWith(":VIS"));
  }
}
