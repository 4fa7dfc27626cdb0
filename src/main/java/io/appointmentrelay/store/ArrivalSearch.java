package io.appointmentrelay.store;

import java.time.Duration;
import java.time.Instant;
import org.jdbi.v3.core.Handle;

/**
 * Finds where in the inbox a time lies, by halving: numbers rise with arrival, so no index on the
 * time is needed, which every accepted notification would pay for.
 */
final class ArrivalSearch {

  /** How far the order of numbers and that of clocks may differ: queueing, and clocks set back. */
  private static final Duration DISORDER = Duration.ofMinutes(10);

  private ArrivalSearch() {}

  /** No notification before this number arrived at that time or later. */
  static long notBefore(Handle handle, Instant time) {
    return firstFrom(handle, time.minus(DISORDER));
  }

  /** No notification from this number on arrived before that time. */
  static long notFrom(Handle handle, Instant time) {
    return firstFrom(handle, time.plus(DISORDER));
  }

  private static long firstFrom(Handle handle, Instant time) {
    long low = 1;
    long high =
        1
            + handle
                .createQuery("SELECT COALESCE(MAX(message), 0) FROM notification")
                .mapTo(Long.class)
                .one();
    while (low < high) {
      long middle = low + (high - low) / 2;
      long[] found = firstAtOrBehind(handle, middle);
      if (found.length == 0 || found[1] >= time.toEpochMilli()) {
        high = middle;
      } else {
        low = found[0] + 1;
      }
    }
    return low;
  }

  private static long[] firstAtOrBehind(Handle handle, long message) {
    return handle
        .createQuery(
            "SELECT message, received_at FROM notification WHERE message >= :message"
                + " ORDER BY message, part LIMIT 1")
        .bind("message", message)
        .map((rows, context) -> new long[] {rows.getLong(1), rows.getLong(2)})
        .findOne()
        .orElse(new long[0]);
  }
}
