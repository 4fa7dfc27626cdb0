package io.appointmentrelay.appointment;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Slots that a source pushed.
 *
 * @param batch what groups several notifications into one list; absent: this one stands alone
 */
public record SlotsNotice(
    String label, @Nullable Batch batch, List<OfferedSlot> slots, boolean test) implements Notice {

  public SlotsNotice {
    slots = List.copyOf(slots);
  }

  /** One of {@code total} notifications that together are a list; {@code current} counts from 1. */
  public record Batch(String id, int current, int total) {}
}
