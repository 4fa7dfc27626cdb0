package io.appointmentrelay.outbox;

import io.appointmentrelay.appointment.AppointmentRecord;
import io.appointmentrelay.appointment.Delivery;
import io.appointmentrelay.appointment.InFlight;
import io.appointmentrelay.appointment.Nature;
import io.appointmentrelay.appointment.NotWritten;
import io.appointmentrelay.appointment.Pace;
import io.appointmentrelay.appointment.PlannedDelivery;
import io.appointmentrelay.appointment.ReachLimits;
import io.appointmentrelay.appointment.Reason;
import io.appointmentrelay.appointment.Told;
import io.appointmentrelay.appointment.Why;
import io.appointmentrelay.appointment.WritebackOrder;
import io.appointmentrelay.messaging.Address;
import io.appointmentrelay.messaging.Judge;
import io.appointmentrelay.messaging.Judge.Ruling;
import io.appointmentrelay.messaging.Masked;
import io.appointmentrelay.settings.RetryPolicy;
import io.appointmentrelay.settings.Settings;
import io.appointmentrelay.settings.Settings.Source;
import io.appointmentrelay.store.OutboxStore;
import io.appointmentrelay.store.OutboxStore.Reach;
import io.appointmentrelay.store.OutboxStore.Terms;
import io.appointmentrelay.store.StoreUnavailable;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * Takes one delivery from due to its end: judged, claimed, worded, sent, and written down; or put
 * off, or ended.
 */
public final class Sending {

  private static final Logger LOG = LoggerFactory.getLogger(Sending.class);

  private static final Executor WRITE_AGAIN =
      CompletableFuture.delayedExecutor(500, TimeUnit.MILLISECONDS);

  /** The rule's name in a delivery's why. */
  private static final String LOOK = "second look";

  /** The inbox needs a moment to take a change in. */
  private static final Duration AFTER_CHANGE = Duration.ofSeconds(2);

  private static final Duration AFTER_SILENCE = Duration.ofSeconds(30);

  private static final Duration WHILE_HELD = Duration.ofMinutes(1);

  /** What became of a turn. */
  enum Outcome {
    /** Settled, or somebody else's by now. */
    OVER,
    /** Planned for later. */
    LATER
  }

  private final OutboxStore store;
  private final Judge judge;
  private final Freshness freshness;
  private final Composer composer;
  private final Settings settings;
  private final RetryPolicy retry;
  private final ReachLimits limits;
  private final @Nullable Pace pace;
  private final OutboxMetrics metrics;
  private final Writebacks writebacks;
  private final Clock clock;

  public Sending(
      OutboxStore store,
      Judge judge,
      Freshness freshness,
      Composer composer,
      Settings settings,
      OutboxMetrics metrics,
      Clock clock) {
    this.store = store;
    this.judge = judge;
    this.freshness = freshness;
    this.composer = composer;
    this.settings = settings;
    this.retry = settings.outboxRetry();
    this.pace = Pace.parse(settings.messaging().restraint().brake()).orElse(null);
    this.limits = ReachLimits.parse(settings.messaging().restraint().limit());
    this.metrics = metrics;
    this.writebacks = new Writebacks(settings, clock);
    this.clock = clock;
  }

  /**
   * What a claimed delivery needs to leave.
   *
   * @param message the body of its channel's route
   * @param answered for the EHR: what its answer is about
   */
  private record Ready(Object message, @Nullable Told tells, @Nullable Answered answered) {
    Ready(OutgoingMessage message, @Nullable Told tells) {
      this(message, tells, null);
    }
  }

  /** What an answer for the EHR is about, and how it was judged. */
  private record Answered(AppointmentRecord appointment, List<Why> why) {}

  /** What a channel has to say to a turn of a delivery, and wants to hear of it. */
  interface Turn {
    /** It waits for somebody who is not this channel's end: others may go ahead. */
    void waits();

    /** Asked when it is claimed and about to leave; false: it is not to leave any more. */
    boolean leaves();

