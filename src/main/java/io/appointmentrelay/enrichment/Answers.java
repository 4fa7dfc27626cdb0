package io.appointmentrelay.enrichment;

import ca.uhn.fhir.context.FhirContext;
import com.fasterxml.jackson.databind.JsonNode;
import io.appointmentrelay.intake.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.hl7.fhir.instance.model.api.IBaseResource;
import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.Bundle.BundleEntryComponent;
import org.hl7.fhir.r4.model.Bundle.SearchEntryMode;

/** Takes what HAPI has read apart, for readers of plain JSON. */
final class Answers {

  static final String FHIR_JSON = "application/fhir+json";

  private Answers() {}

  /**
   * A resource as JSON.
   *
   * @throws IllegalStateException if it is too deep or too large to be read; it is not nobody
   */
  static JsonNode json(FhirContext context, IBaseResource resource) {
    String text = context.newJsonParser().encodeResourceToString(resource);
    JsonNode json = Json.object(text.getBytes(StandardCharsets.UTF_8));
    if (json == null) {
      throw new IllegalStateException(
          "A resource of at most 200 levels was expected; found a deeper or larger one. It is of no"
              + " use");
    }
    return json;
  }

  /**
   * The matches among a page's entries: those of the type asked for. What is beside them, such as
   * an OperationOutcome (CONTRACTS §3), is none.
   */
  static List<JsonNode> matches(FhirContext context, Bundle page, String type) {
    List<JsonNode> matches = new ArrayList<>();
    for (BundleEntryComponent entry : page.getEntry()) {
      SearchEntryMode mode = entry.getSearch().getMode();
      boolean beside = mode == SearchEntryMode.OUTCOME || mode == SearchEntryMode.INCLUDE;
      if (!beside && entry.hasResource() && entry.getResource().fhirType().equals(type)) {
        matches.add(json(context, entry.getResource()));
      }
    }
    return matches;
  }

  /** Whether a resource says nothing but what it is. */
  static boolean isEmpty(JsonNode resource) {
    for (var field : resource.properties()) {
      boolean says =
          switch (field.getKey()) {
            case "resourceType", "id", "meta", "text", "implicitRules", "language" -> false;
            default -> true;
          };
      if (says) {
        return false;
      }
    }
    return true;
  }
}
