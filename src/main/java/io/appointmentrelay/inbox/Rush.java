package io.appointmentrelay.inbox;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * The door goes first: while many senders wait for their answer at once, runs hold back, so that a
 * burst is taken in at the speed of the disk and worked off behind it. Runs are slowed by it, never
 * stopped.
 *
 * <p>How many wait says more than how many come: on a slow machine a few hundred a second are a
 * rush, on a fast one thousands are none.
 */
final class Rush {

  /** So many senders that wait at once are a rush. */
  private static final int MANY = 8;

  /** A rush has pauses of its own, as between two commits. */
  private static final long LASTS_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(5);
  private static final int PAUSES_AT_MOST = 10;

  private final AtomicInteger waiting = new AtomicInteger();
  private final LongSupplier nanoTime;
  private final Lock oneByOne = new ReentrantLock(true);
  private volatile long lastSeen;

  Rush() {
    this(System::nanoTime);
  }

  Rush(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    this.lastSeen = nanoTime.getAsLong() - LASTS_NANOS;
  }

  /** A notification has come, and its sender waits. */
  void enter() {
    if (waiting.incrementAndGet() >= MANY) {
      lastSeen = nanoTime.getAsLong();
    }
  }

  /** The sender has its answer. */
  void leave() {
    waiting.decrementAndGet();
  }

  /** Waits until the rush is over, or for 50 ms once those are through that wait already. */
  void letSendersPass() {
    if (!isOn()) {
      return;
    }
    oneByOne.lock();
    try {
      for (int pause = 0; pause < PAUSES_AT_MOST && isOn(); pause++) {
        LockSupport.parkNanos(PAUSE_NANOS);
      }
    } finally {
      oneByOne.unlock();
    }
  }

  boolean isOn() {
    return waiting.get() >= MANY || nanoTime.getAsLong() - lastSeen < LASTS_NANOS;
  }
}
