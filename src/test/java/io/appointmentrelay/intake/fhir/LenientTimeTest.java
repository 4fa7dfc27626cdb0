package io.appointmentrelay.intake.fhir;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LenientTimeTest {

  private static final ZoneId CHICAGO = ZoneId.of("America/Chicago");

  @ParameterizedTest
  @CsvSource({
    "2022-06-06T05:00:00.000Z,        2022-06-06T05:00:00Z",
    "2016-08-01 14:00:00Z,            2016-08-01T14:00:00Z",
    "2016-09-21T20:00:00.000-0400,    2016-09-22T00:00:00Z",
    "2024-01-15T10:00:00,             2024-01-15T16:00:00Z",
    "2024-07-15T10:00:00,             2024-07-15T15:00:00Z",
    "2021-12-24T21:30:00+00:00,       2021-12-24T21:30:00Z",
    "2021-12-24T21:30:00-05,          2021-12-25T02:30:00Z",
    "2021-12-24T21:30Z,               2021-12-24T21:30:00Z",
    "2021-12-24t21:30:00z,            2021-12-24T21:30:00Z",
    "2021-12-24 21:30,                2021-12-25T03:30:00Z",
    "2021-12-24 21:30:00 +0100,       2021-12-24T20:30:00Z",
    "2024-01-02T09:30:00.123456+00:00,2024-01-02T09:30:00.123456Z",
  })
  void theFormsSeenInTheWildAreRead(String text, Instant instant) {
    assertThat(LenientTime.instant(text, CHICAGO)).isEqualTo(instant);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "soon",
        "2024-01-15",
        "2024-13-01T10:00:00Z",
        "2024-02-30T10:00:00Z",
        "20240115100000",
        "10:00",
        "0001-01-01T00:00:00Z",
        "9999-12-31T23:59:59Z",
        "+999999999-01-01T00:00:00Z",
        "2024-01-15T10:00:00Zulu",
        "2024-01-15T10:00:00+99:00"
      })
  void whatIsNoPlausibleTimeIsNull(String text) {
    assertThat(LenientTime.instant(text, CHICAGO)).isNull();
    assertThat(LenientTime.exact(text)).isNull();
  }

  @Test
  void aTimeInTheHourThatSpringSkipsIsMovedOn() {
    assertThat(LenientTime.instant("2024-03-10T02:30:00", CHICAGO))
        .isEqualTo("2024-03-10T08:30:00Z");
  }

  @Test
  void anExactTimeSaysItsOffset() {
    assertThat(LenientTime.exact("2024-01-15T10:00:00Z")).isEqualTo("2024-01-15T10:00:00Z");
    assertThat(LenientTime.exact("2024-01-15T10:00:00")).isNull();
  }

  @ParameterizedTest
  @CsvSource({
    "2024-01-15,           2024-01-16T06:00:00Z",
    "2024-01,              2024-02-01T06:00:00Z",
    "2024,                 2025-01-01T06:00:00Z",
    "2024-01-15T10:00:00Z, 2024-01-15T10:00:00Z",
  })
  void aPeriodLastsToTheEndOfWhatIsSaid(String text, Instant end) {
    assertThat(LenientTime.endOfPeriod(text, CHICAGO)).isEqualTo(end);
  }

  @Test
  void aPeriodWithoutReadableEndHasNone() {
    assertThat(LenientTime.endOfPeriod(null, CHICAGO)).isNull();
    assertThat(LenientTime.endOfPeriod("soon", CHICAGO)).isNull();
    assertThat(LenientTime.endOfPeriod("9999-12-31", CHICAGO)).isNull();
  }

  @Test
  void aDayIsReadFromADateAndFromATime() {
    assertThat(LenientTime.day("1987-03-14")).isEqualTo(LocalDate.of(1987, 3, 14));
    assertThat(LenientTime.day("1987-03-14T00:00:00Z")).isEqualTo(LocalDate.of(1987, 3, 14));
    assertThat(LenientTime.day("1987-03")).isNull();
    assertThat(LenientTime.day("14/03/1987")).isNull();
  }
}
