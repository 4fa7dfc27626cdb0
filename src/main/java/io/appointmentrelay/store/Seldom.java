package io.appointmentrelay.store;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Lets a log line through now and then: an outage is news once, not at each of a thousand tries.
 */
public final class Seldom {

  private static final long PAUSE_NANOS = 10_000_000_000L;

  private final AtomicLong next = new AtomicLong(System.nanoTime());

  /** Whether it may be said again. */
  public boolean now() {
    long planned = next.get();
    long now = System.nanoTime();
    return now - planned >= 0 && next.compareAndSet(planned, now + PAUSE_NANOS);
  }
}
