package io.appointmentrelay.store;

import org.jspecify.annotations.Nullable;

/**
 * One part of a notification at the door.
 *
 * @param orderingKey absent: its own id
 * @param behind the ordering key of what it replaces: it runs behind what waits there; absent: none
 * @param deduplication a hash; absent: never a duplicate
 */
public record NewPart(
    @Nullable String label,
    @Nullable String appointment,
    @Nullable String orderingKey,
    @Nullable String behind,
    byte @Nullable [] deduplication) {

  /** One that replaces nothing. */
  public NewPart(
      @Nullable String label,
      @Nullable String appointment,
      @Nullable String orderingKey,
      byte @Nullable [] deduplication) {
    this(label, appointment, orderingKey, null, deduplication);
  }
}
