package io.appointmentrelay;

import io.appointmentrelay.appointment.OtherEndUnavailable;
import io.appointmentrelay.appointment.UnusableAnswer;
import io.appointmentrelay.enrichment.FhirServers;
import io.appointmentrelay.enrichment.Findings;
import io.appointmentrelay.enrichment.MissedEvents;
import io.appointmentrelay.store.StoreUnavailable;
import io.appointmentrelay.store.SubscriptionStore;
import io.appointmentrelay.store.SubscriptionStore.Gap;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks for events of subscriptions that have not come though later ones have, after waiting for
 * them a while: by their numbers, else by a search. A server that is down is asked again; a gap
 * that nobody can fill is given up, and all of it is said in the log and kept.
 */
final class GapFiller implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(GapFiller.class);
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(5);
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(10);

  /** Its clock and ours may differ by so much when only our time of arrival is known. */
  private static final Duration CLOCKS_DIFFER = Duration.ofHours(1);

  private final SubscriptionStore store;
  private final Supplier<FhirServers> servers;
  private final Findings findings;
  private final Duration wait;
  private final Duration giveUp;
  private final Clock clock;
  private final Map<Long, Attempts> attempts = new HashMap<>();
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "subscription-gaps");
            thread.setDaemon(true);
            return thread;
          });

  private record Attempts(Instant next, Duration pause) {}

  /**
   * Does nothing until started.
   *
   * @param wait how long what was overtaken is waited for
   * @param giveUp after so long a gap is no longer asked for
   */
  GapFiller(
      SubscriptionStore store,
      Supplier<FhirServers> servers,
      Findings findings,
      Duration wait,
      Duration giveUp,
      Clock clock) {
    this.store = store;
    this.servers = servers;
    this.findings = findings;
    this.wait = wait;
    this.giveUp = giveUp;
    this.clock = clock;
  }

  /** From now on looks once a second; it costs a look into an index that is empty. */
  void start() {
    timer.scheduleWithFixedDelay(this::look, 1, 1, TimeUnit.SECONDS);
  }

  private void look() {
    try {
      List<Gap> open = store.openGaps();
      Set<Long> ids = new HashSet<>();
      open.forEach(gap -> ids.add(gap.id()));
      attempts.keySet().retainAll(ids);
      open.forEach(this::lookAt);
    } catch (StoreUnavailable | CompletionException e) {
      LOG.warn("Gaps in subscriptions cannot be read now; trying again");
    } catch (RuntimeException e) {
      LOG.error("Filling gaps in subscriptions failed by {}", e.getClass().getName());
    }
  }

  private void lookAt(Gap gap) {
    Instant now = clock.instant();
    Attempts tried = attempts.get(gap.id());
    boolean waits = now.isBefore(gap.openedAt().plus(wait));
    if (waits || (tried != null && now.isBefore(tried.next()))) {
      return;
    }
    if (tried == null) {
      say("Gap opened", gap, "they are asked for");
    }
    Duration pause = tried == null ? FIRST_PAUSE : longer(tried.pause());
    attempts.put(gap.id(), new Attempts(now.plus(pause), pause));
    try {
      fill(gap);
    } catch (OtherEndUnavailable | UnusableAnswer e) {
      say("Gap open", gap, "the FHIR server gives no answer to that; it is asked again");
      giveUpIfLate(gap, now);
    }
  }

  private static Duration longer(Duration pause) {
    Duration twice = pause.multipliedBy(2);
    return twice.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : twice;
  }

  private void fill(Gap gap) {
    Optional<MissedEvents> server = servers.get().missedEvents(gap.source());
    if (server.isEmpty()) {
      giveUpIfLate(gap, clock.instant());
      return;
    }
    MissedEvents missed = server.get();
    store.asked(gap, clock.instant()).join();
    Optional<byte[]> events = missed.numbered(gap.subscription(), gap.first(), gap.last());
    events.ifPresent(body -> findings.takeIn(gap.source(), body));
    boolean isFilled =
        events.isPresent() && store.openGaps().stream().noneMatch(one -> one.id() == gap.id());
    if (isFilled) {
      say("Gap closed", gap, "the server had kept them");
      return;
    }
    Instant since = gap.beforeAt().minus(CLOCKS_DIFFER);
    List<byte[]> changed = missed.changedSince(since, "gap-" + gap.id());
    changed.forEach(body -> findings.takeIn(gap.source(), body));
    if (store.close(gap, "searched for", clock.instant()).join()) {
      say("Gap closed", gap, "a search found what has changed since");
    }
  }

  private void giveUpIfLate(Gap gap, Instant now) {
    if (now.isAfter(gap.openedAt().plus(giveUp))) {
      store.close(gap, "given up", now).join();
      say("Gap given up", gap, "compare the source's appointments by hand");
    }
  }

  private static void say(String what, Gap gap, String more) {
    LOG.warn(
        "{}: events {} to {} of a subscription of source {} had not come; {}",
        what,
        gap.first(),
        gap.last(),
        gap.source(),
        more);
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
