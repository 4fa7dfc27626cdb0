package io.appointmentrelay.outbox;

import io.appointmentrelay.appointment.KnownPreparation;
import io.appointmentrelay.appointment.Reason;
import io.appointmentrelay.appointment.Replan;
import io.appointmentrelay.appointment.Replan.Difference;
import io.appointmentrelay.appointment.ReplanReport;
import io.appointmentrelay.store.ReplanStore;
import io.appointmentrelay.store.ReplanStore.Visit;
import io.appointmentrelay.store.ReplanStore.Visits;
import io.appointmentrelay.store.StoreUnavailable;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.apache.camel.CamelContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Holds what waits ahead of visits, and after them, against what the routes in force would plan
 * now, and if confirmed makes the one into the other: visit by visit, each in a transaction of its
 * own that does nothing if the visit or its deliveries have changed since they were looked at.
 *
 * <p>One call looks at visits for some seconds at most and says where to go on, so that neither the
 * inbox nor the memory feels how many there are. A visit that a route fails for is left alone.
 */
public final class Replanner {

  private static final Logger LOG = LoggerFactory.getLogger(Replanner.class);
  private static final int AT_ONCE = 200;
  private static final int TRIES = 3;
  private static final Duration LOOKS_FOR = Duration.ofSeconds(5);

  private final ReplanStore store;
  private final Supplier<@Nullable CamelContext> routes;
  private final ZoneId clinicZone;
  private final OutboxMetrics metrics;
  private final Clock clock;

  /**
   * @param routes absent while the relay starts
   */
  public Replanner(
      ReplanStore store,
      Supplier<@Nullable CamelContext> routes,
      ZoneId clinicZone,
      OutboxMetrics metrics,
      Clock clock) {
    this.store = store;
    this.routes = routes;
    this.clinicZone = clinicZone;
    this.metrics = metrics;
    this.clock = clock;
  }

  /** A difference that was found, on its way into the store. */
  private record Change(Visit visit, Difference difference, CompletableFuture<Boolean> done) {}

  /**
   * Looks at the next visits to come.
   *
   * @param confirm whether to change what differs
   * @param after the {@code next} of the page before
   * @throws StoreUnavailable while the relay starts, or if the store is
   * @throws io.appointmentrelay.store.WrongCursor if {@code after} is none of its own
   */
  public ReplanReport run(boolean confirm, @Nullable String after) {
    CamelContext context = routes.get();
    if (context == null || !context.isStarted()) {
      throw new StoreUnavailable("The routes are not in force yet; try again in a moment");
    }
    long end = System.nanoTime() + LOOKS_FOR.toNanos();
    ReplanTally tally = new ReplanTally();
    try (PathsAsked paths = new PathsAsked(context, clinicZone, clock)) {
      String next = after;
      do {
        Visits some = store.toCome(clock.instant(), next, AT_ONCE);
        look(some.visits(), paths, confirm, tally);
        next = some.next();
      } while (next != null && System.nanoTime() < end);
      if (tally.failures() > 0) {
        LOG.warn("Re-planning has left {} appointments alone: a route failed", tally.failures());
      }
      return tally.report(confirm, next);
    }
  }

  private void look(List<Visit> visits, PathsAsked paths, boolean confirm, ReplanTally tally) {
    List<Change> changes = new ArrayList<>();
    for (Visit visit : visits) {
      tally.lookedAt();
      Change change = attempt(visit, paths, confirm, tally);
      if (change != null) {
        changes.add(change);
      }
    }
    for (Change change : changes) {
      settle(change, paths, tally);
    }
  }

  /** Null: nothing differs, or a route failed. */
  private @Nullable Change attempt(
      Visit visit, PathsAsked paths, boolean confirm, ReplanTally tally) {
    List<KnownPreparation> known = store.preparation(visit);
    Instant start = Objects.requireNonNull(visit.record().details().start(), "it is to come");
    Instant now = clock.instant();
    Difference difference;
    try {
      difference = Replan.of(paths.about(visit), known, start, now);
    } catch (PathsAsked.PathFailed failed) {
      LOG.debug("Re-planning leaves appointment {} alone: {}", visit.id(), failed.getMessage());
      tally.failed(visit);
      return null;
    }
    if (confirm && !difference.isNone()) {
      return new Change(visit, difference, store.apply(visit, known, difference, now));
    }
    tally.found(visit, difference);
    return null;
  }

  /** Waits for a change; what was overtaken is looked at anew, some times. */
  private void settle(Change first, PathsAsked paths, ReplanTally tally) {
    Change change = first;
    for (int tries = 1; change != null; tries++) {
      if (change.done().join()) {
        tally.found(change.visit(), change.difference());
        change
            .difference()
            .dropped()
            .forEach(gone -> metrics.suppressed(gone.channel(), Reason.REPLANNED.words()));
        return;
      }
      Visit now = store.again(change.visit(), clock.instant()).orElse(null);
      if (now == null) {
        // It is off, or has begun: nothing waits that could be changed.
        return;
      }
      if (tries == TRIES) {
        tally.changedMeanwhile();
        return;
      }
      change = attempt(now, paths, true, tally);
    }
  }
}
