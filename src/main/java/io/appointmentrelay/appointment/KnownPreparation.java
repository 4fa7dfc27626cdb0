package io.appointmentrelay.appointment;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A delivery ahead of or after a visit that is in the outbox, whatever has become of it.
 *
 * @param offset when it is due relative to the start, such as {@code -P1D}
 * @param start the start it was planned for
 * @param planned when it was first due, before any deferral
 * @param interrupted it was in flight when a process ended, and may have arrived
 */
public record KnownPreparation(
    long id,
    long appointment,
    String channel,
    Audience audience,
    Nature nature,
    String text,
    String offset,
    @Nullable Instant start,
    Instant planned,
    Instant due,
    DeliveryStatus status,
    @Nullable String reason,
    boolean interrupted,
    long fence) {

  /** Waits, has not left, and so may be dropped or put to another time. */
  boolean isPending() {
    return status == DeliveryStatus.PLANNED && !interrupted;
  }

  /**
   * Whether one like it must not be planned again: it waits, is on its way, went, or was decided
   * about. What newer truth or an earlier re-planning took away may come back.
   */
  boolean isDealtWith() {
    boolean takenAway =
        status == DeliveryStatus.SUPERSEDED
            || (status == DeliveryStatus.SUPPRESSED && Reason.REPLANNED.words().equals(reason));
    return interrupted || !takenAway;
  }
}
