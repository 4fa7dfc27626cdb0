package io.appointmentrelay.enrichment;

import ca.uhn.fhir.rest.client.api.IGenericClient;
import io.appointmentrelay.settings.InvalidSettings;
import io.appointmentrelay.settings.Settings;
import io.appointmentrelay.settings.Settings.Source;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.camel.spi.Registry;
import org.jspecify.annotations.Nullable;

/**
 * The FHIR servers of all sources that have one, and the look-ups that routes name as steps. A
 * source without one passes every look-up untouched.
 */
public final class FhirServers implements AutoCloseable {

  static final CircuitBreakerConfig CIRCUIT =
      CircuitBreakerConfig.custom()
          .slidingWindowSize(20)
          .minimumNumberOfCalls(5)
          .failureRateThreshold(50)
          .waitDurationInOpenState(Duration.ofSeconds(10))
          .permittedNumberOfCallsInHalfOpenState(2)
          .maxWaitDurationInHalfOpenState(Duration.ofMinutes(1))
          .build();

  private final Settings.Enrichment settings;
  private final Clock clock;
  private final Map<String, FhirServer> servers = new LinkedHashMap<>();

  private final Findings findings;

  private FhirServers(Settings.Enrichment settings, Findings findings, Clock clock) {
    this.settings = settings;
    this.findings = findings;
    this.clock = clock;
  }

  /** No source has one. */
  public static FhirServers none() {
    return new FhirServers(
        new Settings.Enrichment(true, Duration.ZERO, Duration.ofMinutes(15)),
        Findings.NOWHERE,
        Clock.systemUTC());
  }

  /**
   * Builds them; nothing is asked yet.
   *
   * @param findings where goes what is found beside what was asked for
   * @throws InvalidSettings naming every private key that cannot be used
   */
  public static FhirServers of(
      Map<String, Source> sources,
      Settings.Enrichment settings,
      Findings findings,
      MeterRegistry registry,
      Clock clock) {
    return of(sources, settings, findings, CIRCUIT, registry, clock);
  }

  static FhirServers of(
      Map<String, Source> sources,
      Settings.Enrichment settings,
      Findings findings,
      CircuitBreakerConfig circuit,
      MeterRegistry registry,
      Clock clock) {
    FhirServers all = new FhirServers(settings, findings, clock);
    List<String> problems = new ArrayList<>();
    for (Source source : sources.values()) {
      Settings.Fhir fhir = source.fhir();
      if (fhir != null) {
        try {
          FhirServer server = new FhirServer(source, fhir, circuit, registry, clock);
          all.servers.put(source.name(), server);
          gauge(registry, server);
        } catch (IllegalArgumentException unusableKey) {
          problems.add(
              "relay.source." + source.name() + ".fhir.private-key: " + unusableKey.getMessage());
        }
      }
    }
    if (!problems.isEmpty()) {
      all.close();
      throw new InvalidSettings(problems);
    }
    return all;
  }

  private static void gauge(MeterRegistry registry, FhirServer server) {
    Gauge.builder("relay.fhir.serving", server, one -> one.health().serving() ? 1 : 0)
        .description("1 while a source's FHIR server is asked, 0 while it is spared after failures")
        .tag("source", server.source())
        .register(registry);
  }

  /** Loads what HAPI knows in the background, so that the first notification need not wait. */
  public void warmUp() {
    Thread thread = new Thread(() -> servers.values().forEach(FhirServer::client), "fhir-r4");
    thread.setDaemon(true);
    thread.start();
  }

  /** Gives routes the look-ups, and camel-fhir each server's client as {@code #fhir-<source>}. */
  public void bind(Registry registry) {
    lookUps().forEach(registry::bind);
    servers.forEach(
        (name, server) ->
            registry.bind("fhir-" + name, IGenericClient.class, (Supplier<Object>) server::client));
  }

  private Map<String, LookUp> lookUps() {
    boolean skip = settings.skipWhenComplete();
    return Map.of(
        "identifyAppointment", new AppointmentIdentification(this),
        "lookUpFocus", new FocusLookUp(this, settings.catchUp(), clock),
        "searchForChanges", new ChangeSearch(this, findings, settings.catchUp(), clock),
        "lookUpAppointment", new AppointmentLookUp(this, skip, settings.catchUp(), clock),
        "lookUpReplacedAppointment", new ReplacedAppointmentLookUp(this),
        "lookUpPatient", new PatientLookUp(this, skip),
        "lookUpPractitioner", DirectoryLookUp.practitioner(this),
        "lookUpLocation", DirectoryLookUp.location(this),
        "lookUpHealthcareService", new HealthcareServiceLookUp(this));
  }

  /** The server of a source; null if it has none. */
  @Nullable FhirServer of(String source) {
    return servers.get(source);
  }

  /** Where goes what is found beside what was asked for. */
  Findings findings() {
    return findings;
  }

  /** Who is asked for events that did not come; empty: the source has no FHIR server. */
  public Optional<MissedEvents> missedEvents(String source) {
    return Optional.ofNullable(servers.get(source)).map(MissedEvents::new);
  }

  /** Who is asked for all appointments; empty: the source has no FHIR server. */
  public Optional<AppointmentSearch> appointments(String source) {
    return Optional.ofNullable(servers.get(source)).map(AppointmentSearch::new);
  }

  /** How each server does, in the order of the settings. */
  public List<ServerHealth> health() {
    return servers.values().stream().map(FhirServer::health).toList();
  }

  @Override
  public void close() {
    servers.values().forEach(FhirServer::close);
  }
}
