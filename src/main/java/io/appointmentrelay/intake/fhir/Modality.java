package io.appointmentrelay.intake.fhir;

import com.fasterxml.jackson.databind.JsonNode;
import io.appointmentrelay.intake.json.Json;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Tells a visit by video from the words of its type, only where they leave no doubt: a "video
 * swallow study" and a "virtual colonoscopy" take place in person.
 */
final class Modality {

  private static final List<String> VIDEO_WORDS =
      List.of(
          "telemedicine",
          "telehealth",
          "video visit",
          "video consult",
          "video call",
          "video appointment",
          "virtual visit",
          "virtual consult",
          "virtual appointment");

  private Modality() {}

  /** {@code video}, or null if nothing is said clearly. */
  static @Nullable String of(JsonNode appointment) {
    for (String field : List.of("appointmentType", "serviceType")) {
      for (JsonNode concept : Json.items(appointment.path(field))) {
        if (saysVideo(concept)) {
          return "video";
        }
      }
    }
    return null;
  }

  private static boolean saysVideo(JsonNode concept) {
    if (saysVideo(Json.text(concept, "text"))) {
      return true;
    }
    for (JsonNode coding : Json.items(concept.path("coding"))) {
      if (saysVideo(Json.text(coding, "display"))) {
        return true;
      }
    }
    return false;
  }

  private static boolean saysVideo(@Nullable String text) {
    String words = text == null ? "" : text.toLowerCase(Locale.ROOT);
    return VIDEO_WORDS.stream().anyMatch(words::contains);
  }
}
