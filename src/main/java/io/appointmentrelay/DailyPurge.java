package io.appointmentrelay;

import io.appointmentrelay.store.PurgeLimits;
import io.appointmentrelay.store.PurgeStore;
import io.appointmentrelay.store.PurgeStore.Purged;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Purges once a day in the small hours of the clinic, or as soon as it can when a day was missed.
 * Of several relays on one store one does it. What fails is made up for on the next day.
 */
final class DailyPurge implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(DailyPurge.class);
  private static final int FROM_HOUR = 2;
  private static final int TO_HOUR = 5;
  private static final long LOOK_EVERY_SECONDS = 60;

  private final PurgeStore store;
  private final Function<Instant, PurgeLimits> limits;
  private final ZoneId zone;
  private final Clock clock;
  private volatile boolean open = true;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "daily-purge");
            thread.setDaemon(true);
            return thread;
          });

  /** Does nothing until started. */
  DailyPurge(PurgeStore store, Function<Instant, PurgeLimits> limits, ZoneId zone, Clock clock) {
    this.store = store;
    this.limits = limits;
    this.zone = zone;
    this.clock = clock;
  }

  void start() {
    timer.scheduleWithFixedDelay(
        this::look, LOOK_EVERY_SECONDS, LOOK_EVERY_SECONDS, TimeUnit.SECONDS);
  }

  private void look() {
    try {
      if (isTime() && store.begin(today()).join()) {
        purge();
      }
    } catch (RuntimeException e) {
      // The message may quote a value.
      LOG.warn(
          "Today's purge did not come to its end ({}); tomorrow's goes on with it",
          e.getClass().getName());
    }
  }

  /** Whether today's is due. */
  boolean isTime() {
    ZonedDateTime now = clock.instant().atZone(zone);
    LocalDate last = store.lastDay().orElse(null);
    boolean isQuiet = now.getHour() >= FROM_HOUR && now.getHour() < TO_HOUR;
    boolean wasMissed = last != null && last.isBefore(today().minusDays(1));
    return (isQuiet || wasMissed) && (last == null || last.isBefore(today()));
  }

  private LocalDate today() {
    return LocalDate.ofInstant(clock.instant(), zone);
  }

  private void purge() {
    PurgeLimits now = limits.apply(clock.instant());
    Purged all = new Purged(0, 0, 0);
    String next = null;
    do {
      PurgeStore.Step step = store.step(now, false, next);
      all = all.plus(step.purged());
      next = step.next();
    } while (next != null && open);
    LOG.info(
        "Purged: {} bodies of notifications, {} deliveries, {} appointments",
        all.bodies(),
        all.deliveries(),
        all.appointments());
  }

  /** Does not begin another step. */
  @Override
  public void close() {
    open = false;
    timer.shutdown();
    try {
      if (!timer.awaitTermination(10, TimeUnit.SECONDS)) {
        LOG.warn("The purge is still at a step; what is not written yet comes tomorrow");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
