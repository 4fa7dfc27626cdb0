package io.appointmentrelay.enrichment;

import io.appointmentrelay.appointment.AppointmentNotice;
import io.appointmentrelay.appointment.Notice;
import io.appointmentrelay.appointment.Plan;
import io.appointmentrelay.appointment.Run;
import io.appointmentrelay.settings.Settings;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;

/** The routes of routes/enrichment, running, for one source and its server. */
final class EnrichmentRoom implements AutoCloseable {

  static final ZoneId CHICAGO = ZoneId.of("America/Chicago");

  final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
  final DefaultCamelContext camel = new DefaultCamelContext();
  final FhirServers servers;
  private final String kind;
  private Plan plan = new Plan();
  private Instant arrival = Instant.now();

  private EnrichmentRoom(String kind, Settings.Fhir fhir, Settings.Enrichment settings) {
    this.kind = kind;
    Settings.Source source =
        new Settings.Source(kind, kind, List.of("t"), CHICAGO, "US", kind, fhir);
    this.servers =
        FhirServers.of(
            Map.of(kind, source),
            settings,
            Findings.NOWHERE,
            CircuitBreakerConfig.custom()
                .slidingWindowSize(6)
                .minimumNumberOfCalls(6)
                .waitDurationInOpenState(Duration.ofSeconds(3))
                .permittedNumberOfCallsInHalfOpenState(1)
                .build(),
            metrics,
            Clock.systemUTC());
    servers.bind(camel.getRegistry());
    try {
      Path file = Path.of("routes", "enrichment", kind + "-enrichment.camel.yaml");
      PluginHelper.getRoutesLoader(camel)
          .loadRoutes(ResourceHelper.resolveResource(camel, "file:" + file));
      camel.start();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  static EnrichmentRoom of(String kind, URI baseUrl) {
    return of(kind, open(baseUrl));
  }

  static EnrichmentRoom of(String kind, Settings.Fhir fhir) {
    return new EnrichmentRoom(
        kind, fhir, new Settings.Enrichment(true, Duration.ofMinutes(1), Duration.ofMinutes(15)));
  }

  static EnrichmentRoom with(String kind, Settings.Fhir fhir, Settings.Enrichment settings) {
    return new EnrichmentRoom(kind, fhir, settings);
  }

  static EnrichmentRoom withoutServer(String kind) {
    return of(kind, (Settings.Fhir) null);
  }

  /** Nobody asks who we are. */
  static Settings.Fhir open(URI baseUrl) {
    return new Settings.Fhir(baseUrl, null, null, null, null, null, null, null, 4);
  }

  EnrichmentRoom arrivedAt(Instant then) {
    arrival = then;
    return this;
  }

  AppointmentNotice enrich(Notice notice) {
    return (AppointmentNotice) run(notice);
  }

  /** The notice behind the route; throws what the route fails by. */
  Notice run(Notice notice) {
    plan = new Plan();
    Run run = new Run("1-1", kind, kind, CHICAGO, arrival, plan);
    Exchange exchange =
        camel
            .createProducerTemplate()
            .send(
                "direct:" + kind + "-enrichment",
                asked -> {
                  asked.getMessage().setBody(notice);
                  asked.setProperty(Run.PROPERTY, run);
                });
    if (exchange.getException() instanceof RuntimeException failure) {
      throw failure;
    }
    return exchange.getMessage().getBody(Notice.class);
  }

  String notes() {
    return plan.notes();
  }

  Plan plan() {
    return plan;
  }

  @Override
  public void close() {
    camel.stop();
    servers.close();
  }
}
