package io.appointmentrelay.door;

import java.util.concurrent.atomic.AtomicLong;

/**
 * How many bytes of requests may be in memory at once, so that no crowd of large ones ends the
 * process.
 */
final class RequestBudget {

  static final RequestBudget SHARED =
      new RequestBudget(Math.max(64L << 20, Runtime.getRuntime().maxMemory() / 6));

  private final long limit;
  private final AtomicLong inUse = new AtomicLong();

  RequestBudget(long limit) {
    this.limit = limit;
  }

  /** Whether there was room; if so it must be given back. */
  boolean take(long bytes) {
    if (inUse.addAndGet(bytes) <= limit) {
      return true;
    }
    inUse.addAndGet(-bytes);
    return false;
  }

  void giveBack(long bytes) {
    inUse.addAndGet(-bytes);
  }
}
