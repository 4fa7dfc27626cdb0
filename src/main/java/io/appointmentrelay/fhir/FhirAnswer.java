package io.appointmentrelay.fhir;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A resource as JSON, to be answered with 200.
 *
 * @param version of a single resource, for its ETag
 * @param lastModified of a single resource
 */
public record FhirAnswer(String json, @Nullable String version, @Nullable Instant lastModified) {

  static FhirAnswer of(String json) {
    return new FhirAnswer(json, null, null);
  }

  /** Never prints what it holds. */
  @Override
  public String toString() {
    return "FhirAnswer[" + json.length() + "]";
  }
}
