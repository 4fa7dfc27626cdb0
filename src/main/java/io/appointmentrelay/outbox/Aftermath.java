package io.appointmentrelay.outbox;

import io.appointmentrelay.appointment.Delivery;
import io.appointmentrelay.appointment.InFlight;
import io.appointmentrelay.settings.Settings;
import io.appointmentrelay.store.Seldom;
import io.appointmentrelay.store.StoreUnavailable;
import io.appointmentrelay.store.UncertainStore;
import io.appointmentrelay.store.UncertainStore.Uncertain;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * Settles what was in flight when a process ended. Where the carrier can be asked, its answer
 * decides; while it cannot be asked now, it is asked again later; where it can never be, the
 * channel's setting decides: sent again under the same message id, or held for an operator.
 */
public final class Aftermath {

  private static final Logger LOG = LoggerFactory.getLogger(Aftermath.class);

  /** A message that has just left is not at once in a carrier's list. */
  private static final Duration UNTIL_LISTED = Duration.ofSeconds(10);

  private static final Duration UNTIL_ASKED_AGAIN = Duration.ofSeconds(30);
  private static final int AT_ONCE = 1_000;

  private final Seldom complaint = new Seldom();
  private final UncertainStore store;
  private final Function<Delivery, String> keys;
  private final Settings settings;
  private final Clock clock;

  /**
   * @param keys a delivery's message key
   */
  public Aftermath(
      UncertainStore store, Function<Delivery, String> keys, Settings settings, Clock clock) {
    this.store = store;
    this.keys = keys;
    this.settings = settings;
    this.clock = clock;
  }

  /** Takes over what an earlier process left in flight. */
  void begin() {
    if (store.isShared()) {
      // Others may be sending: only a look tells what is nobody's.
      return;
    }
    int found = store.recover().join();
    if (found > 0) {
      LOG.warn(
          "{} deliveries were in flight when the last process ended; the carrier is asked, or relay.channel.<c>.on-uncertain decides",
          found);
    }
  }

  private void takeOver() {
    int found = store.recoverAbandoned().join();
    if (found > 0) {
      LOG.warn(
          "{} deliveries were in flight when a process went away; the carrier is asked, or relay.channel.<c>.on-uncertain decides",
          found);
    }
  }

  /**
   * Settles what can be settled now, one after another: two of one content must not both be found
   * in one message. Does not throw.
   *
   * @param consumers the channel's consumer by its name; absent: the channel has none now
   */
  void look(Function<String, @Nullable OutboxConsumer> consumers) {
    try {
      if (store.isShared()) {
        takeOver();
      }
      for (Uncertain one : store.due(clock.instant(), AT_ONCE)) {
        OutboxConsumer consumer = consumers.apply(one.delivery().channel());
        if (consumer != null) {
          settle(one, consumer);
        }
      }
    } catch (StoreUnavailable | CompletionException e) {
      if (complaint.now()) {
        LOG.warn("Deliveries in doubt cannot be settled now; trying again");
      }
    } catch (RuntimeException e) {
      LOG.error(
          "Settling deliveries in doubt failed by {}; trying again", e.getClass().getSimpleName());
    }
  }

  private void settle(Uncertain one, OutboxConsumer consumer) {
    InFlight left = one.inFlight();
    if (left == null || !consumer.canAsk()) {
      bySetting(one);
      return;
    }
    Instant now = clock.instant();
    Instant listed = left.at().plus(UNTIL_LISTED);
    if (now.isBefore(listed)) {
      store.askLater(one, listed).join();
      return;
    }
    List<String> found;
    try {
      found = ask(one, left, consumer);
    } catch (CannotAsk e) {
      couldNotAsk(one, Trouble.of(e, clock), now);
      return;
    }
    if (found.isEmpty()) {
      about(LOG.atInfo(), one)
          .log("Delivery {} had not left; it is sent again", one.delivery().id());
      store.notFound(one).join();
    } else {
      about(LOG.atInfo(), one).log("Delivery {} had left, says its carrier", one.delivery().id());
      store.found(one, left, found.get(0)).join();
    }
  }

  private List<String> ask(Uncertain one, InFlight left, OutboxConsumer consumer) throws CannotAsk {
    String key = keys.apply(one.delivery());
    List<String> ids =
        new ArrayList<>(consumer.ask(new SentQuestion(key, left.to(), left.digest(), left.at())));
    ids.removeAll(store.taken(ids));
    return ids;
  }

  private void couldNotAsk(Uncertain one, Trouble trouble, Instant now) {
    about(LOG.atWarn(), one)
        .log(
            "Whether delivery {} has left cannot be asked now ({})",
            one.delivery().id(),
            trouble.reason());
    if (trouble.kind() == Trouble.Kind.FOR_GOOD) {
      bySetting(one);
    } else {
      store.askLater(one, now.plus(UNTIL_ASKED_AGAIN)).join();
    }
  }

  private static LoggingEventBuilder about(LoggingEventBuilder log, Uncertain one) {
    return log.addKeyValue("delivery", one.delivery().id())
        .addKeyValue("channel", one.delivery().channel());
  }

  private void bySetting(Uncertain one) {
    if (settings.holdsUncertain(one.delivery().channel())) {
      about(LOG.atWarn(), one)
          .log(
              "Delivery {} may have left and is held; an operator can retry or cancel it",
              one.delivery().id());
      store.hold(one).join();
    } else {
      store.planAgain(one).join();
    }
  }

  /** The carrier has not answered. */
  static final class CannotAsk extends Exception {
    private static final long serialVersionUID = 1L;

    CannotAsk(Throwable cause) {
      super("A carrier answers whether it has a message; this one did not", cause);
    }
  }
}
