package io.appointmentrelay.intake.fhir;

import com.fasterxml.jackson.databind.JsonNode;
import io.appointmentrelay.intake.json.Json;

/** FHIR's marks of test data in a resource's meta. */
public final class TestMark {

  private TestMark() {}

  /** Whether the resource is marked as test traffic. */
  public static boolean isOn(JsonNode resource) {
    JsonNode meta = resource.path("meta");
    return hasTestCode(meta.path("tag")) || hasTestCode(meta.path("security"));
  }

  private static boolean hasTestCode(JsonNode codings) {
    for (JsonNode coding : Json.items(codings)) {
      String code = Json.text(coding, "code");
      // HTEST is HL7's code for test health data.
      if ("test".equalsIgnoreCase(code) || "HTEST".equalsIgnoreCase(code)) {
        return true;
      }
    }
    return false;
  }
}
