package io.appointmentrelay.appointment;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;

/**
 * Whether a source is quieter than usual. The rule: since it was last heard, whole hours have
 * passed; in each of the four weeks before, the same hours of the same weekdays brought at least
 * {@value #ENOUGH} notifications. Nights, weekends and a source's first weeks brought less, and so
 * are never called silent.
 *
 * @param heard how many notifications came, by hours since 1970
 * @param firstAt when the source was first heard, as far as is known
 */
public record UsualHours(Map<Long, Long> heard, Instant firstAt) {

  /** How many weeks are looked back. */
  public static final int WEEKS = 4;

  /** Fewer are no habit. */
  public static final int ENOUGH = 8;

  /** Longer silences are compared by their last days: a week has all hours there are. */
  private static final Duration LONGEST = Duration.ofDays(7);

  public UsualHours {
    heard = Map.copyOf(heard);
  }

  /** The number of an instant's hour since 1970. */
  public static long hour(Instant time) {
    return Math.floorDiv(time.getEpochSecond(), 3_600L);
  }

  /**
   * How many notifications the quietest of the weeks before brought in the hours that have passed
   * since {@code last}, if that is enough to call the source silent; else empty.
   *
   * @param zone in which the source keeps its hours
   */
  public Optional<Long> missing(Instant last, Instant now, ZoneId zone) {
    Instant earliest = now.minus(LONGEST);
    LocalDateTime from =
        nextHour((last.isBefore(earliest) ? earliest : last).atZone(zone).toLocalDateTime());
    LocalDateTime to = now.atZone(zone).toLocalDateTime().truncatedTo(ChronoUnit.HOURS);
    if (firstAt.isAfter(from.minusWeeks(WEEKS).atZone(zone).toInstant())) {
      return Optional.empty();
    }
    long quietest = Long.MAX_VALUE;
    for (int week = 1; week <= WEEKS; week++) {
      quietest = Math.min(quietest, between(from.minusWeeks(week), to.minusWeeks(week), zone));
    }
    return quietest >= ENOUGH ? Optional.of(quietest) : Optional.empty();
  }

  private static LocalDateTime nextHour(LocalDateTime time) {
    LocalDateTime begun = time.truncatedTo(ChronoUnit.HOURS);
    return begun.equals(time) ? time : begun.plusHours(1);
  }

  /** What came between two times on the clock on the wall. */
  private long between(LocalDateTime from, LocalDateTime to, ZoneId zone) {
    long sum = 0;
    long last = hour(to.atZone(zone).toInstant());
    for (long hour = hour(from.atZone(zone).toInstant()); hour < last; hour++) {
      sum += heard.getOrDefault(hour, 0L);
    }
    return sum;
  }
}
