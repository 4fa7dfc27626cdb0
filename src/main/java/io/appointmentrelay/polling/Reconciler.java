package io.appointmentrelay.polling;

import io.appointmentrelay.appointment.AppointmentRecord;
import io.appointmentrelay.appointment.OtherEndUnavailable;
import io.appointmentrelay.appointment.UnusableAnswer;
import io.appointmentrelay.enrichment.AppointmentSearch;
import io.appointmentrelay.enrichment.Comparison;
import io.appointmentrelay.enrichment.Comparison.Finding;
import io.appointmentrelay.enrichment.FhirServers;
import io.appointmentrelay.intake.SourceKinds;
import io.appointmentrelay.settings.Settings.Source;
import io.appointmentrelay.store.PollStore;
import io.appointmentrelay.store.ReconciliationStore;
import io.appointmentrelay.store.ReconciliationStore.Difference;
import io.appointmentrelay.store.ReconciliationStore.Reconciliation;
import io.appointmentrelay.store.ReconciliationStore.Report;
import io.appointmentrelay.store.Seldom;
import io.appointmentrelay.store.Store;
import io.appointmentrelay.store.StoreUnavailable;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares all visits that a source's FHIR server has with what is known, each night or when
 * somebody asks: what notifications that were lost would have told enters the inbox, and a report
 * names it. One at a time; one that is broken off goes on where it was, after a restart too.
 */
