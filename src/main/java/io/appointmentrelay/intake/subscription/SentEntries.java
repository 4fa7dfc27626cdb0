package io.appointmentrelay.intake.subscription;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.appointmentrelay.intake.fhir.ConditionalUrl;
import io.appointmentrelay.intake.fhir.Identifier;
import io.appointmentrelay.intake.json.Json;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The entries of a bundle that are or were Appointments, found by what an event calls them. Of
 * several of one name the events of that name mean one after the other.
 */
final class SentEntries {

  private final Map<String, List<JsonNode>> byUrl = new HashMap<>();
  private final Map<String, List<JsonNode>> byValue = new HashMap<>();
  private final Map<String, List<JsonNode>> meant = new HashMap<>();
  private final Map<String, Integer> found = new HashMap<>();

  SentEntries(JsonNode bundle) {
    for (JsonNode entry : Json.items(bundle.path("entry"))) {
      JsonNode resource = entry.path("resource");
      boolean isOther =
          !resource.isMissingNode() && !"Appointment".equals(Json.text(resource, "resourceType"));
      if (!isOther) {
        add(entry, resource);
      }
    }
  }

  private void add(JsonNode entry, JsonNode resource) {
    String fullUrl = Json.text(entry, "fullUrl");
    put(byUrl, fullUrl, entry);
    put(byValue, value(named(fullUrl)), entry);
    put(byValue, value(named(Json.text(entry.path("request"), "url"))), entry);
    put(byValue, Json.text(resource, "id"), entry);
    for (JsonNode identifier : Json.items(resource.path("identifier"))) {
      put(byValue, Json.text(identifier, "value"), entry);
    }
  }

  private static @Nullable Identifier named(@Nullable String url) {
    ConditionalUrl taken = ConditionalUrl.of(url);
    return "Appointment".equals(taken.type()) ? taken.identifier() : null;
  }

  private static @Nullable String value(@Nullable Identifier identifier) {
    return identifier == null ? null : identifier.value();
  }

  private static void put(Map<String, List<JsonNode>> map, @Nullable String key, JsonNode entry) {
    if (key == null) {
      return;
    }
    List<JsonNode> entries = map.computeIfAbsent(key, unused -> new ArrayList<>(1));
    if (entries.isEmpty() || !isSame(entries.get(entries.size() - 1), entry)) {
      entries.add(entry);
    }
  }

  @SuppressWarnings("ReferenceEquality") // one entry under two of its names, not two equal entries
  private static boolean isSame(JsonNode one, JsonNode other) {
    return one == other;
  }

  /** The entry that the next event of that focus is about; missing if none was sent. */
  JsonNode next(SubscriptionEvent event) {
    String focus = event.focus().toString();
    List<JsonNode> entries = meant.computeIfAbsent(focus, unused -> of(event));
    int nth = found.merge(focus, 1, Integer::sum) - 1;
    return entries.isEmpty()
        ? MissingNode.getInstance()
        : entries.get(Math.min(nth, entries.size() - 1));
  }

  private List<JsonNode> of(SubscriptionEvent event) {
    String reference = event.reference();
    List<JsonNode> exact = reference == null ? null : byUrl.get(reference);
    Identifier name = event.name();
    if (exact != null || name == null) {
      return exact == null ? List.of() : exact;
    }
    return byValue.getOrDefault(name.value(), List.of()).stream()
        .filter(entry -> isMeant(entry, name, reference))
        .toList();
  }

  private static boolean isMeant(JsonNode entry, Identifier name, @Nullable String reference) {
    JsonNode resource = entry.path("resource");
    if (reference == null) {
      return AppointmentName.bears(resource, name);
    }
    return name.equals(named(Json.text(entry, "fullUrl")))
        || name.equals(named(Json.text(entry.path("request"), "url")))
        || name.value().equals(Json.text(resource, "id"));
  }
}
