package io.appointmentrelay.fhir;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A resource as JSON, to be answered with 200.
 *
 * @param version of a single resource, for its ETag
 * @param lastModified of a single resource
 * @param by the names of what was searched by, never what was searched for
 * @param visits whose visits are in it, as {@code source/identifier}
 */
public record FhirAnswer(
    String json,
    @Nullable String version,
    @Nullable Instant lastModified,
    List<String> by,
    List<String> visits) {

  public FhirAnswer {
    by = List.copyOf(by);
    visits = List.copyOf(visits);
  }

  /** One that shows nobody's visit. */
  static FhirAnswer ofNobody(String json) {
    return new FhirAnswer(json, null, null, List.of(), List.of());
  }

  /** Never prints what it holds. */
  @Override
  public String toString() {
    return "FhirAnswer[" + json.length() + "]";
  }
}
