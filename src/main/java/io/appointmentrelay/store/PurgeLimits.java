package io.appointmentrelay.store;

import java.time.Instant;
import java.time.Period;
import java.time.ZoneId;
import org.jspecify.annotations.Nullable;

/**
 * What is purged: what was over before these times; absent: nothing of that kind.
 *
 * @param now what is still to come at this time stays
 * @param bodies what senders sent
 * @param deliveries whom messages went to, and what they were judged by
 * @param timeline what is known of visits and patients
 */
public record PurgeLimits(
    Instant now,
    @Nullable Instant bodies,
    @Nullable Instant deliveries,
    @Nullable Instant timeline) {

  /**
   * As long as these periods, counted back from now in calendar days; absent: for ever.
   *
   * @param zone whose days
   */
  public static PurgeLimits of(
      Instant now,
      ZoneId zone,
      @Nullable Period bodies,
      @Nullable Period deliveries,
      @Nullable Period timeline) {
    return new PurgeLimits(
        now, before(now, zone, bodies), before(now, zone, deliveries), before(now, zone, timeline));
  }

  private static @Nullable Instant before(Instant now, ZoneId zone, @Nullable Period kept) {
    return kept == null ? null : now.atZone(zone).minus(kept).toInstant();
  }
}
