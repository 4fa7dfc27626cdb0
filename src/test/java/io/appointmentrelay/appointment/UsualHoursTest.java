package io.appointmentrelay.appointment;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** When a source is called silent, and when not. */
class UsualHoursTest {

  private static final ZoneId CHICAGO = ZoneId.of("America/Chicago");
  private static final LocalDate BEGIN = LocalDate.of(2027, 1, 4);

  /** So many messages may fail to come by chance; more are a silence that is one. */
  private static final int BY_CHANCE = 3;

  /** A clinic that opens on weekdays from 8 to 17, and says so many things an hour on average. */
  private static Map<Long, Long> traffic(Random random, double anHour, LocalDate from, int days) {
    Map<Long, Long> heard = new HashMap<>();
    for (int day = 0; day < days; day++) {
      for (int hour = 0; hour < 24; hour++) {
        ZonedDateTime time = from.plusDays(day).atTime(hour, 0).atZone(CHICAGO);
        long messages = isOpen(time) ? poisson(random, anHour) : 0;
        if (messages > 0) {
          heard.merge(UsualHours.hour(time.toInstant()), messages, Long::sum);
        }
      }
    }
    return heard;
  }

  private static boolean isOpen(ZonedDateTime time) {
    boolean weekend =
        time.getDayOfWeek() == DayOfWeek.SATURDAY || time.getDayOfWeek() == DayOfWeek.SUNDAY;
    return !weekend && time.getHour() >= 8 && time.getHour() < 17;
  }

  private static long poisson(Random random, double mean) {
    double limit = Math.exp(-mean);
    long count = 0;
    for (double product = random.nextDouble(); product > limit; product *= random.nextDouble()) {
      count++;
    }
    return count;
  }

  private static Optional<Long> missing(Map<Long, Long> heard, Instant last, Instant now) {
    Instant first = BEGIN.atTime(8, 0).atZone(CHICAGO).toInstant();
    return new UsualHours(heard, first).missing(last, now, CHICAGO);
  }

  private static Instant at(int day, String time) {
    return BEGIN.plusDays(day).atTime(LocalTime.parse(time)).atZone(CHICAGO).toInstant();
  }

  @Test
  void oneThatFallsSilentAtWorkIsNoticedWithinHours() {
    Map<Long, Long> heard = traffic(new Random(1), 20, BEGIN, 28);

    assertThat(missing(heard, at(28, "08:40"), at(28, "09:59"))).isEmpty();
    assertThat(missing(heard, at(28, "08:40"), at(28, "10:00"))).isPresent();
  }

  @Test
  void theNightAndTheWeekendAreNoSilence() {
    Map<Long, Long> heard = traffic(new Random(1), 20, BEGIN, 33);

    assertThat(missing(heard, at(28, "16:59"), at(29, "08:59"))).isEmpty();
    assertThat(missing(heard, at(32, "16:59"), at(35, "08:59"))).isEmpty();
    assertThat(missing(heard, at(32, "16:59"), at(35, "09:00"))).isPresent();
  }

  @Test
  void theFirstWeeksAreTooShortForAHabit() {
    Map<Long, Long> heard = traffic(new Random(1), 50, BEGIN, 27);

    assertThat(missing(heard, at(21, "08:40"), at(21, "16:00"))).isEmpty();
    assertThat(missing(heard, at(27, "08:40"), at(27, "23:00"))).isEmpty();
  }

  @Test
  void oneWeekInWhichItWasQuietTooIsEnoughToDoubt() {
    Map<Long, Long> heard = traffic(new Random(1), 20, BEGIN, 28);
    for (int hour = 0; hour < 24; hour++) {
      heard.remove(UsualHours.hour(BEGIN.plusDays(14).atTime(hour, 0).atZone(CHICAGO).toInstant()));
    }

    assertThat(missing(heard, at(28, "08:40"), at(28, "16:30"))).isEmpty();
    assertThat(missing(heard, at(29, "08:40"), at(29, "10:00"))).isPresent();
  }

