package io.appointmentrelay.messaging;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * When something is due relative to the start of a visit: days before or after it by the calendar,
 * hours by the clock, and if wanted at a time of day.
 */
public final class Lead {

  private static final Pattern AMOUNT =
      Pattern.compile(
          "P(?!$)(?:(\\d{1,6})W)?(?:(\\d{1,6})D)?(?:T(?!$)(?:(\\d{1,6})H)?(?:(\\d{1,6})M)?)?",
          Pattern.CASE_INSENSITIVE);
  private static final Pattern KEY = Pattern.compile("(?:([-+])(P[^@]+))?(?:@(\\d\\d:\\d\\d))?");
  private static final Pattern TIME = Pattern.compile("\\d\\d:\\d\\d");
  private static final Duration LONGEST = Duration.ofDays(400);

  private final Direction direction;
  private final long days;
  private final Duration hours;
  private final @Nullable LocalTime at;

  private Lead(Direction direction, long days, Duration hours, @Nullable LocalTime at) {
    this.direction = direction;
    this.days = days;
    this.hours = hours;
    this.at = at;
  }

  /**
   * Reads the parameters of a route's {@code outbox:} step; empty if none of them is given.
   *
   * @param before how long before the start, ISO 8601, weeks to minutes: {@code P1D}, {@code
   *     P1DT2H}
   * @param after how long after the start
   * @param at the time of day, {@code 10:00}, on the day that before or after falls on; alone, on
   *     the day of the visit
   */
  public static Optional<Lead> parse(
      @Nullable String before, @Nullable String after, @Nullable String at) {
    if (before != null && after != null) {
      throw new IllegalArgumentException(
          "A delivery is due before: or after: the start; found both. Split it into two steps.");
    }
    LocalTime time = at == null ? null : time(at);
    if (before != null) {
      return Optional.of(of(Direction.BEFORE, before, time));
    }
    if (after != null) {
      return Optional.of(of(Direction.AFTER, after, time));
    }
    return time == null
        ? Optional.empty()
        : Optional.of(new Lead(Direction.SAME_DAY, 0, Duration.ZERO, time));
  }

  /** Reads what {@link #key} wrote. */
  public static Lead ofKey(String key) {
    Matcher parts = KEY.matcher(key);
    if (parts.matches()) {
      boolean after = "+".equals(parts.group(1));
      String amount = parts.group(2);
      return parse(after ? null : amount, after ? amount : null, parts.group(3))
          .orElseThrow(() -> noKey(key));
    }
    throw noKey(key);
  }

  /**
   * When it is due for a visit that starts at {@code start}. Days keep the time on the wall where
   * clocks change in between, hours are exact.
   *
   * @param zone the zone of the visit
   */
  public Instant due(Instant start, ZoneId zone) {
    int sign = direction == Direction.BEFORE ? -1 : 1;
    ZonedDateTime due = start.atZone(zone).plusDays(sign * days).plus(hours.multipliedBy(sign));
    return at == null ? due.toInstant() : due.toLocalDate().atTime(at).atZone(zone).toInstant();
  }

  /** How long between the start and when it is due, whichever comes first; never negative. */
  public Duration lead(Instant start, ZoneId zone) {
    return Duration.between(due(start, zone), start).abs();
  }

  /**
   * Whether it prepares for the visit and so has no place once the person has come: all but {@code
   * after:}.
   */
  public boolean isBefore() {
    return direction != Direction.AFTER;
  }

  /** The same text for the same lead, for ever: {@code -P1D}, {@code +PT2H}, {@code -P1D@10:00}. */
  public String key() {
    String amount =
        (days == 0 ? "P" : "P" + days + "D")
            + (hours.isZero() ? "" : hours.toString().substring(1));
    String time = at == null ? "" : "@" + at;
    return switch (direction) {
      case BEFORE -> "-" + amount + time;
      case AFTER -> "+" + amount + time;
      case SAME_DAY -> time;
    };
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Lead lead && lead.key().equals(key());
  }

  @Override
  public int hashCode() {
    return key().hashCode();
  }

  @Override
  public String toString() {
    return key();
  }

  private static Lead of(Direction direction, String text, @Nullable LocalTime at) {
    Matcher parts = AMOUNT.matcher(text.strip());
    if (!parts.matches()) {
      throw refused(direction, text);
    }
    long days = 7 * number(parts, 1) + number(parts, 2);
    Duration hours = Duration.ofHours(number(parts, 3)).plusMinutes(number(parts, 4));
    boolean nothing = days == 0 && hours.isZero();
    boolean absurd = Duration.ofDays(days).plus(hours).compareTo(LONGEST) > 0;
    if (nothing || absurd) {
      throw refused(direction, text);
    }
    return new Lead(direction, days, hours, at);
  }

  private static long number(Matcher parts, int group) {
    return parts.group(group) == null ? 0 : Long.parseLong(parts.group(group));
  }

  private static LocalTime time(String text) {
    try {
      if (TIME.matcher(text.strip()).matches()) {
        return LocalTime.parse(text.strip());
      }
    } catch (DateTimeException notATime) {
      // refused below, in the same words as what does not even look like one
    }
    throw new IllegalArgumentException(
        "at: is a time of day such as 09:30; found '" + text + "'. Correct the outbox: step.");
  }

  private static IllegalArgumentException refused(Direction direction, String text) {
    return new IllegalArgumentException(
        direction.name().toLowerCase(Locale.ROOT)
            + ": is a time in weeks, days, hours or minutes, above zero and up to "
            + LONGEST.toDays()
            + " days, such as P1D, PT2H or P1DT2H (months have no fixed length); found '"
            + text
            + "'. Correct the outbox: step.");
  }

  private static IllegalArgumentException noKey(String key) {
    return new IllegalArgumentException(
        "A lead's key looks like -P1D, +PT2H or -P1D@10:00; found '"
            + key
            + "'. The stored delivery was not written by this product.");
  }

  private enum Direction {
    BEFORE,
    AFTER,
    SAME_DAY
  }
}
