package io.appointmentrelay.enrichment;

import ca.uhn.fhir.rest.client.api.IClientInterceptor;
import ca.uhn.fhir.rest.client.api.IHttpRequest;
import ca.uhn.fhir.rest.client.api.IHttpResponse;
import com.fasterxml.jackson.databind.JsonNode;
import io.appointmentrelay.appointment.OtherEndUnavailable;
import io.appointmentrelay.appointment.UnusableAnswer;
import io.appointmentrelay.intake.json.Json;
import io.appointmentrelay.intake.json.SafeText;
import java.io.IOException;
import java.io.InputStream;
import java.util.Set;

/**
 * Tells an OperationOutcome that comes with HTTP 200 in the place of what was asked for (CONTRACTS
 * §3): some of its codes mean "not now", all others are of no use.
 */
final class OutcomeInstead implements IClientInterceptor {

  /** FHIR's issue types that pass with time. */
  static final Set<String> TRANSIENT =
      Set.of("transient", "throttled", "timeout", "lock-error", "no-store", "incomplete");

  /** No outcome is longer; longer answers need not be looked at. */
  private static final int LONGEST = 64 << 10;

  private final String source;

  OutcomeInstead(String source) {
    this.source = source;
  }

  @Override
  public void interceptRequest(IHttpRequest request) {
    // Only answers are looked at.
  }

  @Override
  public void interceptResponse(IHttpResponse response) throws IOException {
    if (response.getStatus() != 200) {
      return;
    }
    byte[] beginning;
    try (InputStream body = response.readEntity()) {
      beginning = body == null ? new byte[0] : body.readNBytes(LONGEST);
    }
    JsonNode answer = beginning.length == LONGEST ? null : Json.object(beginning);
    if (answer == null || !"OperationOutcome".equals(Json.text(answer, "resourceType"))) {
      return;
    }
    String code = SafeText.label(Json.text(answer.path("issue").path(0), "code"));
    String sentence =
        "The FHIR server of source "
            + source
            + " was expected to give matches; found an OperationOutcome ("
            + (code == null ? "without code" : code)
            + ") with HTTP 200. It is asked again later";
    if (code != null && TRANSIENT.contains(code)) {
      throw new OtherEndUnavailable(sentence);
    }
    throw new UnusableAnswer(sentence);
  }
}
