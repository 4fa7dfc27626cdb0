package io.appointmentrelay.enrichment;

import static org.assertj.core.api.Assertions.assertThat;

import io.appointmentrelay.settings.Settings;
import java.nio.charset.StandardCharsets;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.hl7.fhir.r4.model.Bundle;
import org.junit.jupiter.api.Test;

/** An engineer's own {@code fhir:} step, with a source's client and R4 alone on the class path. */
class CamelFhirTest {

  private static final String ROUTE =
      """
      - route:
          id: own-question
          from:
            uri: direct:own-question
            steps:
              - to:
                  uri: fhir:search/searchByUrl
                  parameters:
                    client: "#fhir-canvas"
                    inBody: url
      """;

  @Test
  void aStepOfCamelFhirAsksWithTheSourcesTokenAndItsLimits() throws Exception {
    try (RealFhirServer ehr =
        RealFhirServer.start().knows(Said.patient("p-1", "77")).asksForTokensHadFor("hush")) {
      Settings.Fhir settings =
          new Settings.Fhir(
              ehr.baseUrl(), ehr.tokenUrl(), "the-client", null, null, "hush", null, null, 2);
      try (EnrichmentRoom room = EnrichmentRoom.of("canvas", settings)) {
        PluginHelper.getRoutesLoader(room.camel)
            .loadRoutes(
                ResourceHelper.fromBytes(
                    "own-question.camel.yaml", ROUTE.getBytes(StandardCharsets.UTF_8)));

        Bundle found =
            room.camel
                .createProducerTemplate()
                .requestBody(
                    "direct:own-question", "Patient?identifier=" + Said.MR + "%7C77", Bundle.class);

        assertThat(found.getEntry()).hasSize(1);
        assertThat(ehr.tokensGiven()).isEqualTo(1);
        assertThat(
                room.metrics
                    .get("relay.fhir.requests")
                    .tags("source", "canvas", "outcome", "answered")
                    .timer()
                    .count())
            .isEqualTo(1);
      }
    }
  }
}
