package io.appointmentrelay.appointment;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One slot of a practitioner's calendar.
 *
 * @param id the source's id of it; some sources have none
 * @param reason what the source says of it, kept as given
 */
public record OfferedSlot(
    @Nullable String id,
    Instant start,
    @Nullable Integer minutes,
    @Nullable String reason,
    @Nullable Party provider,
    @Nullable Party location) {}
