package io.appointmentrelay.enrichment;

import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import org.apache.http.Header;
import org.apache.http.HttpResponse;
import org.jspecify.annotations.Nullable;

/** Reads how long an answer asks us to wait: seconds or a date (RFC 9110). */
final class RetryAfter {

  /** Nobody's wish holds up appointments longer than this. */
  private static final Duration LONGEST = Duration.ofHours(1);

  private RetryAfter() {}

  /** The wish, from zero to an hour; null if there is none that can be read. */
  static @Nullable Duration of(HttpResponse response, Clock clock) {
    Header header = response.getFirstHeader("Retry-After");
    if (header == null || header.getValue() == null) {
      return null;
    }
    try {
      Duration wish = duration(header.getValue().strip(), clock);
      if (wish.isNegative()) {
        return Duration.ZERO;
      }
      return wish.compareTo(LONGEST) > 0 ? LONGEST : wish;
    } catch (DateTimeException | ArithmeticException unreadable) {
      return null;
    }
  }

  private static Duration duration(String value, Clock clock) {
    boolean seconds = value.matches("\\d{1,9}");
    return seconds
        ? Duration.ofSeconds(Long.parseLong(value))
        : Duration.between(
            clock.instant(),
            ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant());
  }
}
