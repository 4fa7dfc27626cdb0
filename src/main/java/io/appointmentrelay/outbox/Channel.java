package io.appointmentrelay.outbox;

import io.appointmentrelay.appointment.Delivery;
import java.util.ArrayDeque;
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

  private final OutboxConsumer consumer;
  private final Sending sending;
  private final ThreadPoolExecutor workers;
  private final Map<String, ArrayDeque<Delivery>> lanes = new HashMap<>();
  private final Set<Long> held = new HashSet<>();
  private final AtomicInteger inFlight = new AtomicInteger();
  private volatile boolean closed;

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

  /** Takes deliveries that are not held already. */
  synchronized void offer(List<Delivery> deliveries) {
    for (Delivery delivery : deliveries) {
      if (closed || held.size() >= HELD_AT_MOST || !held.add(delivery.id())) {
        continue;
      }
      ArrayDeque<Delivery> lane = lanes.get(delivery.lane());
      if (lane == null) {
        lanes.put(delivery.lane(), new ArrayDeque<>());
        start(delivery);
      } else {
        lane.add(delivery);
      }
    }
  }

  private void start(Delivery delivery) {
    workers.execute(
        () -> {
          if (closed) {
            return;
          }
          inFlight.incrementAndGet();
          sending.send(delivery, consumer, workers, outcome -> ended(delivery, outcome));
        });
  }

  private synchronized void ended(Delivery delivery, Sending.Outcome outcome) {
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
    }
    Delivery next = lane.poll();
    if (next == null) {
      lanes.remove(delivery.lane());
    } else {
      start(next);
    }
  }

  /** Starts nothing more; what is being sent goes on. */
  void close() {
    closed = true;
    workers.shutdown();
  }
}
