package io.appointmentrelay.door;

import io.appointmentrelay.settings.Settings;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/**
 * How much of one source is taken: as many notifications at once as its rate names, and from then
 * on as many as it leaves room for (a leaky bucket, GCRA). Asked on every event loop; never waits.
 */
final class RateLimit {

  private final long perMessageNanos;
  private final long windowNanos;
  private final LongSupplier nanos;
  private final AtomicLong fullAt;
  private final LongAdder refused = new LongAdder();

  /**
   * @param nanos a clock that only runs forward
   */
  RateLimit(Settings.Rate rate, LongSupplier nanos) {
    this.windowNanos = rate.window().toNanos();
    this.perMessageNanos = Math.max(1, windowNanos / rate.messages());
    this.nanos = nanos;
    this.fullAt = new AtomicLong(nanos.getAsLong());
  }

  /** Zero: it is taken; else in how many seconds there is room again. */
  long secondsUntilRoom() {
    while (true) {
      long now = nanos.getAsLong();
      long before = fullAt.get();
      long after = (before - now > 0 ? before : now) + perMessageNanos;
      long tooEarly = after - now - windowNanos;
      if (tooEarly > 0) {
        refused.increment();
        return TimeUnit.NANOSECONDS.toSeconds(tooEarly) + 1;
      }
      if (fullAt.compareAndSet(before, after)) {
        return 0;
      }
    }
  }

  double refused() {
    return refused.sum();
  }
}