  @Test
  void hoursAreThoseOfTheClockOnTheWallAlsoWhereItChanges() {
    LocalDate monday = LocalDate.of(2027, 3, 15); // The clocks changed on the day before.
    Map<Long, Long> heard = traffic(new Random(2), 20, monday.minusDays(28), 28);
    UsualHours usual = new UsualHours(heard, Instant.EPOCH);
    Instant friday = monday.minusDays(3).atTime(16, 59).atZone(CHICAGO).toInstant();

    assertThat(usual.missing(friday, monday.atTime(8, 59).atZone(CHICAGO).toInstant(), CHICAGO))
        .isEmpty();
    assertThat(usual.missing(friday, monday.atTime(9, 0).atZone(CHICAGO).toInstant(), CHICAGO))
        .isPresent();
  }

  /** Whatever a clinic's traffic: hours in which one of the past weeks was quiet raise nothing. */
  @Property(tries = 300)
  void neverAnAlarmOverHoursThatWereQuietInAnyWeekBefore(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 60) int anHour,
      @ForAll @IntRange(min = 28, max = 41) int day,
      @ForAll @IntRange(min = 0, max = 23) int hour,
      @ForAll @IntRange(min = 1, max = 70) int hours) {
    Map<Long, Long> heard = traffic(new Random(seed), anHour, BEGIN, 42);
    Instant last = BEGIN.plusDays(day).atTime(hour, 30).atZone(CHICAGO).toInstant();
    Instant now = last.plus(Duration.ofHours(hours));
    boolean anyWeekQuiet = false;
    for (int week = 1; week <= UsualHours.WEEKS; week++) {
      long came = 0;
      Instant from = last.atZone(CHICAGO).minusWeeks(week).toInstant();
      for (long h = UsualHours.hour(from) + 1; h < UsualHours.hour(from) + hours; h++) {
        came += heard.getOrDefault(h, 0L);
      }
      anyWeekQuiet |= came < UsualHours.ENOUGH;
    }
    if (anyWeekQuiet) {
      assertThat(missing(heard, last, now)).isEmpty();
    }
  }

  /**
   * A source that goes on as it always does is not called silent. Random traffic of one an hour has
   * whole days without any, and these are silence by the rule; so moments are left out at which
   * more than {@value #BY_CHANCE} were to be expected and none came. At all others the rule must
   * not speak: that four weeks brought {@value UsualHours#ENOUGH} where three were to be expected,
   * and this one none, comes by chance at one moment in a thousand million.
   */
  @Property(tries = 60)
  void noFalseAlarmWhileItGoesOnAsItDoes(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 60) int anHour) {
    Random random = new Random(seed);
    Map<Long, Long> heard = traffic(random, anHour, BEGIN, 56);
    Instant last = at(0, "08:30");
    int alarms = 0;
    for (int hour = 0; hour < 56 * 24; hour++) {
      Instant now = at(0, "00:00").plus(Duration.ofHours(hour));
      if (heard.containsKey(UsualHours.hour(now) - 1)) {
        last = now.minus(Duration.ofMinutes(1 + random.nextInt(58)));
      }
      boolean byChance = anHour * openHours(last, now) > BY_CHANCE;
      alarms += !byChance && missing(heard, last, now).isPresent() ? 1 : 0;
    }
    assertThat(alarms).isZero();
  }

  /** The whole hours between two times in which the clinic was open. */
  private static int openHours(Instant last, Instant now) {
    int open = 0;
    for (long hour = UsualHours.hour(last) + 1; hour < UsualHours.hour(now); hour++) {
      open += isOpen(Instant.ofEpochSecond(hour * 3_600).atZone(CHICAGO)) ? 1 : 0;
    }
    return open;
  }

  /** And one that ends is called silent before its next working day is over. */
  @Property(tries = 100)
  void anEndIsNoticedBeforeTheNextWorkingDayIsOver(
      @ForAll long seed,
      @ForAll @IntRange(min = 4, max = 60) int anHour,
      @ForAll @IntRange(min = 29, max = 32) int day) {
    Map<Long, Long> heard = traffic(new Random(seed), anHour, BEGIN, day);
    Instant last = at(day - 1, "16:30");
    assertThat(missing(heard, last, at(day, "17:00"))).isPresent();
  }
}
