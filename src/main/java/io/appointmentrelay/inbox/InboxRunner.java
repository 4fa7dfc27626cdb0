package io.appointmentrelay.inbox;

import io.appointmentrelay.appointment.AppointmentEvent;
import io.appointmentrelay.appointment.Notice;
import io.appointmentrelay.appointment.OtherEndUnavailable;
import io.appointmentrelay.appointment.Plan;
import io.appointmentrelay.appointment.Plan.Verdict;
import io.appointmentrelay.appointment.Run;
import io.appointmentrelay.intake.ReadingContext;
import io.appointmentrelay.intake.SourceKinds;
import io.appointmentrelay.intake.UnreadableNotification;
import io.appointmentrelay.settings.RetryPolicy;
import io.appointmentrelay.settings.Settings;
import io.appointmentrelay.settings.Settings.Source;
import io.appointmentrelay.store.AlreadySettled;
import io.appointmentrelay.store.InboxStore;
import io.appointmentrelay.store.NotItsTurn;
import io.appointmentrelay.store.Planned;
import io.appointmentrelay.store.Position;
import io.appointmentrelay.store.Seldom;
import io.appointmentrelay.store.StoreUnavailable;
import io.appointmentrelay.store.VersionConflict;
import io.appointmentrelay.store.WaitingPart;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * Runs waiting parts through their sources' routes: one after another per ordering key, others
 * beside it; again after a failure, parked after the last attempt. What a run causes is committed
 * with its end, or not at all.
 */
