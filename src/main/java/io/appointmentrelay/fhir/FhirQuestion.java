package io.appointmentrelay.fhir;

import java.util.List;
import java.util.Map;

/**
 * What was asked.
 *
 * @param base this server's address as the asker calls it, without a slash at its end
 * @param parameters by name, as given, in their order
 * @param strict a parameter that is not known is refused; otherwise passed over, and said
 */
public record FhirQuestion(String base, Map<String, List<String>> parameters, boolean strict) {

  /** Never prints what was asked for: it may name a patient. */
  @Override
  public String toString() {
    return "FhirQuestion[" + parameters.keySet() + "]";
  }
}
