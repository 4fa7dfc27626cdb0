package io.appointmentrelay.messaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LeadTest {
  private static final ZoneId CHICAGO = ZoneId.of("America/Chicago");

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        "P1D, -, -, -P1D",
        "p1d, -, -, -P1D",
        "P1W, -, -, -P7D",
        "P2W1D, -, -, -P15D",
        "PT2H, -, -, -PT2H",
        "PT90M, -, -, -PT1H30M",
        "PT24H, -, -, -PT24H",
        "P1DT2H, -, -, -P1DT2H",
        "P1D, -, 10:00, -P1D@10:00",
        "-, PT2H, -, +PT2H",
        "-, P1D, 09:30, +P1D@09:30",
        "-, -, 07:00, @07:00",
        "P400D, -, -, -P400D",
      })
  void aLeadHasAStableKeyThatReadsBack(String before, String after, String at, String key) {
    Lead lead = Lead.parse(before, after, at).orElseThrow();
    assertThat(lead.key()).isEqualTo(key);
    assertThat(Lead.ofKey(key)).isEqualTo(lead).hasToString(key);
    assertThat(lead.isBefore()).isEqualTo(after == null);
  }

  @Test
  void withoutAnyParameterThereIsNoLead() {
    assertThat(Lead.parse(null, null, null)).isEmpty();
  }

  /** Clocks go forward on 8 March and back on 1 November 2026. */
  @ParameterizedTest
  @CsvSource({
    "-P1D, 2026-08-03T10:00-05:00, 2026-08-02T10:00-05:00",
    "-P1D, 2026-03-08T10:00-05:00, 2026-03-07T10:00-06:00",
    "-PT24H, 2026-03-08T10:00-05:00, 2026-03-07T09:00-06:00",
    "-P1D, 2026-11-01T10:00-06:00, 2026-10-31T10:00-05:00",
    "-PT24H, 2026-11-01T10:00-06:00, 2026-10-31T11:00-05:00",
    "-P1D, 2026-03-09T02:30-05:00, 2026-03-08T03:30-05:00",
    "-P1DT2H, 2026-03-09T03:30-05:00, 2026-03-08T00:30-06:00",
    "-P7D, 2026-11-05T08:00-06:00, 2026-10-29T08:00-05:00",
    "-P1D@18:00, 2026-08-03T10:00-05:00, 2026-08-02T18:00-05:00",
    "-PT12H@07:30, 2026-08-03T10:00-05:00, 2026-08-02T07:30-05:00",
    "@07:00, 2026-08-03T10:00-05:00, 2026-08-03T07:00-05:00",
    "+PT2H, 2026-08-03T10:00-05:00, 2026-08-03T12:00-05:00",
    "+P1D@09:00, 2026-10-31T23:30-05:00, 2026-11-01T09:00-06:00",
  })
  void daysKeepTheTimeOnTheWallAndHoursAreExact(String key, String start, String due) {
    assertThat(Lead.ofKey(key).due(ZonedDateTime.parse(start).toInstant(), CHICAGO))
        .isEqualTo(ZonedDateTime.parse(due).toInstant());
  }

  @Test
  void theLengthOfALeadIsExactOverTheChangeOfClocks() {
    Instant start = ZonedDateTime.parse("2026-03-08T10:00-05:00").toInstant();
    assertThat(Lead.ofKey("-P1D").lead(start, CHICAGO)).isEqualTo(Duration.ofHours(23));
    assertThat(Lead.ofKey("+PT2H").lead(start, CHICAGO)).isEqualTo(Duration.ofHours(2));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "P",
        "PT",
        "P1DT",
        "1D",
        "P0D",
        "PT0H",
        "-P1D",
        "P-1D",
        "+P1D",
        "P1M",
        "P1Y",
        "P1.5D",
        "P401D",
        "P58W",
        "PT9601H",
        "P999999999D",
        "P1D ; drop"
      })
  void whatIsNoSensibleTimeIsRefusedWithTheCure(String text) {
    assertThatThrownBy(() -> Lead.parse(text, null, null))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("before: is a time in weeks, days, hours or minutes")
        .hasMessageContaining("found '" + text + "'")
        .hasMessageEndingWith("Correct the outbox: step.");
    assertThatThrownBy(() -> Lead.parse(null, text, null)).hasMessageStartingWith("after: is");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "10", "25:00", "10:00:00", "10am"})
  void whatIsNoTimeOfDayIsRefused(String text) {
    assertThatThrownBy(() -> Lead.parse("P1D", null, text))
        .hasMessage(
            "at: is a time of day such as 09:30; found '" + text + "'. Correct the outbox: step.");
  }

  @Test
  void beforeAndAfterTogetherAreRefused() {
    assertThatThrownBy(() -> Lead.parse("P1D", "P1D", null)).hasMessageContaining("found both");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "P1D", "-", "-P0D", "-P1D@", "soon"})
  void aKeyThatWeDidNotWriteIsRefused(String key) {
    assertThatThrownBy(() -> Lead.ofKey(key)).isInstanceOf(IllegalArgumentException.class);
  }

  @Property
  void whatIsDueBeforeAStartIsDueBeforeItOnEveryDayOfTheYear(
      @ForAll @IntRange(max = 399) int days,
      @ForAll @IntRange(max = 23) int hours,
      @ForAll @IntRange(min = 1, max = 59) int minutes,
      @ForAll @IntRange(max = 366 * 24 * 4) int quarter) {
    Instant start = Instant.parse("2026-01-01T00:00:00Z").plusSeconds(900L * quarter);
    Lead lead = Lead.ofKey("-P" + days + "DT" + hours + "H" + minutes + "M");
    for (String zone : new String[] {"America/Chicago", "Europe/Berlin", "Asia/Beirut"}) {
      assertThat(lead.due(start, ZoneId.of(zone))).isBefore(start);
      assertThat(lead.lead(start, ZoneId.of(zone))).isPositive();
    }
    assertThat(Lead.ofKey(lead.key())).isEqualTo(lead);
  }
}
