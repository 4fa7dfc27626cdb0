package io.appointmentrelay.store;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A part that was accepted and not yet settled.
 *
 * @param orderingKey parts with the same one run one after another
 * @param behind the ordering key of what it replaces, behind whose waiting parts it runs; absent:
 *     none
 * @param attempts how often it has run
 * @param failures how many of those failures count
 * @param due not to run before
 * @param body the bytes, if they are at hand; absent: to be read from the store
 */
public record WaitingPart(
    Position position,
    String source,
    String orderingKey,
    @Nullable String behind,
    Instant receivedAt,
    int attempts,
    int failures,
    Instant due,
    byte @Nullable [] body) {

  public String id() {
    return position.id();
  }

  /** The same part after a failed run. */
  public WaitingPart failed(boolean counts, Instant nextDue) {
    return new WaitingPart(
        position,
        source,
        orderingKey,
        behind,
        receivedAt,
        attempts + 1,
        failures + (counts ? 1 : 0),
        nextDue,
        body);
  }
}
