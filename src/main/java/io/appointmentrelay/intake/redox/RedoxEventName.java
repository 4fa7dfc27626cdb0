package io.appointmentrelay.intake.redox;

import com.fasterxml.jackson.databind.JsonNode;
import io.appointmentrelay.intake.json.Json;
import io.appointmentrelay.intake.json.SafeText;
import org.jspecify.annotations.Nullable;

/**
 * Brings the three generations of Redox's event names to one spelling (CONTRACTS §1.5). The
 * imperative names (AppointmentCreate, …) are writeback events and so are none of ours.
 */
final class RedoxEventName {

  static final String BOOKED = "AppointmentBooked";
  static final String UPDATED = "AppointmentUpdated";
  static final String CANCELLED = "AppointmentCancelled";

  private RedoxEventName() {}

  /** The event of a MessageHeader; another event's own name, sanitised; null if there is none. */
  static @Nullable String of(JsonNode header) {
    String name = canonical(Json.text(header, "eventUri"));
    for (JsonNode event : Json.items(header.path("eventCoding"))) {
      name = isOfAppointment(name) ? name : or(ofCoding(event), name);
    }
    return name;
  }

  /** Whether the event speaks of appointments, and so must hold some. */
  static boolean isOfAppointment(@Nullable String label) {
    return BOOKED.equals(label) || UPDATED.equals(label) || CANCELLED.equals(label);
  }

  private static @Nullable String ofCoding(JsonNode event) {
    String name = canonical(Json.text(event, "code"));
    // A CodeableConcept where FHIR wants a Coding.
    for (JsonNode coding : Json.items(event.path("coding"))) {
      name = isOfAppointment(name) ? name : or(canonical(Json.text(coding, "code")), name);
    }
    return name;
  }

  private static @Nullable String canonical(@Nullable String said) {
    if (said == null) {
      return null;
    }
    String name = lastSegment(said);
    String letters = withoutPrefix(withoutPrefix(SafeText.letters(name), "scheduling"), "event");
    return switch (letters) {
      case "appointmentbooked" -> BOOKED;
      case "appointmentupdated" -> UPDATED;
      case "appointmentcancelled", "appointmentcanceled" -> CANCELLED;
      default -> SafeText.label(name);
    };
  }

  /** Of a canonical URL, which may end in {@code |version}, or of a bare code. */
  private static String lastSegment(String said) {
    int bar = said.indexOf('|');
    String name = bar < 0 ? said : said.substring(0, bar);
    while (name.endsWith("/")) {
      name = name.substring(0, name.length() - 1);
    }
    int end =
        Math.max(name.lastIndexOf('/'), Math.max(name.lastIndexOf('#'), name.lastIndexOf(':')));
    return name.substring(end + 1);
  }

  private static String withoutPrefix(String text, String prefix) {
    return text.startsWith(prefix) ? text.substring(prefix.length()) : text;
  }

  private static @Nullable String or(@Nullable String first, @Nullable String second) {
    return first != null ? first : second;
  }
}
