package io.appointmentrelay.outbox;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Counts what becomes of deliveries; labels are names of channels and reasons from the closed list.
 */
public final class OutboxMetrics {

  private final MeterRegistry registry;
  private final Map<String, Counter> counters = new ConcurrentHashMap<>();
  private final Map<String, Timer> timers = new ConcurrentHashMap<>();

  public OutboxMetrics(MeterRegistry registry) {
    this.registry = registry;
  }

  void sent(String channel, Duration sinceDue) {
    counter("relay.outbox.sent", channel, "").increment();
    timers
        .computeIfAbsent(
            channel,
            key ->
                Timer.builder("relay.outbox.due.to.sent")
                    .description("From being due to the carrier's yes")
                    .tag("channel", channel)
                    .register(registry))
        .record(sinceDue.isNegative() ? Duration.ZERO : sinceDue);
  }

  /** Nobody gets a delivery, for a reason of the closed list. */
  public void suppressed(String channel, String reason) {
    counter("relay.outbox.suppressed", channel, reason).increment();
  }

  void retried(String channel) {
    counter("relay.outbox.retried", channel, "").increment();
  }

  void dead(String channel) {
    counter("relay.outbox.dead", channel, "").increment();
  }

  private Counter counter(String name, String channel, String reason) {
    return counters.computeIfAbsent(
        name + ' ' + channel + ' ' + reason,
        key ->
            reason.isEmpty()
                ? registry.counter(name, "channel", channel)
                : registry.counter(name, "channel", channel, "reason", reason));
  }
}
