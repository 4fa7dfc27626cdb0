package io.appointmentrelay.outbox;

import io.appointmentrelay.appointment.Delivery;
import io.appointmentrelay.store.OutboxStore;
import io.appointmentrelay.store.Seldom;
import io.appointmentrelay.store.StoreUnavailable;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds deliveries that are due and hands them to their channels: fresh ones at once, the others by
 * looking often.
 */
public final class OutboxRunner implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(OutboxRunner.class);
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(200);

  /**
   * A channel that has so much in memory is looked after for at every tenth look only: it has
   * enough to do, and each look reads what it holds again.
   */
  private static final int HOLDS_ENOUGH = 500;

  private static final int LOOKS_WHILE_IT_DOES = 10;

  private final OutboxStore store;
  private final Aftermath aftermath;
  private final Clock clock;
  private final Function<OutboxConsumer, Channel> channels;
  private final Map<String, Channel> open = new ConcurrentHashMap<>();
  private final ScheduledExecutorService timer = timer("outbox-timer");

  /** Of its own: carriers take their time to answer. */
  private final ScheduledExecutorService doubts = timer("outbox-doubts");

  private final Seldom complaint = new Seldom();
  private volatile boolean started;
  private long looks;

  public OutboxRunner(OutboxStore store, Sending sending, Aftermath aftermath, Clock clock) {
    this.store = store;
    this.aftermath = aftermath;
    this.clock = clock;
    this.channels = consumer -> new Channel(consumer, sending);
  }

  private static ScheduledExecutorService timer(String name) {
    return Executors.newSingleThreadScheduledExecutor(
        task -> {
          Thread thread = new Thread(task, name);
          thread.setDaemon(true);
          return thread;
        });
  }

  /** Takes over what an earlier process left in flight, then begins. */
  public void start() {
    aftermath.begin();
    started = true;
    timer.scheduleWithFixedDelay(this::look, 0, BETWEEN_LOOKS.toMillis(), TimeUnit.MILLISECONDS);
    doubts.scheduleWithFixedDelay(
        () -> aftermath.look(this::consumer), 0, BETWEEN_LOOKS.toMillis(), TimeUnit.MILLISECONDS);
  }

  private @Nullable OutboxConsumer consumer(String channel) {
    Channel serving = open.get(channel);
    return serving == null ? null : serving.consumer();
  }

  private void look() {
    try {
      Instant now = clock.instant();
      boolean atAll = looks++ % LOOKS_WHILE_IT_DOES == 0;
      for (Channel channel : open.values()) {
        int room = channel.room();
        if (room > 0 && (atAll || channel.held() < HOLDS_ENOUGH)) {
          int spills = channel.spills();
          int limit = room + channel.held();
          List<Delivery> due = store.due(channel.name(), now, limit);
          channel.offerFetched(due, due.size() < limit, spills);
        }
      }
    } catch (StoreUnavailable e) {
      if (complaint.now()) {
        LOG.warn("Due deliveries cannot be read now; trying again");
      }
    } catch (RuntimeException e) {
      LOG.error(
          "Looking for due deliveries failed by {}; trying again", e.getClass().getSimpleName());
    }
  }

  /** Takes deliveries that were just planned and are due; never blocks. */
  public void offer(List<Delivery> dueNow) {
    if (!started || store.members() > 1) {
      // Which of several processes sends them, a look says.
      return;
    }
    for (Delivery delivery : dueNow) {
      Channel channel = open.get(delivery.channel());
      if (channel != null) {
        channel.offerFresh(delivery);
      }
    }
  }

  void add(OutboxConsumer consumer) {
    open.put(consumer.channel(), channels.apply(consumer));
  }

  void remove(OutboxConsumer consumer) {
    Channel channel = open.get(consumer.channel());
    if (channel != null && channel.serves(consumer)) {
      open.remove(consumer.channel());
      channel.close();
    }
  }

  /** Starts nothing more. */
  public void halt() {
    started = false;
    close();
  }

  /** Starts nothing more and waits for what is being sent; true if all of it ended in time. */
  public boolean drain(Duration atMost) {
    halt();
    long begun = System.nanoTime();
    while (isSending() && System.nanoTime() - begun < atMost.toNanos()) {
      java.util.concurrent.locks.LockSupport.parkNanos(5_000_000);
    }
    return !isSending();
  }

  private boolean isSending() {
    return open.values().stream().anyMatch(Channel::isSending);
  }

  @Override
  public void close() {
    timer.shutdownNow();
    doubts.shutdownNow();
    open.values().forEach(Channel::close);
  }
}
