package io.appointmentrelay.intake.subscription;

import com.fasterxml.jackson.databind.JsonNode;
import io.appointmentrelay.intake.fhir.Identifier;
import io.appointmentrelay.intake.json.Json;
import io.appointmentrelay.intake.json.SafeText;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A subscription's bundle taken apart.
 *
 * @param type handshake, heartbeat, event-notification, query-status or query-event, in one
 *     spelling
 * @param subscription which subscription speaks
 * @param topic what it subscribes to
 * @param sinceStart how many events there were in its life
 */
record SubscriptionBundle(
    JsonNode root,
    @Nullable String type,
    @Nullable String subscription,
    @Nullable String topic,
    @Nullable Long sinceStart,
    List<SubscriptionEvent> events) {

  /** The bundle; null if no entry of it says what it is. */
  static @Nullable SubscriptionBundle of(JsonNode root) {
    for (JsonNode entry : Json.items(root.path("entry"))) {
      JsonNode resource = entry.path("resource");
      String type = Json.text(resource, "resourceType");
      if ("SubscriptionStatus".equals(type)) {
        return new SubscriptionBundle(
            root,
            word(resource.path("type")),
            reference(resource.path("subscription")),
            Json.text(resource, "topic"),
            firstNumber(resource, "eventsSinceSubscriptionStart", "eventsInNotification"),
            SubscriptionEvent.of(resource));
      }
      JsonNode parameters = resource.path("parameter");
      boolean isStatus =
          "Parameters".equals(type)
              && !SubscriptionEvent.value(parameters, "subscription").isMissingNode();
      if (isStatus) {
        return new SubscriptionBundle(
            root,
            word(SubscriptionEvent.value(parameters, "type")),
            reference(SubscriptionEvent.value(parameters, "subscription")),
            Json.text(SubscriptionEvent.value(parameters, "topic")),
            SubscriptionEvent.number(
                SubscriptionEvent.value(parameters, "events-since-subscription-start")),
            SubscriptionEvent.of(resource));
      }
    }
    return null;
  }

  private static @Nullable Long firstNumber(JsonNode status, String name, String older) {
    Long number = SubscriptionEvent.number(status.path(name));
    return number != null ? number : SubscriptionEvent.number(status.path(older));
  }

  private static @Nullable String word(JsonNode type) {
    String word = SafeText.label(Json.text(type));
    return word == null ? null : word.toLowerCase(Locale.ROOT);
  }

  private static @Nullable String reference(JsonNode node) {
    String text = Json.text(node, "reference");
    String plain = text != null ? text : Json.text(node);
    Identifier id = Identifier.of(null, lastSegment(plain));
    return id == null ? null : id.value();
  }

  private static @Nullable String lastSegment(@Nullable String reference) {
    return reference == null ? null : reference.substring(reference.lastIndexOf('/') + 1);
  }

  /** Whether it tells of events, unasked or because they were asked for. */
  boolean tellsEvents() {
    return "event-notification".equals(type) || "query-event".equals(type);
  }
}
