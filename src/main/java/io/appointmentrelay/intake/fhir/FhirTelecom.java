package io.appointmentrelay.intake.fhir;

import com.fasterxml.jackson.databind.JsonNode;
import io.appointmentrelay.appointment.ContactPoint;
import io.appointmentrelay.intake.json.Json;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Reads telecom lists: phones and e-mail addresses as given, in the order given. */
final class FhirTelecom {

  private FhirTelecom() {}

  /** Entries without value and systems that nobody can be written to by are left out. */
  static List<ContactPoint> contactPoints(JsonNode telecom, ZoneId zone) {
    List<ContactPoint> points = new ArrayList<>();
    for (JsonNode entry : Json.items(telecom)) {
      ContactPoint.Kind kind = kind(Json.text(entry, "system"));
      String value = Json.text(entry, "value");
      if (kind != null && value != null) {
        JsonNode consent = FhirText.extension(entry, "has-consent");
        points.add(
            new ContactPoint(
                kind,
                value,
                lowerCase(Json.text(entry, "use")),
                Json.integer(entry.path("rank")),
                LenientTime.endOfPeriod(Json.text(entry.path("period"), "end"), zone),
                consent == null ? null : Json.flag(consent),
                LenientTime.startOfPeriod(Json.text(entry.path("period"), "start"), zone)));
      }
    }
    return points;
  }

  private static ContactPoint.@Nullable Kind kind(@Nullable String word) {
    if (word == null) {
      return null;
    }
    return switch (word.toLowerCase(Locale.ROOT)) {
      case "phone", "sms" -> ContactPoint.Kind.PHONE;
      case "email" -> ContactPoint.Kind.EMAIL;
      default -> null;
    };
  }

  private static @Nullable String lowerCase(@Nullable String text) {
    return text == null ? null : text.toLowerCase(Locale.ROOT);
  }
}
