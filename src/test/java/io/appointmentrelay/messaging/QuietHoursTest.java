package io.appointmentrelay.messaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class QuietHoursTest {

  /** In the zone: now, and the end of the quiet; a dash where it is not quiet. */
  @ParameterizedTest
  @CsvSource({
    // over midnight, an ordinary day
    "21:00-08:00, America/Chicago, 2026-08-03T20:59:59-05:00, -",
    "21:00-08:00, America/Chicago, 2026-08-03T21:00:00-05:00, 2026-08-04T08:00:00-05:00",
    "21:00-08:00, America/Chicago, 2026-08-04T00:00:00-05:00, 2026-08-04T08:00:00-05:00",
    "21:00-08:00, America/Chicago, 2026-08-04T07:59:59-05:00, 2026-08-04T08:00:00-05:00",
    "21:00-08:00, America/Chicago, 2026-08-04T08:00:00-05:00, -",
    // within one day
    "12:00-13:30, Europe/Berlin, 2026-08-03T12:15:00+02:00, 2026-08-03T13:30:00+02:00",
    "12:00-13:30, Europe/Berlin, 2026-08-03T13:30:00+02:00, -",
    // clocks go forward: the night is an hour shorter
    "21:00-08:00, America/Chicago, 2026-03-07T22:00:00-06:00, 2026-03-08T08:00:00-05:00",
    "21:00-08:00, Europe/Berlin, 2026-03-28T22:00:00+01:00, 2026-03-29T08:00:00+02:00",
    // clocks go back: the night is an hour longer
    "21:00-08:00, America/Chicago, 2026-10-31T22:00:00-05:00, 2026-11-01T08:00:00-06:00",
    "21:00-08:00, Europe/Berlin, 2026-10-24T22:00:00+02:00, 2026-10-25T08:00:00+01:00",
    // the end is skipped: it is over when the clock has passed it
    "21:00-02:30, America/Chicago, 2026-03-08T01:00:00-06:00, 2026-03-08T03:00:00-05:00",
    // both ends are skipped: quiet goes on until the next night's end
    "02:45-02:30, America/Chicago, 2026-03-08T01:00:00-06:00, 2026-03-09T02:30:00-05:00",
    // the end comes twice: the one that still lies ahead
    "21:00-01:30, America/Chicago, 2026-11-01T01:15:00-05:00, 2026-11-01T01:30:00-05:00",
    "21:00-01:30, America/Chicago, 2026-11-01T01:15:00-06:00, 2026-11-01T01:30:00-06:00",
    // clocks change at midnight: 00:00 becomes 01:00 in spring, and 23:00 comes twice in autumn
    "21:00-00:30, Asia/Beirut, 2026-03-28T23:00:00+02:00, 2026-03-29T01:00:00+03:00",
    "21:00-08:00, Asia/Beirut, 2026-03-28T23:00:00+02:00, 2026-03-29T08:00:00+03:00",
    "23:00-00:00, Asia/Beirut, 2026-10-24T23:30:00+03:00, 2026-10-25T00:00:00+02:00",
    "21:00-08:00, Asia/Beirut, 2026-10-24T23:30:00+03:00, 2026-10-25T08:00:00+02:00",
    // a whole day that never was
    "21:00-08:00, Pacific/Apia, 2011-12-29T22:00:00-10:00, 2011-12-31T08:00:00+14:00",
  })
  void theQuietEndsByTheClockOnTheWall(String setting, String zone, String now, String end) {
    assertThat(
            QuietHours.parse(setting)
                .endIfQuiet(ZonedDateTime.parse(now).toInstant(), ZoneId.of(zone))
                .map(Instant::toString)
                .orElse("-"))
        .isEqualTo(end.equals("-") ? "-" : ZonedDateTime.parse(end).toInstant().toString());
  }

  @Test
  void withoutQuietHoursItIsNeverQuiet() {
    assertThat(QuietHours.parse("none").endIfQuiet(Instant.EPOCH, ZoneId.of("UTC"))).isEmpty();
    assertThat(QuietHours.parse(" None ")).hasToString("none");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "21:00",
        "21-8",
        "21:00-08:00-",
        "25:00-08:00",
        "21:00 to 8:00",
        "21:00-21:00"
      })
  void whatIsNotTwoDifferentTimesIsRefused(String setting) {
    assertThatThrownBy(() -> QuietHours.parse(setting))
        .hasMessage(
            "Quiet hours are two different times of day such as 21:00-08:00, or none; found '%s'."
                    .formatted(setting)
                + " Correct relay.messaging.quiet-hours.");
  }

  @Property(tries = 5000)
  void theEndIsNeverQuietNeverPastAndWithinTwoDays(
      @ForAll("times") LocalTime from,
      @ForAll("times") LocalTime until,
      @ForAll("zones") ZoneId zone,
      @ForAll @IntRange(min = 0, max = 3 * 366 * 24 * 60) int minute) {
    if (from.equals(until)) {
      return;
    }
    QuietHours hours = QuietHours.parse(from + "-" + until);
    Instant now = Instant.parse("2025-01-01T00:00:00Z").plusSeconds(60L * minute);
    hours
        .endIfQuiet(now, zone)
        .ifPresent(
            end -> {
              assertThat(end).isAfter(now).isBefore(now.plusSeconds(2 * 24 * 60 * 60));
              assertThat(hours.endIfQuiet(end, zone)).isEmpty();
            });
  }

  @Provide
  Arbitrary<LocalTime> times() {
    return Arbitraries.integers()
        .between(0, 24 * 4 - 1)
        .map(quarter -> LocalTime.of(quarter / 4, quarter % 4 * 15));
  }

  @Provide
  Arbitrary<ZoneId> zones() {
    return Arbitraries.of(
            "America/Chicago",
            "Europe/Berlin",
            "Asia/Beirut",
            "America/Havana",
            "Australia/Lord_Howe",
            "Asia/Kolkata",
            "UTC")
        .map(ZoneId::of);
  }
}