public final class InboxRunner implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(InboxRunner.class);
  private static final int WORKERS = Math.max(4, 2 * Runtime.getRuntime().availableProcessors());
  private static final Duration WITHOUT_ROUTE = Duration.ofMillis(200);
  private static final Duration UNTIL_ITS_TURN = Duration.ofMillis(100);

  /** Who waits for a time of day looks at the clock again and again: it may have been set right. */
  private static final Duration LOOKS_EVERY = Duration.ofMinutes(1);

  /** How long a part waits at most before it tries the store again. */
  private static final Duration STORE_AT_MOST = Duration.ofSeconds(5);

  private final InboxStore store;
  private final Backlog backlog;
  private final Rush rush = new Rush();
  private final RetryPolicy retry;
  private final Duration giveUp;
  private final Clock clock;
  private final InboxMetrics metrics;
  private final Consumer<Planned> planned;
  private final Map<String, InboxConsumer> consumers = new ConcurrentHashMap<>();
  private final ExecutorService workers = Executors.newFixedThreadPool(WORKERS, named("inbox-"));
  private final Map<String, ExecutorService> askers = new ConcurrentHashMap<>();
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(named("inbox-timer-"));
  private final AtomicInteger running = new AtomicInteger();
  private final Seldom complaint = new Seldom();
  private volatile boolean open;
  private int membersBefore = 1;

  /**
   * @param giveUp a part that another system keeps waiting is parked so long after its arrival
   * @param planned told of what each run has put into the outbox
   */
  public InboxRunner(
      InboxStore store,
      RetryPolicy retry,
      Duration giveUp,
      Clock clock,
      InboxMetrics metrics,
      Consumer<Planned> planned) {
    this.store = store;
    this.backlog = new Backlog(store);
    this.retry = retry;
    this.giveUp = giveUp;
    this.clock = clock;
    this.metrics = metrics;
    this.planned = planned;
  }

  private static java.util.concurrent.ThreadFactory named(String prefix) {
    AtomicInteger number = new AtomicInteger();
    return task -> {
      Thread thread = new Thread(task, prefix + number.incrementAndGet());
      thread.setDaemon(true);
      return thread;
    };
  }

  /** Begins with what an earlier process left waiting. */
  public void start() {
    open = true;
    backlog.startFromStore();
    timer.scheduleWithFixedDelay(this::refill, 0, 100, TimeUnit.MILLISECONDS);
  }

  private void refill() {
    try {
      int members = store.members();
      if (members > 1 || members != membersBefore) {
        // What others took in may be ours to run, and what one that is gone had to run.
        backlog.startFromStore();
      }
      membersBefore = members;
      backlog.refill().forEach(this::schedule);
    } catch (StoreUnavailable e) {
      if (complaint.now()) {
        LOG.warn("Waiting notifications cannot be read now; trying again");
      }
    }
  }

  void add(InboxConsumer consumer) {
    consumers.put(consumer.source().name(), consumer);
  }

  void remove(InboxConsumer consumer) {
    consumers.remove(consumer.source().name(), consumer);
  }

  /** Takes parts that were just kept; never blocks. */
  void offer(List<WaitingPart> parts) {
    if (store.members() > 1) {
      // Which of the processes runs them, and behind what, is seen in the store.
      return;
    }
    backlog.offer(parts).forEach(this::schedule);
  }

  /** Something may be kept that nobody was told of: a connection was lost while it was. */
  void lookAgain() {
    backlog.startFromStore();
  }

  /** Runs a parked part again, with its original arrival; false if it is not parked. */
  public CompletableFuture<Boolean> replay(Position position) {
    return store
        .replay(position)
        .thenApply(
            part -> {
              part.ifPresent(p -> backlog.offerReplayed(p).forEach(this::schedule));
              return part.isPresent();
            });
  }

  /** How many parts wait in memory or run. */
  public int held() {
    return backlog.size();
  }

  private void schedule(String key) {
    if (open) {
      workers.execute(() -> runHead(key));
    }
  }

  /** Told of every notification that comes. */
  Rush rush() {
    return rush;
  }

  private void runHead(String key) {
    rush.letSendersPass();
    WaitingPart part = backlog.start(key);
    if (part == null) {
      return;
    }
    InboxConsumer consumer = consumers.get(part.source());
    Duration wait = Duration.between(clock.instant(), part.due());
    if (consumer == null) {
      wait = WITHOUT_ROUTE;
    }
    if (consumer == null || !open || wait.toMillis() > 0) {
      backlog.again(part);
      wake(key, wait);
      return;
    }
    threadsOf(consumer.source()).execute(() -> attempt(consumer, part));
  }

  /**
   * Who asks a FHIR server waits for it: on threads of the source's own, as many as it may have
   * connections, so that a slow server holds up nobody else.
   */
  private Executor threadsOf(Source source) {
    Settings.Fhir fhir = source.fhir();
    return fhir == null
        ? Runnable::run
        : askers.computeIfAbsent(
            source.name(),
            name -> Executors.newFixedThreadPool(fhir.connections(), named("inbox-" + name + "-")));
  }

  private void attempt(InboxConsumer consumer, WaitingPart part) {
    running.incrementAndGet();
    if (!open) {
      again(part);
      return;
    }
    try {
      run(consumer, part);
    } catch (RuntimeException | Error e) {
      // Also an Error: nobody else would ever let the next part of this lane start.
      failed(part, e);
    }
  }

  private void wake(String key, Duration wait) {
    if (open) {
      long millis = Math.min(wait.toMillis(), LOOKS_EVERY.toMillis());
      timer.schedule(() -> schedule(key), Math.max(1, millis), TimeUnit.MILLISECONDS);
    }
  }

  private void run(InboxConsumer consumer, WaitingPart part) {
    Source source = consumer.source();
    Plan plan = new Plan();
    byte[] body = part.body() != null ? part.body() : store.body(part.position().message());
    Notice notice;
    try {
      notice =
          ReadingLimit.SHARED.within(
              body.length,
              () ->
                  SourceKinds.reader(source.kind(), body)
                      .read(
                          body,
                          part.position().part() - 1,
                          new ReadingContext(source.zone(), part.receivedAt())));
    } catch (UnreadableNotification unreadable) {
      plan.add(new Verdict.Parked(String.valueOf(unreadable.getMessage())));
      commit(part, plan);
      return;
    }
    Run run =
        new Run(part.id(), source.name(), source.group(), source.zone(), part.receivedAt(), plan);
    consumer.run(
        notice,
        run,
        failure -> {
          if (failure != null) {
            failed(part, failure);
          } else if (plan.verdict() == null) {
            failed(part, new NoVerdict(plan.verdictCount()));
          } else {
            commit(part, plan);
          }
        });
  }

  private void commit(WaitingPart part, Plan plan) {
    store
        .commit(part, plan)
        .whenComplete(
            (caused, failure) -> {
              if (failure != null) {
                workers.execute(() -> failed(part, failure));
                return;
              }
              settled(part);
              count(part, plan);
              planned.accept(caused);
            });
  }

  private void count(WaitingPart part, Plan plan) {
    if (plan.verdict() instanceof Verdict.Parked) {
      metrics.parked(part.source());
      about(LOG.atInfo(), part)
          .log(
              "Notification {} of source {} is parked; /api/notifications/{} says why",
              part.id(),
              part.source(),
              part.id());
    } else {
      metrics.processed(part.source(), Duration.between(part.receivedAt(), clock.instant()));
      AppointmentEvent event = plan.event();
      LOG.debug(
          "Notification {} of source {}: {}",
          part.id(),
          part.source(),
          event == null ? "nothing of an appointment" : event.kind());
    }
  }

  private static LoggingEventBuilder about(LoggingEventBuilder log, WaitingPart part) {
    return log.addKeyValue("notification", part.id()).addKeyValue("source", part.source());
  }

  private void settled(WaitingPart part) {
    running.decrementAndGet();
    if (backlog.settled(part)) {
      schedule(part.orderingKey());
    }
  }

  private void failed(WaitingPart part, Throwable thrown) {
    Throwable failure =
        thrown instanceof CompletionException && thrown.getCause() != null
            ? thrown.getCause()
            : thrown;
    if (failure instanceof AlreadySettled) {
      settled(part);
      return;
    }
    if (failure instanceof VersionConflict) {
      again(part);
      return;
    }
    if (failure instanceof NotItsTurn) {
      wait(part, UNTIL_ITS_TURN, failure);
      return;
    }
    if (StoreUnavailable.in(failure) != null) {
      Duration ours = retry.delayAfter(part.attempts() + 1);
      Duration delay = ours.compareTo(STORE_AT_MOST) < 0 ? ours : STORE_AT_MOST;
      wait(part.failed(false, clock.instant().plus(delay)), delay, failure);
      return;
    }
    OtherEndUnavailable otherEnd = OtherEndUnavailable.in(failure);
    boolean counts = otherEnd == null;
    WaitingPart next = part.failed(counts, clock.instant().plus(delay(part, otherEnd)));
    if (next.failures() >= retry.attempts()) {
      park(part, retry.attempts() + " times", failure);
    } else if (otherEnd != null && next.due().isAfter(part.receivedAt().plus(giveUp))) {
      park(part, "since its arrival, for " + giveUp, failure);
    } else {
      retryLater(next, failure);
    }
  }

  /** No fault of this part, and nothing to write down: it waits in memory. */
  private void wait(WaitingPart part, Duration delay, Throwable failure) {
    LOG.debug("Notification {} waits by {}", part.id(), Failure.where(failure));
    running.decrementAndGet();
    backlog.again(part);
    wake(part.orderingKey(), delay);
  }

  private Duration delay(WaitingPart part, @Nullable OtherEndUnavailable otherEnd) {
    Duration ours = retry.delayAfter(part.attempts() + 1);
    Duration wish = otherEnd == null ? null : otherEnd.retryAfter();
    return wish != null && wish.compareTo(ours) > 0 ? wish : ours;
  }

  private void park(WaitingPart part, String howOften, Throwable failure) {
    about(LOG.atError(), part)
        .log(
            "Notification {} of source {} failed {} and is parked; last by: {}",
            part.id(),
            part.source(),
            howOften,
            Failure.where(failure));
    Plan plan = new Plan();
    plan.add(
        new Verdict.Parked(
            "The route of this source was expected to end with one verdict; it failed "
                + howOften
                + ", last by: "
                + Failure.where(failure)
                + ". Correct the cause, then replay it."));
    commit(part, plan);
  }

  private void retryLater(WaitingPart next, Throwable failure) {
    metrics.retried(next.source());
    Instant due = next.due();
    about(LOG.atWarn(), next)
        .log(
            "Notification {} of source {} failed by {}; attempt {} follows at {}",
            next.id(),
            next.source(),
            Failure.where(failure),
            next.attempts() + 1,
            due);
    store
        .failed(next)
        .whenComplete(
            (written, notWritten) -> {
              running.decrementAndGet();
              backlog.again(next);
              wake(next.orderingKey(), Duration.between(clock.instant(), due));
            });
  }

  private void again(WaitingPart part) {
    running.decrementAndGet();
    backlog.again(part);
    schedule(part.orderingKey());
  }

  /** Starts nothing more. */
  public void halt() {
    open = false;
  }

  /** Starts nothing more and waits for what runs; true if all of it ended in time. */
  public boolean drain(Duration atMost) {
    halt();
    long begun = System.nanoTime();
    while (running.get() > 0 && System.nanoTime() - begun < atMost.toNanos()) {
      java.util.concurrent.locks.LockSupport.parkNanos(5_000_000);
    }
    return running.get() == 0;
  }

  @Override
  public void close() {
    open = false;
    timer.shutdownNow();
    workers.shutdownNow();
    askers.values().forEach(ExecutorService::shutdownNow);
  }

  /** A route that ends without a verdict, or with two, is a fault of the route. */
  private static final class NoVerdict extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NoVerdict(int verdicts) {
      super(
          "A route ends with exactly one of timeline:<claim>, timeline:slots, inbox:noted and inbox:parked; found "
              + verdicts
              + ". Correct the route of this source.");
    }
  }
}