    /** Told exactly once, on any thread. */
    void ended(Outcome outcome);
  }

  /** Where a turn goes. */
  private record Way(OutboxConsumer consumer, Executor workers, Turn turn) {}

  /** Handles one turn of a delivery. Does not throw. */
  void send(Delivery delivery, OutboxConsumer consumer, Executor workers, Turn turn) {
    Way way = new Way(consumer, workers, turn);
    try {
      CompletableFuture<Outcome> course =
          Writebacks.is(delivery)
              ? writeBack(delivery, way, false)
              : delivery.nature() == Nature.EVENT
                  ? tell(delivery, way)
                  : judgeAndTell(delivery, way, null);
      course.whenComplete(
          (outcome, failure) -> {
            if (failure != null) {
              about(LOG.atWarn(), delivery)
                  .log(
                      "Delivery {} could not be handled now ({}); it stays planned",
                      delivery.id(),
                      failure.getClass().getSimpleName());
            }
            turn.ended(failure == null ? outcome : Outcome.LATER);
          });
    } catch (StoreUnavailable e) {
      LOG.debug("Delivery {} cannot be judged while the store is away", delivery.id());
      turn.ended(Outcome.LATER);
    } catch (RuntimeException e) {
      about(LOG.atError(), delivery)
          .log(
              "Delivery {} could not be judged ({} {}); it stays planned",
              delivery.id(),
              e.getClass().getSimpleName(),
              e.getStackTrace().length > 0 ? e.getStackTrace()[0] : "");
      turn.ended(Outcome.LATER);
    }
  }

  private CompletableFuture<Outcome> tell(Delivery delivery, Way way) {
    Ready ready = new Ready(composer.event(delivery), null);
    Terms terms = new Terms(OutboxStore.ANY_REVISION, null, List.of(), null, null, null);
    return claimAndSend(delivery, terms, ready, way);
  }

  /**
   * @param looked whether the EHR was asked how things are, as far as it answered
   */
  private CompletableFuture<Outcome> writeBack(Delivery delivery, Way way, boolean looked) {
    OutboxStore.Knowledge known = store.knowledge(delivery);
    AppointmentRecord appointment = known.appointment();
    Writebacks.Judged judged = writebacks.judge(delivery, appointment, composer.key(delivery));
    WritebackOrder order = judged.order();
    if (order == null) {
      Reason reason = Objects.requireNonNull(judged.objection(), "an objection, or an order");
      metrics.suppressed(delivery.channel(), reason.words());
      List<PlannedDelivery> tasks = writebacks.tasks(delivery, appointment, reason);
      return store.suppress(delivery, reason, judged.why(), tasks).thenApply(done -> Outcome.OVER);
    }
    if (!looked && freshness.isDoubtful(appointment, known.knownAt())) {
      way.turn().waits();
      return freshness
          .ask(appointment)
          .thenComposeAsync(
              finding -> lookedBefore(delivery, known, finding, judged.why(), way), way.workers());
    }
    Terms terms = new Terms(appointment.revision(), order.source(), judged.why(), null, null, null);
    Ready ready = new Ready(order, null, new Answered(appointment, judged.why()));
    return claimAndSend(delivery, terms, ready, way);
  }

  /** An EHR that cannot be asked cannot be written to either: trying says so. */
  private CompletableFuture<Outcome> lookedBefore(
      Delivery delivery,
      OutboxStore.Knowledge known,
      Freshness.Finding finding,
      List<Why> why,
      Way way) {
    Instant now = clock.instant();
    if (finding == Freshness.Finding.CHANGED) {
      return waitForEhr(delivery, now, why, true);
    }
    return finding == Freshness.Finding.AS_KNOWN
        ? store
            .confirmed(delivery, known.appointment().revision(), now)
            .thenComposeAsync(done -> writeBack(delivery, way, true), way.workers())
        : writeBack(delivery, way, true);
  }

