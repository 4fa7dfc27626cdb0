package io.appointmentrelay.store;

import org.jspecify.annotations.Nullable;

/**
 * One part of a notification at the door.
 *
 * @param orderingKey absent: its own id
 * @param deduplication a hash; absent: never a duplicate
 */
public record NewPart(
    @Nullable String label,
    @Nullable String appointment,
    @Nullable String orderingKey,
    byte @Nullable [] deduplication) {}
