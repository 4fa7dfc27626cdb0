package io.appointmentrelay.appointment;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Slots that a source pushed, or that it named when it was asked.
 *
 * @param batch what groups several notifications into one list; absent: this one stands alone
 * @param asked what was asked for, all of whose slots these are; absent: nobody asked
 */
public record SlotsNotice(
    String label,
    @Nullable Batch batch,
    List<OfferedSlot> slots,
    boolean test,
    @Nullable Asked asked)
    implements Notice {

  public SlotsNotice {
    slots = List.copyOf(slots);
  }

  /** Slots that nobody asked for. */
  public SlotsNotice(String label, @Nullable Batch batch, List<OfferedSlot> slots, boolean test) {
    this(label, batch, slots, test, null);
  }

  /** One of {@code total} notifications that together are a list; {@code current} counts from 1. */
  public record Batch(String id, int current, int total) {}

  /**
   * A question for slots.
   *
   * @param from slots that begin then or later
   * @param to slots that begin before
   * @param provider the source's reference to whose slots; absent: everybody's
   */
  public record Asked(Instant from, Instant to, @Nullable String provider) {}
}
