package io.appointmentrelay.polling;

import com.fasterxml.jackson.databind.JsonNode;
import io.appointmentrelay.appointment.AppointmentRecord;
import io.appointmentrelay.appointment.OtherEndUnavailable;
import io.appointmentrelay.appointment.UnusableAnswer;
import io.appointmentrelay.enrichment.AppointmentSearch;
import io.appointmentrelay.enrichment.Comparison;
import io.appointmentrelay.enrichment.Comparison.Finding;
import io.appointmentrelay.enrichment.FhirServers;
import io.appointmentrelay.settings.Settings.Source;
import io.appointmentrelay.store.PollStore.Poll;
import io.appointmentrelay.store.Store;
import io.appointmentrelay.store.StoreUnavailable;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Polls sources: asks what has changed since the last time where the server understands that, and
 * now and then, or else each time, compares all visits of the coming days. What differs from what
 * is known goes into the inbox; what is as known goes nowhere. Of several processes one polls. A
 * poll that is broken off, by whatever, goes on where it was with the next one.
 */
public final class Polls {

  private static final Logger LOG = LoggerFactory.getLogger(Polls.class);

  /** What was deleted is found by no search for changes: only comparing everything finds it. */
  private static final Duration COMPARES_ALL_EVERY = Duration.ofHours(1);

  /** Clocks differ by no more. */
  private static final Duration CLOCKS_DIFFER = Duration.ofHours(1);

  /** Ticks of several processes are not at the same moment, nor exactly as far apart. */
  private static final int TENTHS = 9;

  private final Store store;
  private final Supplier<FhirServers> servers;
  private final Intake inbox;
  private final MeterRegistry metrics;
  private final Clock clock;
  private final Set<String> underWay = ConcurrentHashMap.newKeySet();
  private volatile boolean stopping;

  /**
   * Does nothing until asked.
   *
   * @param servers asked for each time: they are built when the ports are known
   */
  public Polls(
      Store store,
      Supplier<FhirServers> servers,
      Intake inbox,
      MeterRegistry metrics,
      Clock clock) {
    this.store = store;
    this.servers = servers;
    this.inbox = inbox;
    this.metrics = metrics;
    this.clock = clock;
  }

  /** From now on polls break off, and none begins. */
  public void stop() {
    stopping = true;
  }

  /** Polls, if it is time; waits for the end. Fails never: it says what went wrong, and how. */
  void poll(Source source) {
    if (stopping || !underWay.add(source.name())) {
      return;
    }
    try {
      Duration atLeast = source.watch().every().multipliedBy(TENTHS).dividedBy(10);
      Poll poll = store.polls().begin(source.name(), clock.instant(), atLeast).join().orElse(null);
      if (poll != null) {
        poll(source, poll);
      }
    } catch (StoreUnavailable | CompletionException e) {
      LOG.warn("Source {} cannot be polled while the store is away; trying again", source.name());
    } finally {
      underWay.remove(source.name());
    }
  }

  private void poll(Source source, Poll poll) {
    String trouble = "the relay stops";
    try {
      AppointmentSearch search =
          servers
              .get()
              .appointments(source.name())
              .orElseThrow(() -> new UnusableAnswer("No FHIR server is configured"));
      if (ask(new Asked(source, poll, search))) {
        store.polls().ended(poll, clock.instant()).join();
        count(source, "polls", "ended");
        return;
      }
    } catch (OtherEndUnavailable | UnusableAnswer e) {
      trouble = String.valueOf(e.getMessage());
      LOG.warn("Poll of source {} broken off; the next one goes on: {}", source.name(), trouble);
    } catch (StoreUnavailable | CompletionException e) {
      throw e;
    } catch (RuntimeException e) {
      trouble = "a failure of our own: " + e.getClass().getSimpleName();
      LOG.error(
          "Poll of source {} failed by {} {}",
          source.name(),
          e.getClass().getSimpleName(),
          e.getStackTrace().length > 0 ? e.getStackTrace()[0] : "");
    }
    count(source, "polls", "broken off");
    store.polls().brokenOff(poll, trouble).join();
  }

  private record Asked(Source source, Poll poll, AppointmentSearch search) {}

  /** False: it was broken off because the relay stops. */
  private boolean ask(Asked asked) {
    Poll poll = asked.poll();
    String source = asked.source().name();
    Instant from = store.subscriptions().searchedUntil(source).orElse(null);
    boolean isUnderstood = from != null && asked.search().mayKnowChanges() && changes(asked, from);
    Instant comparedAt = poll.comparedAt();
    boolean comparesAll =
        !isUnderstood
            || poll.nextDay() != null
            || comparedAt == null
            || !clock.instant().isBefore(comparedAt.plus(COMPARES_ALL_EVERY));
    return !stopping && (!comparesAll || all(asked)) && !stopping;
  }

