package io.appointmentrelay.intake.subscription;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.appointmentrelay.intake.fhir.ConditionalUrl;
import io.appointmentrelay.intake.fhir.Identifier;
import io.appointmentrelay.intake.json.Json;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One event that a subscription's bundle tells of.
 *
 * @param number its place in the life of the subscription
 * @param timestamp when it happened, as written
 * @param focus the reference to what it happened to; missing in a notification with empty content
 */
record SubscriptionEvent(@Nullable Long number, @Nullable String timestamp, JsonNode focus) {

  private static final int LONGEST_NUMBER = 18;

  /** The events of a SubscriptionStatus (R4B, R5), or of the Parameters that stand for it in R4. */
  static List<SubscriptionEvent> of(JsonNode status) {
    List<SubscriptionEvent> events = new ArrayList<>();
    for (JsonNode event : Json.items(status.path("notificationEvent"))) {
      events.add(
          new SubscriptionEvent(
              number(event.path("eventNumber")),
              Json.text(event, "timestamp"),
              event.path("focus")));
    }
    for (JsonNode parameter : Json.items(status.path("parameter"))) {
      if ("notification-event".equals(Json.text(parameter, "name"))) {
        JsonNode parts = parameter.path("part");
        events.add(
            new SubscriptionEvent(
                number(value(parts, "event-number")),
                Json.text(value(parts, "timestamp")),
                value(parts, "focus")));
      }
    }
    return events;
  }

  /** The value of a parameter, of whatever type it is written as; missing if there is none. */
  static JsonNode value(JsonNode parameters, String name) {
    for (JsonNode parameter : Json.items(parameters)) {
      if (name.equals(Json.text(parameter, "name"))) {
        for (var field : parameter.properties()) {
          if (field.getKey().startsWith("value")) {
            return field.getValue();
          }
        }
      }
    }
    return MissingNode.getInstance();
  }

  /** FHIR's 64-bit numbers are JSON strings, and senders write either; null if it is none. */
  static @Nullable Long number(JsonNode node) {
    String text = Json.text(node);
    boolean isNumber =
        text != null
            && text.length() <= LONGEST_NUMBER
            && text.chars().allMatch(c -> c >= '0' && c <= '9');
    return isNumber ? Long.valueOf(text) : null;
  }

  /** What the appointment is called in the focus; null if that names none. */
  @Nullable Identifier name() {
    ConditionalUrl url = ConditionalUrl.of(reference());
    Identifier byUrl = "Appointment".equals(url.type()) ? url.identifier() : null;
    return byUrl != null || isOfAnotherType() ? byUrl : Identifier.of(focus.path("identifier"));
  }

  @Nullable String reference() {
    return Json.text(focus, "reference");
  }

  /** Whether it tells that something happened, and not to what. */
  boolean isEmpty() {
    return reference() == null && Identifier.of(focus.path("identifier")) == null;
  }

  /** Whether it is about something else than an appointment. */
  boolean isOfAnotherType() {
    String reference = reference();
    String type = Json.text(focus, "type");
    if (reference == null || reference.startsWith("urn:")) {
      return type != null && !type.equals("Appointment");
    }
    return !"Appointment".equals(ConditionalUrl.of(reference).type());
  }
}