  /**
   * @param looked what came of asking the EHR again; absent: it was not asked
   */
  private CompletableFuture<Outcome> judgeAndTell(
      Delivery delivery, Way way, @Nullable Why looked) {
    OutboxStore.Knowledge known = store.knowledge(delivery);
    Told told = known.assumed();
    Source source = settings.sources().get(known.appointment().source());
    ZoneId placeZone = known.appointment().details().zone();
    ZoneId sourceZone = source == null ? settings.clinic().zone() : source.zone();
    ZoneId zone = placeZone == null ? sourceZone : placeZone;
    String region = source == null ? settings.clinic().region() : source.region();
    Ruling ruling =
        judge.judge(
            delivery,
            new Judge.Knowledge(known.appointment(), told, zone, region),
            clock.instant());
    if (ruling instanceof Ruling.Suppress suppress) {
      metrics.suppressed(delivery.channel(), suppress.reason().words());
      return store
          .suppress(delivery, suppress.reason(), suppress.why())
          .thenApply(done -> Outcome.OVER);
    }
    if (ruling instanceof Ruling.Hold hold) {
      return hold(delivery, hold.reason(), hold.why());
    }
    if (ruling instanceof Ruling.Defer defer) {
      return store
          .defer(delivery, clock.instant(), defer.until(), defer.reason(), defer.why())
          .thenApply(done -> Outcome.LATER);
    }
    Ruling.Send send = (Ruling.Send) ruling;
    boolean isTask = delivery.nature() == Nature.TASK;
    if (looked == null && !isTask && freshness.isDoubtful(known.appointment(), known.knownAt())) {
      way.turn().waits();
      return freshness
          .ask(known.appointment())
          .thenComposeAsync(
              finding -> lookedAgain(delivery, known, finding, send.why(), way), way.workers());
    }
    List<Why> why = new ArrayList<>(send.why());
    if (looked != null) {
      why.add(looked);
    }
    Composer.Composed composed =
        composer.message(delivery, send.recipient(), send.text(), known.appointment(), told, zone);
    why.add(new Why(clock.instant(), "PHI tier", "ok", composed.phi().word()));
    // What a reply brings about says of the visit only what that reply needs; a task nothing.
    boolean tellsOfVisit = !isTask && delivery.nature() != Nature.ANSWER;
    Told tells = tellsOfVisit ? Told.of(known.appointment()).notedAs(known.told()) : null;
    Ready ready = new Ready(composed.message(), tells);
    Terms terms =
        new Terms(
            known.appointment().revision(),
            Masked.of(send.recipient()),
            why,
            reach(delivery, send),
            inFlight(composed.message(), tells),
            pace,
            composed.texted());
    return claimAndSend(delivery, terms, ready, way);
  }

  private CompletableFuture<Outcome> lookedAgain(
      Delivery delivery,
      OutboxStore.Knowledge known,
      Freshness.Finding finding,
      List<Why> why,
      Way way) {
    Instant now = clock.instant();
    if (finding == Freshness.Finding.AS_KNOWN) {
      Why asKnown = new Why(now, LOOK, "ok", "the EHR was asked again");
      return store
          .confirmed(delivery, known.appointment().revision(), now)
          .thenComposeAsync(done -> judgeAndTell(delivery, way, asKnown), way.workers());
    }
    boolean changed = finding == Freshness.Finding.CHANGED;
    if (!changed && now.isAfter(judge.patience(delivery))) {
      String detail = "the EHR could not be asked; what was known at " + known.knownAt() + " holds";
      return judgeAndTell(delivery, way, new Why(now, LOOK, "not confirmed", detail));
    }
    return waitForEhr(delivery, now, why, changed);
  }

  private CompletableFuture<Outcome> waitForEhr(
      Delivery delivery, Instant now, List<Why> why, boolean changed) {
    List<Why> all = new ArrayList<>(why);
    String detail = changed ? "it says something else; the inbox has it" : "it cannot be asked now";
    all.add(new Why(now, LOOK, Reason.WAITS_FOR_EHR.words(), detail));
    Duration wait = changed ? AFTER_CHANGE : AFTER_SILENCE;
    return store
        .putOff(delivery, now.plus(wait), Reason.WAITS_FOR_EHR, all)
        .thenApply(done -> Outcome.LATER);
  }

