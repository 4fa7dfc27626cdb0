package io.appointmentrelay;

import io.appointmentrelay.console.Health;
import io.appointmentrelay.console.Health.Check;
import io.appointmentrelay.console.Health.Status;
import io.appointmentrelay.door.Door;
import io.appointmentrelay.enrichment.ServerHealth;
import io.appointmentrelay.intake.SourceKinds;
import io.appointmentrelay.settings.Settings.Source;
import io.appointmentrelay.store.BrakeStore;
import io.appointmentrelay.store.Database;
import io.appointmentrelay.store.PollStore.Poll;
import io.appointmentrelay.store.Store;
import io.appointmentrelay.store.StoreUnavailable;
import io.appointmentrelay.store.SubscriptionStore.Gap;
import io.appointmentrelay.store.WaitingWork;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;

/** Looks at the store, and at what waits in it. */
final class HealthChecks implements Supplier<Health> {

  /** What waits longer than this is held up by something. */
  private static final Duration WAITING_LONG = Duration.ofMinutes(10);

  /** So many polls may fail in a row before it is said. */
  private static final int MISSES = 3;

  private final Store store;
  private final WaitingWork waiting;
  private final Supplier<List<ServerHealth>> fhirServers;
  private final Supplier<Optional<Door.Certificate>> certificate;
  private final Collection<Source> sources;
  private final Clock clock;

  HealthChecks(
      Store store,
      Database database,
      Supplier<List<ServerHealth>> fhirServers,
      Supplier<Optional<Door.Certificate>> certificate,
      Collection<Source> sources,
      Clock clock) {
    this.certificate = certificate;
    this.store = store;
    this.fhirServers = fhirServers;
    this.waiting = new WaitingWork(database);
    this.sources = sources;
    this.clock = clock;
  }

  @Override
  public Health get() {
    List<Check> checks = new ArrayList<>(List.of(store()));
    try {
      checks.addAll(List.of(inbox(), outbox()));
      brake().ifPresent(checks::add);
      checks.addAll(polls());
      checks.addAll(silences());
    } catch (StoreUnavailable e) {
      checks.add(new Check("waiting", Status.DOWN, "cannot be read"));
    }
    fhirServers.get().forEach(server -> checks.add(fhir(server)));
    gaps().ifPresent(checks::add);
    certificate.get().ifPresent(shown -> checks.add(tls(shown)));
    return Health.of(checks);
  }

  /** An EHR in trouble is no reason to restart or to bypass us: what needs it waits. */
  private static Check fhir(ServerHealth server) {
    Status status = server.serving() ? Status.UP : Status.DEGRADED;
    return new Check("fhir " + server.source(), status, server.detail());
  }

  private static Check tls(Door.Certificate shown) {
    return new Check("tls", shown.good() ? Status.UP : Status.DEGRADED, shown.detail());
  }

  private Check store() {
    try {
      store.probe();
      return new Check("store", Status.UP, "writes");
    } catch (CompletionException e) {
      return new Check("store", Status.DOWN, "cannot write; senders are told to come back");
    }
  }

  private Check inbox() {
    WaitingWork.Waiting now = waiting.notifications();
    return new Check("inbox", slow(now), detail(now));
  }

  private Check outbox() {
    WaitingWork.Waiting now = waiting.dueDeliveries(clock.instant());
    return new Check("outbox", slow(now), detail(now));
  }

  /** Events that have not come are being asked for, or nobody can be asked. */
  private Optional<Check> gaps() {
    List<Gap> open = store.subscriptions().openGaps();
    return open.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Check(
                "subscriptions",
                Status.DEGRADED,
                "events are missing in "
                    + open.size()
                    + " gaps since "
                    + open.get(0).openedAt()
                    + "; see /api/subscriptions"));
  }

  /** A source that is polled, and for how long no poll has come to its end. */
  private List<Check> polls() {
    List<Check> checks = new ArrayList<>();
    for (Poll poll : store.polls().all()) {
      for (Source source : sources) {
        if (source.name().equals(poll.source()) && source.kind().equals(SourceKinds.FHIR_POLL)) {
          checks.add(poll(poll, source.watch().every()));
        }
      }
    }
    return checks;
  }

  private Check poll(Poll poll, Duration every) {
    Instant ended = poll.endedAt() == null ? poll.firstAt() : poll.endedAt();
    Duration late = every.multipliedBy(MISSES).plus(WAITING_LONG);
    boolean isLate = clock.instant().isAfter(ended.plus(late));
    String trouble = poll.trouble() == null ? "" : "; the last was broken off";
    return new Check(
        "poll " + poll.source(),
        isLate ? Status.DEGRADED : Status.UP,
        (poll.endedAt() == null ? "none has ended yet" : "ended at " + poll.endedAt()) + trouble);
  }

  private List<Check> silences() {
    return store.silences().lasting().stream()
        .map(
            silence ->
                new Check(
                    "silence " + silence.source(),
                    Status.DEGRADED,
                    "quieter than usual: nothing heard since " + silence.since()))
        .toList();
  }

  /** What waits for an operator is shown; what does not, is no news. */
  private Optional<Check> brake() {
    BrakeStore.Status status = store.brake().status();
    return status.isPulled()
        ? Optional.of(
            new Check(
                "brake",
                Status.DEGRADED,
                status.held() + " messages to people wait for a release since " + status.pulled()))
        : Optional.empty();
  }

  private Status slow(WaitingWork.Waiting now) {
    return now.age(clock.instant()).compareTo(WAITING_LONG) > 0 ? Status.DEGRADED : Status.UP;
  }

  private String detail(WaitingWork.Waiting now) {
    return now.count() == 0
        ? "nothing waits"
        : now.count() + " wait, the oldest for " + now.age(clock.instant()).toSeconds() + " s";
  }
}
