package io.appointmentrelay.intake.fhir;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.Year;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.ResolverStyle;
import java.time.temporal.ChronoField;
import java.time.temporal.TemporalAccessor;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Reads the dates that real senders write: ISO 8601, a blank for the T, an offset without colon or
 * none at all (CONTRACTS §1.9). What is no date is null, never an exception.
 */
public final class LenientTime {

  private static final DateTimeFormatter FORMAT =
      new DateTimeFormatterBuilder()
          .parseCaseInsensitive()
          .append(DateTimeFormatter.ISO_LOCAL_DATE)
          .appendPattern("['T'][' ']HH:mm[:ss]")
          .appendFraction(ChronoField.NANO_OF_SECOND, 0, 9, true)
          .appendPattern("[' '][XXX][XX][X]")
          .toFormatter(Locale.ROOT)
          // Otherwise the 30th of February is the 29th.
          .withResolverStyle(ResolverStyle.STRICT);

  // Outside of these a date is a mistake, and some stores cannot hold it.
  private static final Instant EARLIEST = Instant.parse("1900-01-01T00:00:00Z");
  private static final Instant LATEST = Instant.parse("2200-01-01T00:00:00Z");

  private LenientTime() {}

  /** The instant; {@code zone} is for a time without an offset. A date without a time is none. */
  public static @Nullable Instant instant(@Nullable String text, ZoneId zone) {
    TemporalAccessor time = parse(text);
    if (time instanceof LocalDateTime local) {
      return plausible(local.atZone(zone).toInstant());
    }
    return exact(time);
  }

  /** The instant, only if the text itself says the offset. */
  public static @Nullable Instant exact(@Nullable String text) {
    return exact(parse(text));
  }

  /** The first instant of a period whose start is given as a time, a day, a month or a year. */
  public static @Nullable Instant startOfPeriod(@Nullable String text, ZoneId zone) {
    if (text == null) {
      return null;
    }
    try {
      LocalDate first =
          switch (text.length()) {
            case 4 -> Year.parse(text).atDay(1);
            case 7 -> YearMonth.parse(text).atDay(1);
            case 10 -> LocalDate.parse(text);
            default -> null;
          };
      return first == null ? instant(text, zone) : plausible(first.atStartOfDay(zone).toInstant());
    } catch (DateTimeException notADate) {
      return null;
    }
  }

  /** The first instant after a period whose end is given as a time, a day, a month or a year. */
  public static @Nullable Instant endOfPeriod(@Nullable String text, ZoneId zone) {
    if (text == null) {
      return null;
    }
    try {
      LocalDate next =
          switch (text.length()) {
            case 4 -> Year.parse(text).plusYears(1).atDay(1);
            case 7 -> YearMonth.parse(text).plusMonths(1).atDay(1);
            case 10 -> LocalDate.parse(text).plusDays(1);
            default -> null;
          };
      return next == null ? instant(text, zone) : plausible(next.atStartOfDay(zone).toInstant());
    } catch (DateTimeException notADate) {
      return null;
    }
  }

  /** The day, also of a date and time; null if only a month or a year is known. */
  public static @Nullable LocalDate day(@Nullable String text) {
    if (text == null || text.length() < 10) {
      return null;
    }
    try {
      LocalDate day = LocalDate.parse(text.substring(0, 10));
      return day.getYear() < 1850 ? null : day;
    } catch (DateTimeException notADate) {
      return null;
    }
  }

  private static @Nullable TemporalAccessor parse(@Nullable String text) {
    if (text == null) {
      return null;
    }
    try {
      return FORMAT.parseBest(text, OffsetDateTime::from, LocalDateTime::from);
    } catch (DateTimeException notATime) {
      return null;
    }
  }

  private static @Nullable Instant exact(@Nullable TemporalAccessor time) {
    return time instanceof OffsetDateTime offset ? plausible(offset.toInstant()) : null;
  }

  private static @Nullable Instant plausible(Instant instant) {
    return instant.isBefore(EARLIEST) || instant.isAfter(LATEST) ? null : instant;
  }
}
