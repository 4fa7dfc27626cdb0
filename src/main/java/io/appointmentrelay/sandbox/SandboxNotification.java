package io.appointmentrelay.sandbox;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.appointmentrelay.sandbox.SandboxSubscription.Event;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a Subscription says, in the R4 form of the R5 backport: a Bundle that begins with its
 * status.
 */
final class SandboxNotification {

  private static final String PROFILE =
      "http://hl7.org/fhir/uv/subscriptions-backport/StructureDefinition/backport-subscription-status-r4";

  private SandboxNotification() {}

  /**
   * A Bundle of events.
   *
   * @param type {@code handshake}, {@code event-notification}, {@code query-status} or {@code
   *     query-event}
   */
  static ObjectNode of(SandboxSubscription subscription, String type, List<Event> events) {
    String content = subscription.content();
    ObjectNode bundle = JsonNodeFactory.instance.objectNode();
    bundle.put("resourceType", "Bundle").put("id", UUID.randomUUID().toString());
    bundle.put("type", "history");
    ObjectNode status = entry(bundle, "urn:uuid:" + UUID.randomUUID());
    status.put("resourceType", "Parameters").putObject("meta").withArray("profile").add(PROFILE);
    String address = "Subscription/" + subscription.id();
    parameter(status, "subscription").putObject("valueReference").put("reference", address);
    parameter(status, "topic").put("valueCanonical", subscription.topic());
    parameter(status, "status").put("valueCode", subscription.status());
    parameter(status, "type").put("valueCode", type);
    long counted = type.equals("event-notification") ? events.get(0).number() : subscription.last();
    parameter(status, "events-since-subscription-start")
        .put("valueString", String.valueOf(counted));
    for (Event event : events) {
      tell(bundle, status, event, content);
    }
    return bundle;
  }

  private static void tell(
      ObjectNode bundle, ObjectNode status, Event event, @Nullable String content) {
    ObjectNode told = parameter(status, "notification-event");
    part(told, "event-number").put("valueString", String.valueOf(event.number()));
    part(told, "timestamp").put("valueInstant", event.at().toString());
    if ("empty".equals(content)) {
      return;
    }
    String name = "Appointment/" + event.visit().path("id").asText();
    part(told, "focus").putObject("valueReference").put("reference", name);
    if ("full-resource".equals(content)) {
      entry(bundle, name).setAll(event.visit());
    }
  }

  private static ObjectNode entry(ObjectNode bundle, String fullUrl) {
    return bundle.withArray("entry").addObject().put("fullUrl", fullUrl).putObject("resource");
  }

  private static ObjectNode parameter(ObjectNode status, String name) {
    return status.withArray("parameter").addObject().put("name", name);
  }

  private static ObjectNode part(ObjectNode parameter, String name) {
    return parameter.withArray("part").addObject().put("name", name);
  }
}
