package io.appointmentrelay.enrichment;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Counts and times what one FHIR server is asked; labels are names of sources and outcomes. */
final class ServerMetrics {

  private final MeterRegistry registry;
  private final String source;
  private volatile @Nullable String lastOutcome;

  ServerMetrics(MeterRegistry registry, String source) {
    this.registry = registry;
    this.source = source;
  }

  void asked(String outcome, Duration took) {
    lastOutcome = outcome;
    Timer.builder("relay.fhir.requests")
        .description("Requests to a source's FHIR server, by what came of them")
        .tag("source", source)
        .tag("outcome", outcome)
        .register(registry)
        .record(took);
  }

  /** Not asked at all, because the server is to be spared. */
  void heldBack() {
    registry.counter("relay.fhir.held.back", "source", source).increment();
  }

  /** What came of the last request; null: none was made yet. */
  @Nullable String lastOutcome() {
    return lastOutcome;
  }
}
