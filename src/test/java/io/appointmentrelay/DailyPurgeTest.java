package io.appointmentrelay;

import static org.assertj.core.api.Assertions.assertThat;

import io.appointmentrelay.store.PurgeLimits;
import io.appointmentrelay.store.Store;
import io.appointmentrelay.store.TestStore;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DailyPurgeTest {

  private static final ZoneId CHICAGO = ZoneId.of("America/Chicago");

  @TempDir private Path directory;
  private Store store;

  @BeforeEach
  void open() {
    store = Store.open(TestStore.address(directory).open(), Clock.systemUTC());
  }

  @AfterEach
  void close() {
    store.close();
  }

  private boolean isTimeAt(String instant) {
    Clock clock = Clock.fixed(Instant.parse(instant), ZoneOffset.UTC);
    try (DailyPurge purge =
        new DailyPurge(
            store.purges(), now -> new PurgeLimits(now, null, null, null), CHICAGO, clock)) {
      return purge.isTime();
    }
  }

  private boolean begin(String day) {
    return store.purges().begin(LocalDate.parse(day)).join();
  }

  @Test
  void itIsTimeInTheSmallHoursOfTheClinic() {
    assertThat(isTimeAt("2027-03-01T07:59:00Z")).isFalse();
    assertThat(isTimeAt("2027-03-01T08:00:00Z")).isTrue();
    assertThat(isTimeAt("2027-03-01T10:59:00Z")).isTrue();
    assertThat(isTimeAt("2027-03-01T11:00:00Z")).isFalse();
  }

  @Test
  void aDayIsBegunOnce() {
    assertThat(begin("2027-03-01")).isTrue();
    assertThat(begin("2027-03-01")).isFalse();
    assertThat(begin("2027-02-28")).isFalse();

    assertThat(isTimeAt("2027-03-01T09:00:00Z")).isFalse();
    assertThat(isTimeAt("2027-03-02T09:00:00Z")).isTrue();
  }

  @Test
  void aDayThatWasMissedIsMadeUpForAtAnyHour() {
    begin("2027-03-01");

    assertThat(isTimeAt("2027-03-02T20:00:00Z")).isFalse();
    assertThat(isTimeAt("2027-03-03T20:00:00Z")).isTrue();
  }
}
