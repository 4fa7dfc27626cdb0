package io.appointmentrelay.intake.fhir;

import com.fasterxml.jackson.databind.JsonNode;
import io.appointmentrelay.intake.json.Json;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Finds the resource that a reference means, among a bundle's entries and contained resources. */
public final class BundleIndex {

  private final Map<String, JsonNode> resources = new HashMap<>();
  private final List<JsonNode> patientEntries = new ArrayList<>();

  public BundleIndex(JsonNode bundle) {
    for (JsonNode entry : Json.items(bundle.path("entry"))) {
      JsonNode resource = entry.path("resource");
      String type = Json.text(resource, "resourceType");
      String fullUrl = Json.text(entry, "fullUrl");
      String id = Json.text(resource, "id");
      add(fullUrl, resource);
      add(ConditionalUrl.of(fullUrl).relative(), resource);
      add(type != null && id != null ? type + "/" + id : null, resource);
      if ("Patient".equals(type)) {
        patientEntries.add(entry);
      }
    }
  }

  /** The entries with a Patient, in the bundle's order. */
  public List<JsonNode> patientEntries() {
    return patientEntries;
  }

  /** The resource meant by {@code reference} within {@code owner}, or null if it is not here. */
  public @Nullable JsonNode resolve(@Nullable String reference, JsonNode owner) {
    if (reference == null) {
      return null;
    }
    if (reference.startsWith("#")) {
      return contained(reference.substring(1), owner);
    }
    JsonNode exact = resources.get(reference);
    String relative = ConditionalUrl.of(reference).relative();
    return exact != null || relative == null ? exact : resources.get(relative);
  }

  private static @Nullable JsonNode contained(String id, JsonNode owner) {
    for (JsonNode resource : Json.items(owner.path("contained"))) {
      if (id.equals(Json.text(resource, "id"))) {
        return resource;
      }
    }
    return null;
  }

  private void add(@Nullable String key, JsonNode resource) {
    if (key != null) {
      resources.putIfAbsent(key, resource);
    }
  }
}
