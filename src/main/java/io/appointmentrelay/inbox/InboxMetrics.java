package io.appointmentrelay.inbox;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Counts what the inbox does; labels are names of sources and events, never values of
 * notifications.
 */
public final class InboxMetrics {

  private final MeterRegistry registry;
  private final Map<String, Counter> counters = new ConcurrentHashMap<>();
  private final Timer acceptedToProcessed;

  public InboxMetrics(MeterRegistry registry) {
    this.registry = registry;
    this.acceptedToProcessed =
        Timer.builder("relay.inbox.accepted.to.processed")
            .description("From arrival to commit of everything a notification causes")
            .register(registry);
  }

  void accepted(String source, int parts, int duplicates) {
    counter("relay.inbox.received", source).increment(parts);
    if (duplicates > 0) {
      counter("relay.inbox.duplicates", source).increment(duplicates);
    }
  }

  void processed(String source, Duration sinceArrival) {
    counter("relay.inbox.processed", source).increment();
    acceptedToProcessed.record(sinceArrival.isNegative() ? Duration.ZERO : sinceArrival);
  }

  void parked(String source) {
    counter("relay.inbox.parked", source).increment();
  }

  void retried(String source) {
    counter("relay.inbox.retried", source).increment();
  }

  private Counter counter(String name, String source) {
    return counters.computeIfAbsent(
        name + ' ' + source, key -> registry.counter(name, "source", source));
  }
}
