package io.appointmentrelay;

import io.appointmentrelay.store.Database;
import io.appointmentrelay.store.SilenceStore;
import io.appointmentrelay.store.Store;
import io.appointmentrelay.store.SubscriptionStore;
import io.appointmentrelay.store.WaitingWork;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import java.time.Clock;
import java.util.Set;

/** What is so at the moment somebody asks: how much waits, and for how long. */
final class Gauges {

  private Gauges() {}

  static void register(MeterRegistry registry, Database database, Store store, Clock clock) {
    WaitingWork waiting = new WaitingWork(database);
    Gauge.builder("relay.inbox.waiting", waiting, work -> work.notifications().count())
        .description("Notifications received and not settled")
        .strongReference(true)
        .register(registry);
    Gauge.builder(
            "relay.inbox.waiting.oldest.seconds",
            waiting,
            work -> work.notifications().age(clock.instant()).toSeconds())
        .description("How long the longest waiting notification has waited")
        .strongReference(true)
        .register(registry);
    Gauge.builder("relay.inbox.parked.now", waiting, WaitingWork::parked)
        .description("Notifications set aside for an operator")
        .strongReference(true)
        .register(registry);
    Gauge.builder("relay.outbox.planned", waiting, WaitingWork::plannedDeliveries)
        .description("Deliveries planned, for now or later")
        .strongReference(true)
        .register(registry);
    Gauge.builder(
            "relay.outbox.due.oldest.seconds",
            waiting,
            work -> work.dueDeliveries(clock.instant()).age(clock.instant()).toSeconds())
        .description("How long the longest overdue delivery has been due")
        .strongReference(true)
        .register(registry);
    Gauge.builder("relay.outbox.brake", store, one -> one.brake().status().isPulled() ? 1 : 0)
        .description("1 while messages to people wait for an operator's release")
        .strongReference(true)
        .register(registry);
    Gauge.builder("relay.store.writes.waiting", store, Store::writesWaiting)
        .description("Units of work that wait for the store's writer")
        .strongReference(true)
        .register(registry);
    new JvmMemoryMetrics().bindTo(registry);
  }

  /** Of a source that numbers its events. */
  static void register(MeterRegistry registry, SubscriptionStore store, String source) {
    Gauge.builder("relay.subscription.gaps", store, gaps -> open(gaps, source))
        .description("Runs of events that have not come though later ones have")
        .tag("source", source)
        .tag("state", "open")
        .strongReference(true)
        .register(registry);
    Gauge.builder("relay.subscription.gaps", store, gaps -> gaps.closedGaps(source))
        .description("Runs of events that have not come though later ones have")
        .tag("source", source)
        .tag("state", "closed")
        .strongReference(true)
        .register(registry);
  }

  /** Whether sources are quieter than usual. */
  static void register(MeterRegistry registry, SilenceStore store, Set<String> sources) {
    for (String source : sources) {
      Gauge.builder("relay.source.silent", store, one -> isSilent(one, source) ? 1 : 0)
          .description("1 while a source is quieter than its usual hours")
          .tag("source", source)
          .strongReference(true)
          .register(registry);
    }
  }

  private static boolean isSilent(SilenceStore store, String source) {
    return store.lasting().stream().anyMatch(silence -> silence.source().equals(source));
  }

  private static long open(SubscriptionStore store, String source) {
    return store.openGaps().stream().filter(gap -> gap.source().equals(source)).count();
  }
}
