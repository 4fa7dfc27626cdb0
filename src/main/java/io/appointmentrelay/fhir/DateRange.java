package io.appointmentrelay.fhir;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.Year;
import java.time.YearMonth;
import java.time.ZoneId;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The instants that all of some date parameters allow, as FHIR reads their prefixes and precision:
 * a day is all of its hours.
 *
 * @param from absent: from ever
 * @param to exclusive; absent: for ever
 */
record DateRange(@Nullable Instant from, @Nullable Instant to) {

  static final DateRange ANY = new DateRange(null, null);

  private static final Pattern FORM =
      Pattern.compile(
          "([a-z]{2})?(\\d{4})(-\\d{2})?(-\\d{2})?"
              + "(T\\d{2}:\\d{2}(:\\d{2}(\\.\\d{1,9})?)?)?(Z|[+-]\\d{2}:\\d{2})?");

  /** A time as given: where it begins, and where what it leaves out ends. */
  private record Span(Instant from, Instant to) {}

  /**
   * @param zone whose days and hours are meant where no offset is given
   */
  static DateRange of(String name, List<String> values, ZoneId zone) {
    DateRange range = ANY;
    for (String value : values) {
      range = range.and(one(name, value, zone));
    }
    return range;
  }

  private static DateRange one(String name, String value, ZoneId zone) {
    // A plus sign that was not encoded arrives as a space.
    Matcher matcher = FORM.matcher(value.replace(' ', '+'));
    if (!matcher.matches()) {
      throw wrong(name);
    }
    Span span = span(name, matcher, zone);
    String prefix = matcher.group(1) == null ? "eq" : matcher.group(1);
    return switch (prefix) {
      case "eq" -> new DateRange(span.from(), span.to());
      case "ge" -> new DateRange(span.from(), null);
      case "gt", "sa" -> new DateRange(span.to(), null);
      case "lt", "eb" -> new DateRange(null, span.from());
      case "le" -> new DateRange(null, span.to());
      default ->
          throw FhirRefusal.unsupported(
              name
                  + "= expects one of the prefixes eq, ge, gt, le, lt, sa and eb, or none; found another."
                  + " Ask with two of them for a range.");
    };
  }

  private static Span span(String name, Matcher matcher, ZoneId zone) {
    String month = matcher.group(3);
    String day = matcher.group(4);
    String time = matcher.group(5);
    String offset = matcher.group(8);
    boolean dayIsThere = month != null && day != null;
    if ((time != null && !dayIsThere) || (offset != null && time == null)) {
      throw wrong(name);
    }
    try {
      if (time != null) {
        Instant from = instant(matcher.group(2) + month + day + time, offset, zone);
        return new Span(from, from.plusNanos(nanos(matcher)));
      }
      if (dayIsThere) {
        LocalDate date = LocalDate.parse(matcher.group(2) + month + day);
        return days(date, date.plusDays(1), zone);
      }
      if (month != null) {
        YearMonth whole = YearMonth.parse(matcher.group(2) + month);
        return days(whole.atDay(1), whole.plusMonths(1).atDay(1), zone);
      }
      Year whole = Year.parse(matcher.group(2));
      return days(whole.atDay(1), whole.plusYears(1).atDay(1), zone);
    } catch (DateTimeException e) {
      throw wrong(name);
    }
  }

  private static Instant instant(String local, @Nullable String offset, ZoneId zone) {
    return offset == null
        ? LocalDateTime.parse(local).atZone(zone).toInstant()
        : OffsetDateTime.parse(local + offset).toInstant();
  }

  /** How long what is left out may be: times are kept in milliseconds. */
  private static long nanos(Matcher matcher) {
    String fraction = matcher.group(7);
    boolean minutes = matcher.group(6) == null;
    long second = 1_000_000_000L;
    return minutes ? 60 * second : fraction == null ? second : 1_000_000L;
  }

  private static Span days(LocalDate from, LocalDate to, ZoneId zone) {
    return new Span(from.atStartOfDay(zone).toInstant(), to.atStartOfDay(zone).toInstant());
  }

  private DateRange and(DateRange other) {
    return new DateRange(later(from, other.from), earlier(to, other.to));
  }

  private static @Nullable Instant later(@Nullable Instant one, @Nullable Instant two) {
    return one == null ? two : two == null || one.isAfter(two) ? one : two;
  }

  private static @Nullable Instant earlier(@Nullable Instant one, @Nullable Instant two) {
    return one == null ? two : two == null || one.isBefore(two) ? one : two;
  }

  private static FhirRefusal wrong(String name) {
    return FhirRefusal.wrong(
        name
            + "= expects a date or time such as ge2026-03-01 or lt2026-03-01T08:00:00-06:00; found something else."
            + " Correct it, and ask again.");
  }
}