  private CompletableFuture<Outcome> claimAndSend(
      Delivery delivery, Terms terms, Ready ready, Way way) {
    return store
        .claim(delivery, terms, clock.instant())
        .exceptionallyCompose(failure -> unheard(delivery, failure))
        .thenComposeAsync(
            claim ->
                claim.delivery() != null
                    ? handOver(claim.delivery(), ready, way)
                    : notClaimed(delivery, terms, claim.verdict()),
            way.workers());
  }

  /** A claim of which nobody heard whether it was kept is given back before anybody goes on. */
  private CompletableFuture<OutboxStore.Claim> unheard(Delivery delivery, Throwable failure) {
    StoreUnavailable unavailable = StoreUnavailable.in(failure);
    return unavailable != null && unavailable.mayBeDone()
        ? untilWritten(() -> store.takeBack(delivery))
            .thenCompose(done -> CompletableFuture.failedFuture(failure))
        : CompletableFuture.failedFuture(failure);
  }

  /** What objected in the claim's own transaction is written down as if it had been judged. */
  private CompletableFuture<Outcome> notClaimed(
      Delivery delivery, Terms terms, OutboxStore.Verdict verdict) {
    return switch (verdict) {
      case OVER_LIMIT -> {
        metrics.suppressed(delivery.channel(), Reason.LIMIT.words());
        List<Why> why = new ArrayList<>(terms.why());
        why.add(new Why(clock.instant(), "limit", Reason.LIMIT.words(), "reached meanwhile"));
        yield store.suppress(delivery, Reason.LIMIT, why).thenApply(done -> Outcome.OVER);
      }
      case BRAKED -> {
        LOG.warn(
            "More messages to people are due than relay.messaging.brake lets go ({}); the rest waits"
                + " for an operator: look at /api/deliveries, then release the brake",
            pace);
        yield hold(
            delivery,
            Reason.BRAKE,
            List.of(new Why(clock.instant(), "brake", Reason.BRAKE.words(), "more than " + pace)));
      }
      case CLAIMED, JUDGE_AGAIN -> CompletableFuture.completedFuture(Outcome.LATER);
    };
  }

  /** Its release makes it due at once; until then a look now and then is enough. */
  private CompletableFuture<Outcome> hold(Delivery delivery, Reason reason, List<Why> why) {
    return store
        .putOff(delivery, clock.instant().plus(WHILE_HELD), reason, why)
        .thenApply(done -> Outcome.LATER);
  }

  private @Nullable Reach reach(Delivery delivery, Ruling.Send send) {
    LocalDate day = send.countedOn();
    return day == null
        ? null
        : new Reach(delivery.id(), Address.key(send.recipient()), day, limits);
  }

  private @Nullable InFlight inFlight(OutgoingMessage message, @Nullable Told tells) {
    String to = message.recipient();
    return to == null
        ? null
        : new InFlight(
            clock.instant(), to, SentQuestion.digest(message.key(), to, message.text()), tells);
  }

  private CompletableFuture<Outcome> handOver(Delivery delivery, Ready ready, Way way) {
    if (!way.turn().leaves()) {
      return untilWritten(() -> store.release(delivery)).thenApply(done -> Outcome.LATER);
    }
    CompletableFuture<Outcome> outcome = new CompletableFuture<>();
    way.consumer()
        .send(
            ready.message(),
            (providerId, failure) ->
                written(delivery, ready, providerId, failure, way.consumer().canAsk())
                    .whenComplete(
                        (result, notWritten) -> {
                          if (notWritten == null) {
                            outcome.complete(result);
                          } else {
                            outcome.completeExceptionally(notWritten);
                          }
                        }));
    return outcome;
  }