public final class Reconciler implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Reconciler.class);

  /** A relay that was down at the time of night makes up for it so long; then it is day. */
  private static final Duration MAKES_UP_FOR_IT = Duration.ofHours(6);

  private static final Duration PAUSE = Duration.ofMinutes(1);
  private static final Duration GIVES_UP_AFTER = Duration.ofHours(6);
  private static final int MOST_NAMED = 10_000;

  private final Map<String, Source> sources;
  private final Store store;
  private final ReconciliationStore reconciliations;
  private final Supplier<FhirServers> servers;
  private final Intake inbox;
  private final Hearing hearing;
  private final Clock clock;
  private final Seldom complaint = new Seldom();
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "reconciler");
            thread.setDaemon(true);
            return thread;
          });
  private volatile boolean stopping;

  /** Does nothing until started. */
  public Reconciler(
      Map<String, Source> sources,
      Store store,
      Supplier<FhirServers> servers,
      Intake inbox,
      Hearing hearing,
      Clock clock) {
    this.sources = sources;
    this.store = store;
    this.reconciliations = store.reconciliations();
    this.servers = servers;
    this.inbox = inbox;
    this.hearing = hearing;
    this.clock = clock;
  }

  /** From now on looks once a second; it costs a look into an index that is empty. */
  public void start() {
    timer.scheduleWithFixedDelay(this::look, 1, 1, TimeUnit.SECONDS);
  }

  /**
   * Asks for one; it begins within a second or so. Completes with its id; empty: there is no such
   * source, or it has no FHIR server.
   *
   * @param from the first day of visits; absent: yesterday
   * @param to the last day; absent: as far ahead as {@code poll.window} says
   */
  public Optional<Long> ask(String name, @Nullable LocalDate from, @Nullable LocalDate to) {
    Source source = sources.get(name);
    if (source == null || source.fhir() == null) {
      return Optional.empty();
    }
    LocalDate today = clock.instant().atZone(source.zone()).toLocalDate();
    LocalDate first = from == null ? today.minusDays(1) : from;
    LocalDate last = to == null ? today.plusDays(source.watch().days()) : to;
    return Optional.of(
        reconciliations
            .ask(name, null, first, last.isBefore(first) ? first : last, clock.instant())
            .join());
  }

  private void look() {
    try {
      sources.values().forEach(this::askByNight);
      if (!stopping && reconciliations.anyDue(clock.instant())) {
        reconciliations.begin(clock.instant()).join().ifPresent(this::reconcile);
      }
    } catch (StoreUnavailable | CompletionException e) {
      if (complaint.now()) {
        LOG.warn("Reconciliation waits for the store");
      }
    } catch (RuntimeException e) {
      LOG.error("Reconciliation failed by {}", e.getClass().getName());
    }
  }

  private void askByNight(Source source) {
    LocalTime at = source.watch().reconcileAt();
    if (at == null || source.fhir() == null || stopping) {
      return;
    }
    ZonedDateTime now = clock.instant().atZone(source.zone());
    LocalDate night =
        now.toLocalTime().isBefore(at) ? now.toLocalDate().minusDays(1) : now.toLocalDate();
    Instant due = night.atTime(at).atZone(source.zone()).toInstant();
    boolean isNight = now.toInstant().isBefore(due.plus(MAKES_UP_FOR_IT));
    if (isNight && !reconciliations.lastNight(source.name()).equals(Optional.of(night))) {
      LocalDate today = now.toLocalDate();
      reconciliations
          .ask(
              source.name(),
              night,
              today.minusDays(1),
              today.plusDays(source.watch().days()),
              clock.instant())
          .join();
    }
  }

  private void reconcile(Reconciliation asked) {
    String trouble = "the relay stops";
    boolean mayGoOn = true;
    try {
      if (compare(asked)) {
        reconciliations.ended(asked.id(), clock.instant()).join();
        return;
      }
    } catch (OtherEndUnavailable | UnusableAnswer e) {
      trouble = String.valueOf(e.getMessage());
      mayGoOn = clock.instant().isBefore(asked.askedAt().plus(GIVES_UP_AFTER));
      LOG.warn(
          "Reconciliation {} of source {} {}: {}",
          asked.id(),
          asked.source(),
          mayGoOn ? "waits" : "is given up",
          trouble);
    } catch (StoreUnavailable | CompletionException e) {
      throw e;
    } catch (RuntimeException e) {
      trouble = "a failure of our own: " + e.getClass().getSimpleName();
      mayGoOn = false;
      LOG.error(
          "Reconciliation {} failed by {} {}",
          asked.id(),
          e.getClass().getSimpleName(),
          e.getStackTrace().length > 0 ? e.getStackTrace()[0] : "");
    }
    Instant now = clock.instant();
    Instant again = stopping ? now : now.plus(PAUSE);
    reconciliations.brokenOff(asked.id(), trouble, mayGoOn ? again : null, now).join();
  }

  private boolean compare(Reconciliation asked) {
    Source source = sources.get(asked.source());
    AppointmentSearch search =
        servers
            .get()
            .appointments(asked.source())
            .orElseThrow(
                () ->
                    new UnusableAnswer(
                        "A configured source with a FHIR server is expected; found none of that name. Configure it,"
                            + " then ask again."));
    if (source == null) {
      return true;
    }
    hearing.flush().join();
    Optional<Instant> first = firstAt(source);
    Comparison comparison =
        new Comparison(
            source,
            search,
            identifier -> store.appointment(source.group(), identifier),
            first.orElse(asked.askedAt()),
            first.isEmpty());
    Findings findings = new Findings(source, comparison, asked);
    Window window = new Window(source, search, comparison, store.polls(), findings, clock);
    boolean isDone = window.compare(asked.nextDay(), asked.to());
    if (isDone) {
      findings.comesTo(asked.to().plusDays(1));
      findings.tell();
    }
    return isDone;
  }

  private Optional<Instant> firstAt(Source source) {
    return store.polls().all().stream()
        .filter(poll -> poll.source().equals(source.name()))
        .map(PollStore.Poll::firstAt)
        .findFirst()
        .or(() -> store.silences().firstHeard(source.name()));
  }

  /** What comes out of one: written down before it is taken in, so that a crash forgets none. */
  private final class Findings implements Window.Notes {
    private final Source source;
    private final Comparison comparison;
    private final Reconciliation asked;
    private final Set<String> unknown;
    private final Map<String, Difference> differing = new LinkedHashMap<>();
    private final Set<String> left;
    private final Set<String> onlyKnownHere;
    private LocalDate nextDay;
    private int compared;

    Findings(Source source, Comparison comparison, Reconciliation asked) {
      this.source = source;
      this.comparison = comparison;
      this.asked = asked;
      Report before = asked.report();
      this.unknown = new LinkedHashSet<>(before.unknown());
      before.differing().forEach(one -> differing.put(one.identifier(), one));
      this.left = new LinkedHashSet<>(before.left());
      this.onlyKnownHere = new LinkedHashSet<>(before.onlyKnownHere());
      this.nextDay = asked.nextDay();
      this.compared = asked.compared();
    }

    @Override
    public void found(List<Finding> findings) {
      compared += findings.size();
      findings.forEach(this::note);
      write();
      List<CompletableFuture<?>> kept = new ArrayList<>();
      for (Finding finding : findings) {
        byte @Nullable [] notification = finding.notification();
        if (notification != null) {
          kept.add(inbox.takeIn(source, notification));
        }
      }
      kept.forEach(CompletableFuture::join);
    }

    private void note(Finding finding) {
      String identifier = finding.identifier();
      boolean isNamed = unknown.contains(identifier) || differing.containsKey(identifier);
      if (isNamed || unknown.size() + differing.size() + left.size() >= MOST_NAMED) {
        return;
      }
      switch (finding.kind()) {
        case UNKNOWN -> unknown.add(identifier);
        case DIFFERS -> differing.put(identifier, new Difference(identifier, finding.fields()));
        case LEFT -> left.add(identifier);
        case AS_KNOWN -> {
          // Nothing to report.
        }
      }
    }

    @Override
    public void gone(AppointmentRecord record, Instant askedAt) {
      if (onlyKnownHere.size() < MOST_NAMED) {
        onlyKnownHere.add(record.identifier());
      }
      write();
      byte @Nullable [] notification = comparison.gone(record, askedAt).notification();
      if (source.kind().equals(SourceKinds.FHIR_POLL) && notification != null) {
        inbox.takeIn(source, notification).join();
      }
    }

    @Override
    public void comesTo(LocalDate next) {
      nextDay = next;
      write();
    }

    @Override
    public boolean goesOn() {
      return !stopping;
    }

    private void write() {
      Report report =
          new Report(
              List.copyOf(unknown),
              List.copyOf(differing.values()),
              List.copyOf(left),
              List.copyOf(onlyKnownHere));
      reconciliations.comesTo(asked.id(), nextDay, compared, report).join();
    }

    private void tell() {
      LOG.info(
          "Reconciliation {} of source {}: {} visits compared, {} had been missed, {} differed, {} are only known here;"
              + " /api/reconciliations names them",
          asked.id(),
          source.name(),
          compared,
          unknown.size(),
          differing.size(),
          onlyKnownHere.size());
    }
  }

  @Override
  public void close() {
    stopping = true;
    timer.shutdown();
    try {
      if (!timer.awaitTermination(10, TimeUnit.SECONDS)) {
        timer.shutdownNow();
      }
    } catch (InterruptedException e) {
      timer.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }
}
