package io.appointmentrelay.store;

import io.appointmentrelay.appointment.EventNumber;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One part of a notification at the door.
 *
 * @param orderingKey absent: its own id
 * @param behind the ordering key of what it replaces: it runs behind what waits there; absent: none
 * @param deduplication a hash; absent: never a duplicate
 * @param numbers what it tells of its place in a subscription's life
 */
public record NewPart(
    @Nullable String label,
    @Nullable String appointment,
    @Nullable String orderingKey,
    @Nullable String behind,
    byte @Nullable [] deduplication,
    List<EventNumber> numbers) {

  /** One that is not numbered. */
  public NewPart(
      @Nullable String label,
      @Nullable String appointment,
      @Nullable String orderingKey,
      @Nullable String behind,
      byte @Nullable [] deduplication) {
    this(label, appointment, orderingKey, behind, deduplication, List.of());
  }

  /** One that replaces nothing. */
  public NewPart(
      @Nullable String label,
      @Nullable String appointment,
      @Nullable String orderingKey,
      byte @Nullable [] deduplication) {
    this(label, appointment, orderingKey, null, deduplication);
  }
}