  /**
   * Not of which appointment: what an EHR calls it can be anything. The delivery's id leads there.
   */
  private static LoggingEventBuilder about(LoggingEventBuilder log, Delivery delivery) {
    return log.addKeyValue("delivery", delivery.id()).addKeyValue("channel", delivery.channel());
  }

  private CompletableFuture<Outcome> written(
      Delivery delivery,
      Ready ready,
      @Nullable String providerId,
      @Nullable Throwable failure,
      boolean canAsk) {
    Instant now = clock.instant();
    if (failure == null) {
      metrics.sent(delivery.channel(), Duration.between(delivery.due(), now));
      return untilWritten(() -> store.sent(delivery, now, providerId, ready.tells()))
          .thenApply(done -> Outcome.OVER);
    }
    Answered answered = ready.answered();
    NotWritten moot = NotWritten.in(failure);
    if (moot != null && answered != null) {
      Reason reason = moot.reason();
      metrics.suppressed(delivery.channel(), reason.words());
      List<Why> why = new ArrayList<>(answered.why());
      why.add(new Why(now, "the EHR itself", reason.words(), String.valueOf(moot.getMessage())));
      List<PlannedDelivery> tasks = writebacks.tasks(delivery, answered.appointment(), reason);
      return untilWritten(() -> store.withdraw(delivery, reason, why, tasks))
          .thenApply(done -> Outcome.OVER);
    }
    Trouble trouble = Trouble.of(failure, clock);
    if (delivery.nature() != Nature.EVENT && Trouble.leavesDoubt(failure)) {
      metrics.retried(delivery.channel());
      Instant settled = canAsk ? now : now.plus(delay(delivery, trouble));
      return untilWritten(() -> store.inDoubt(delivery, settled)).thenApply(done -> Outcome.OVER);
    }
    boolean counts = trouble.kind() == Trouble.Kind.COUNTED;
    if (isOver(delivery, trouble, now)) {
      metrics.dead(delivery.channel());
      about(LOG.atWarn(), delivery)
          .log(
              "Delivery {} on {} is dead: {}; an operator can retry it",
              delivery.id(),
              delivery.channel(),
              trouble.reason());
      List<PlannedDelivery> tasks =
          answered == null
              ? List.of()
              : writebacks.tasks(delivery, answered.appointment(), trouble.reason());
      return untilWritten(() -> store.dead(delivery, counts, trouble.reason(), tasks))
          .thenApply(done -> Outcome.OVER);
    }
    metrics.retried(delivery.channel());
    Instant due = now.plus(delay(delivery, trouble));
    return untilWritten(() -> store.retry(delivery, due, counts, trouble.reason()))
        .thenApply(done -> Outcome.LATER);
  }

  /**
   * What has happened outside cannot be taken back: while the store cannot write, it is kept in
   * mind and written when it can, so that nothing is sent twice or forgotten half-way.
   */
  private static <T> CompletableFuture<T> untilWritten(Supplier<CompletableFuture<T>> write) {
    return write
        .get()
        .exceptionallyCompose(
            failure ->
                isStoreUnavailable(failure)
                    ? CompletableFuture.supplyAsync(() -> write, WRITE_AGAIN)
                        .thenCompose(Sending::untilWritten)
                    : CompletableFuture.failedFuture(failure));
  }

  private static boolean isStoreUnavailable(Throwable failure) {
    return failure instanceof StoreUnavailable || failure.getCause() instanceof StoreUnavailable;
  }

  private boolean isOver(Delivery delivery, Trouble trouble, Instant now) {
    boolean givenUp = now.isAfter(delivery.planned().plus(settings.giveUp()));
    return switch (trouble.kind()) {
      case FOR_GOOD -> true;
      case COUNTED -> delivery.failures() + 1 >= retry.attempts();
      case OTHER_END -> givenUp;
    };
  }

  private Duration delay(Delivery delivery, Trouble trouble) {
    Duration usual = retry.delayAfter(delivery.attempts());
    Duration wish = trouble.retryAfter();
    return wish != null && wish.compareTo(usual) > 0 ? wish : usual;
  }
}
