package io.appointmentrelay.enrichment;

import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.context.PerformanceOptionsEnum;
import ca.uhn.fhir.parser.LenientErrorHandler;
import ca.uhn.fhir.rest.client.apache.ApacheRestfulClientFactory;
import ca.uhn.fhir.rest.client.api.ServerValidationModeEnum;
import org.apache.http.client.HttpClient;
import org.hl7.fhir.r4.model.Appointment;
import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.Location;
import org.hl7.fhir.r4.model.Patient;
import org.hl7.fhir.r4.model.Practitioner;

/**
 * HAPI's knowledge of R4 for one server: HAPI's clients send by the HTTP client of their context,
 * so servers cannot share one. The first takes more than a second of processor time, each further
 * one a tenth of that.
 */
final class FhirR4 {

  private FhirR4() {}

  /**
   * A context whose clients use {@code http}. It reads leniently and in silence: HAPI's warnings
   * would quote what they complain of.
   */
  static FhirContext context(HttpClient http) {
    FhirContext context = FhirContext.forR4();
    // Each server has a context: none needs to know all of R4's types by heart.
    context.setPerformanceOptions(PerformanceOptionsEnum.DEFERRED_MODEL_SCANNING);
    context.setParserErrorHandler(new LenientErrorHandler(false).disableAllErrors());
    ApacheRestfulClientFactory factory = new ApacheRestfulClientFactory(context);
    factory.setServerValidationMode(ServerValidationModeEnum.NEVER);
    factory.setHttpClient(http);
    context.setRestfulClientFactory(factory);
    readOnce(context);
    return context;
  }

  /** HAPI learns a type when it first meets it: better now than at the first notification. */
  private static void readOnce(FhirContext context) {
    Bundle bundle = new Bundle();
    bundle.addEntry().setResource(new Patient().setActive(true));
    bundle.addEntry().setResource(new Appointment().setDescription("one"));
    bundle.addEntry().setResource(new Practitioner().setActive(true));
    bundle.addEntry().setResource(new Location().setName("one"));
    String json = context.newJsonParser().encodeResourceToString(bundle);
    context.newJsonParser().parseResource(Bundle.class, json);
  }
}
