package io.appointmentrelay.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.appointmentrelay.appointment.Claim;
import io.appointmentrelay.store.ConsoleReads.KnownRecord;
import io.appointmentrelay.store.ConsoleReads.RecordFilter;
import io.appointmentrelay.store.ConsoleReads.RecordOrder;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class RecordReadsTest {

  private static final RecordFilter ANY =
      new RecordFilter(List.of(), null, null, List.of(), null, null);

  @TempDir Path directory;
  private ScriptedLife life;
  private ConsoleReads reads;

  @BeforeEach
  void open() {
    life = new ScriptedLife(directory);
    reads = new ConsoleReads(life.database());
  }

  @AfterEach
  void close() {
    life.close();
  }

  private void booked(int count) {
    for (int i = 1; i <= count; i++) {
      // Two at a time begin together.
      life.happens(Claim.BOOKED, "A" + i, ScriptedLife.START.plus(Duration.ofHours((i + 1) / 2)));
    }
  }

  private List<String> all(RecordFilter filter, RecordOrder order, int limit) {
    List<String> found = new ArrayList<>();
    String after = null;
    do {
      Page<KnownRecord> page = reads.records(filter, order, new PageRequest(limit, after));
      assertThat(page.items()).hasSizeLessThanOrEqualTo(limit);
      page.items().forEach(one -> found.add(one.record().identifier()));
      after = page.next();
    } while (after != null);
    return found;
  }

  @ParameterizedTest
  @EnumSource(RecordOrder.class)
  void noneIsLostOrRepeatedBetweenPages(RecordOrder order) {
    booked(7);
    List<String> expected = new ArrayList<>(List.of("A1", "A2", "A3", "A4", "A5", "A6", "A7"));
    if (order == RecordOrder.START_DESCENDING || order == RecordOrder.UPDATED_DESCENDING) {
      Collections.reverse(expected);
    }

    for (int limit = 1; limit <= 8; limit++) {
      assertThat(all(ANY, order, limit)).describedAs("pages of %d", limit).isEqualTo(expected);
    }
  }

  @ParameterizedTest
  @EnumSource(RecordOrder.class)
  void aPatientsAreFoundInEveryOrder(RecordOrder order) {
    booked(3);

    assertThat(
            all(
                new RecordFilter(List.of("nobody", "MRN|7"), null, null, List.of(), null, null),
                order,
                2))
        .containsExactlyInAnyOrder("A1", "A2", "A3");
    assertThat(all(new RecordFilter(List.of("MRN|8"), null, null, List.of(), null, null), order, 2))
        .isEmpty();
  }

  @Test
  void theyAreFoundByTimeAndStatus() {
    booked(6);
    life.happens(Claim.CANCELLED, "A3", ScriptedLife.START.plus(Duration.ofHours(2)));
    Instant from = ScriptedLife.START.plus(Duration.ofHours(2));
    Instant to = ScriptedLife.START.plus(Duration.ofHours(3));

    assertThat(
            all(new RecordFilter(List.of(), from, to, List.of(), null, null), RecordOrder.START, 9))
        .containsExactly("A3", "A4");
    assertThat(
            all(
                new RecordFilter(List.of(), from, to, List.of("booked", "arrived"), null, null),
                RecordOrder.START,
                9))
        .containsExactly("A4");
  }

  @Test
  void whatTookAnothersPlaceNamesItAndIsNamed() {
    life.booked("A1");
    life.replaces("A2", "A1");
    KnownRecord old = reads.records("A1", List.of("none", ScriptedLife.GROUP)).get(0);
    KnownRecord now = reads.record(old.replacedBy()).orElseThrow();

    assertThat(now.record().identifier()).isEqualTo("A2");
    assertThat(now.replaces()).isEqualTo(old.id());
    assertThat(reads.records("A1", List.of("none"))).isEmpty();
    assertThat(reads.records("A1", List.of())).isEmpty();
    assertThat(reads.record(Long.MAX_VALUE)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", "-", "MQ", "1;DROP TABLE appointment", "%00"})
  void aPageThatIsNoneIsRefused(String after) {
    assertThatThrownBy(() -> reads.records(ANY, RecordOrder.START, new PageRequest(5, after)))
        .isInstanceOf(WrongCursor.class);
  }
}