  /** False: the server does not know changes. */
  private boolean changes(Asked asked, Instant from) {
    Comparison comparison = comparison(asked);
    Progress progress = new Progress(from);
    boolean isUnderstood =
        asked
            .search()
            .changedSince(
                from,
                page -> {
                  Instant askedAt = clock.instant();
                  List<Finding> findings = new ArrayList<>();
                  for (JsonNode appointment : page) {
                    comparison.of(appointment, askedAt).ifPresent(findings::add);
                  }
                  takeIn(asked.source(), findings);
                  progress.passes(page, askedAt.plus(CLOCKS_DIFFER));
                  if (progress.isInOrder) {
                    reached(asked.source(), progress.newest);
                  }
                  return !stopping;
                });
    if (isUnderstood && !stopping) {
      reached(asked.source(), progress.newest);
    }
    return isUnderstood;
  }

  /** How far a search for changes has come, by the server's clock. */
  private static final class Progress {
    private Instant newest;
    private boolean isInOrder = true;

    Progress(Instant from) {
      this.newest = from;
    }

    /** A time that lies ahead of any clock would end all searches for ever. */
    void passes(List<JsonNode> page, Instant latest) {
      Instant before = Instant.MIN;
      for (JsonNode appointment : page) {
        Instant updated = AppointmentSearch.updated(appointment);
        if (updated == null || updated.isAfter(latest)) {
          continue;
        }
        isInOrder &= !updated.isBefore(before);
        before = updated;
        newest = updated.isAfter(newest) ? updated : newest;
      }
    }
  }

  private void reached(Source source, Instant until) {
    store.subscriptions().searchedUntil(source.name(), until).join();
  }

  private boolean all(Asked asked) {
    Source source = asked.source();
    Poll poll = asked.poll();
    Instant begun = clock.instant();
    LocalDate first = begun.atZone(source.zone()).toLocalDate().minusDays(1);
    LocalDate last = first.plusDays(source.watch().days() + 1L);
    LocalDate cameTo = poll.nextDay();
    boolean goesOn = cameTo != null && cameTo.isAfter(first) && !cameTo.isAfter(last);
    Window window =
        new Window(
            source, asked.search(), comparison(asked), store.polls(), new Notes(asked), clock);
    if (!window.compare(goesOn ? Objects.requireNonNull(cameTo) : first, last)) {
      return false;
    }
    if (store.subscriptions().searchedUntil(source.name()).isEmpty()) {
      reached(source, begun.minus(CLOCKS_DIFFER));
    }
    store.polls().compared(poll, clock.instant()).join();
    return true;
  }

  private final class Notes implements Window.Notes {
    private final Asked asked;

    Notes(Asked asked) {
      this.asked = asked;
    }

    @Override
    public void found(List<Finding> findings) {
      takeIn(asked.source(), findings);
    }

    @Override
    public void gone(AppointmentRecord record, Instant askedAt) {
      takeIn(asked.source(), List.of(comparison(asked).gone(record, askedAt)));
      count(asked.source(), "polled", "gone");
    }

    @Override
    public void comesTo(LocalDate nextDay) {
      store.polls().comesTo(asked.poll(), nextDay).join();
    }

    @Override
    public boolean goesOn() {
      return !stopping;
    }
  }

  private Comparison comparison(Asked asked) {
    Source source = asked.source();
    Poll poll = asked.poll();
    return new Comparison(
        source,
        asked.search(),
        identifier -> store.appointment(source.group(), identifier),
        poll.firstAt(),
        poll.comparedAt() == null);
  }

  private void takeIn(Source source, List<Finding> findings) {
    List<CompletableFuture<?>> kept = new ArrayList<>();
    for (Finding finding : findings) {
      byte @Nullable [] notification = finding.notification();
      if (notification != null) {
        kept.add(inbox.takeIn(source, notification));
        count(source, "polled", finding.kind().name().toLowerCase(Locale.ROOT));
      }
    }
    kept.forEach(CompletableFuture::join);
    if (!kept.isEmpty()) {
      LOG.info(
          "Poll of source {} found {} that differ from what is known", source.name(), kept.size());
    }
  }

  private void count(Source source, String what, String outcome) {
    metrics.counter("relay." + what, "source", source.name(), "outcome", outcome).increment();
  }
}
