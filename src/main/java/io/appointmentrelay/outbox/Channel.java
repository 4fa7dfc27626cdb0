package io.appointmentrelay.outbox;

import io.appointmentrelay.appointment.Delivery;
import io.appointmentrelay.appointment.Nature;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One channel's due deliveries in memory. Deliveries of one lane go one after another, others
 * beside them, as many at once as the channel's route says.
 */
final class Channel {

  private static final int HELD_AT_MOST = 4_000;

  /**
   * For each that can be sent at once, so many may be judged and claimed ahead: enough to keep the
   * store's commits from slowing a fast end down, few enough that what a slow end gets was judged a
   * moment ago.
   */
  private static final int AHEAD = 8;

  private final OutboxConsumer consumer;
  private final Sending sending;
  private final ThreadPoolExecutor workers;
  private final Map<String, ArrayDeque<Delivery>> lanes = new HashMap<>();
  private final Set<Long> held = new HashSet<>();
  private final ArrayDeque<Delivery> startable = new ArrayDeque<>();
  private final AtomicInteger inFlight = new AtomicInteger();
  private volatile boolean closed;

  /** Turns that have begun and whose delivery has not left. */
  private int ahead;

  /**
   * Some due deliveries are in the store alone. Until a look has brought all of them, what is fresh
   * stays there too: taken in directly, it would overtake the older ones of its lane.
   */
  private boolean spilled;

  /** How often something was left to the store. */
  private int spills;

  Channel(OutboxConsumer consumer, Sending sending) {
    this.consumer = consumer;
    this.sending = sending;
    AtomicInteger number = new AtomicInteger();
    this.workers =
        new ThreadPoolExecutor(
            consumer.concurrency(),
            consumer.concurrency(),
            30,
            TimeUnit.SECONDS,
            // Every held delivery may have its lane's turn waiting, and each step of it comes one
            // at a time.
            new ArrayBlockingQueue<>(4 * HELD_AT_MOST),
            task -> {
              Thread thread =
                  new Thread(task, "outbox-" + consumer.channel() + '-' + number.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            });
    workers.allowCoreThreadTimeOut(true);
  }

  String name() {
    return consumer.channel();
  }

  OutboxConsumer consumer() {
    return consumer;
  }

  boolean serves(OutboxConsumer other) {
    return consumer.equals(other);
  }

  synchronized int room() {
    return closed ? 0 : HELD_AT_MOST - held.size();
  }

  synchronized int held() {
    return held.size();
  }

  boolean isSending() {
    return inFlight.get() > 0;
  }

  /** Takes what was just planned, unless older ones wait in the store. */
  synchronized void offerFresh(Delivery delivery) {
    if (spilled) {
      spills++;
    } else {
      take(delivery);
    }
  }

  synchronized int spills() {
    return spills;
  }

  /**
   * Takes what a look into the store has brought, the longest due first.
   *
   * @param whole there was nothing more in the store
   * @param spillsBefore how often something was left to the store when the look began
   */
  synchronized void offerFetched(List<Delivery> deliveries, boolean whole, int spillsBefore) {
    inOrder(deliveries).forEach(this::take);
    if (whole && spills == spillsBefore) {
      spilled = false;
    }
  }

  /**
   * A clock that was set back makes a later event of a lane due before an earlier one. Begun with,
   * it would be refused for the earlier one's sake, which waits behind it: for ever.
   */
  private static List<Delivery> inOrder(List<Delivery> deliveries) {
    boolean areEvents = deliveries.stream().allMatch(delivery -> delivery.nature() == Nature.EVENT);
    return areEvents
        ? deliveries.stream().sorted(Comparator.comparingLong(Delivery::id)).toList()
        : deliveries;
  }

  private void take(Delivery delivery) {
    if (held.contains(delivery.id())) {
      return;
    }
    if (closed || held.size() >= HELD_AT_MOST) {
      leaveToTheStore();
      return;
    }
    held.add(delivery.id());
    ArrayDeque<Delivery> lane = lanes.get(delivery.lane());
    if (lane == null) {
      lanes.put(delivery.lane(), new ArrayDeque<>());
      start(delivery);
    } else {
      lane.add(delivery);
    }
  }

  private void leaveToTheStore() {
    spilled = true;
    spills++;
  }

  private void start(Delivery delivery) {
    startable.add(delivery);
    startAhead();
  }

  private void startAhead() {
    while (ahead < AHEAD * consumer.concurrency() && !startable.isEmpty()) {
      ahead++;
      Delivery delivery = startable.remove();
      workers.execute(
          () -> {
            inFlight.incrementAndGet();
            if (closed) {
              inFlight.decrementAndGet();
            } else {
              sending.send(delivery, consumer, workers, new Turn(delivery));
            }
          });
    }
  }

  private final class Turn implements Sending.Turn {
    private final Delivery delivery;
    private boolean isAhead = true;

    Turn(Delivery delivery) {
      this.delivery = delivery;
    }

    @Override
    public void waits() {
      synchronized (Channel.this) {
        noLongerAhead();
      }
    }

    @Override
    public boolean leaves() {
      synchronized (Channel.this) {
        noLongerAhead();
        return !closed;
      }
    }

    @Override
    public void ended(Sending.Outcome outcome) {
      synchronized (Channel.this) {
        noLongerAhead();
        Channel.this.ended(delivery, outcome);
      }
    }

    private void noLongerAhead() {
      if (isAhead) {
        isAhead = false;
        ahead--;
        startAhead();
      }
    }
  }

  private void ended(Delivery delivery, Sending.Outcome outcome) {
    inFlight.decrementAndGet();
    held.remove(delivery.id());
    ArrayDeque<Delivery> lane = lanes.get(delivery.lane());
    if (lane == null) {
      return;
    }
    if (outcome == Sending.Outcome.LATER) {
      // What is behind it in the lane was put off with it: the store brings all of them when they
      // are due.
      lane.forEach(waiting -> held.remove(waiting.id()));
      lane.clear();
      leaveToTheStore();
    }
    Delivery next = lane.poll();
    if (next == null) {
      lanes.remove(delivery.lane());
    } else {
      start(next);
    }
  }

  /**
   * Starts nothing more and gives back what is claimed and has not left; what is being sent goes on
   * to its end. For both the workers stay; they go when they have had nothing to do for a while.
   */
  void close() {
    closed = true;
  }
}
