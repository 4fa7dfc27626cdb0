package io.appointmentrelay.inbox;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * The door goes first: while many senders wait for their answer at once, runs hold back a little,
 * so that a burst is taken in at the speed of the disk and worked off behind it. Runs are slowed by
 * it, never stopped.
 */
public final class Rush {

  private static final int MANY = 24;
  private static final int LOOKS_AT_MOST = 20;
  private static final long BETWEEN_LOOKS_NANOS = 2_000_000;

  private final AtomicInteger waiting = new AtomicInteger();

  void enter() {
    waiting.incrementAndGet();
  }

  void leave() {
    waiting.decrementAndGet();
  }

  /** Waits until few senders wait, 40 ms at most. */
  void letSendersPass() {
    for (int look = 0; look < LOOKS_AT_MOST && waiting.get() >= MANY; look++) {
      LockSupport.parkNanos(BETWEEN_LOOKS_NANOS);
    }
  }
}
