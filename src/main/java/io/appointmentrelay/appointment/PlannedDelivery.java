package io.appointmentrelay.appointment;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A delivery that a route asks for, before it has an id.
 *
 * @param text the text's name; absent for events to systems
 * @param offset for preparation, when it is due relative to the start, such as {@code -P1D}
 * @param due when to judge and send it; absent: it cannot be said, the start is unknown
 * @param payload for events to systems, the JSON that is sent; for staff, what a patient wrote
 * @param skipped it is not to be sent at all, and why: unless one like it waits already
 */
public record PlannedDelivery(
    String channel,
    Audience audience,
    Nature nature,
    @Nullable String text,
    @Nullable String offset,
    @Nullable Instant due,
    @Nullable String payload,
    @Nullable Reason skipped) {

  /** A delivery to whom its nature is for usually, as far as can be said when it is planned. */
  public PlannedDelivery(
      String channel,
      Nature nature,
      @Nullable String text,
      @Nullable String offset,
      @Nullable Instant due,
      @Nullable String payload) {
    this(channel, Audience.usual(nature), nature, text, offset, due, payload, null);
  }
}
