package io.appointmentrelay.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.appointmentrelay.appointment.EventNumber;
import io.appointmentrelay.appointment.EventNumber.Meaning;
import io.appointmentrelay.store.SubscriptionStore.Gap;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which numbers of a subscription are missing, whatever the order in which the others come. */
class EventGapsTest {

  private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

  @TempDir private Path directory;
  private Store store;
  private Instant now = NOON;

  @BeforeEach
  void open() {
    store =
        Store.open(
            SqliteDatabase.open("jdbc:sqlite:" + directory.resolve("relay.db")), Clock.systemUTC());
  }

  @AfterEach
  void close() {
    store.close();
  }

  private void tell(Meaning meaning, long... numbers) {
    for (long number : numbers) {
      NewPart part =
          new NewPart(
              "changed", null, null, null, null, List.of(new EventNumber("s", number, meaning)));
      store.inbox().accept("clinic", now, new byte[0], List.of(part)).join();
      now = now.plus(Duration.ofMinutes(1));
    }
  }

  private List<String> gaps() {
    return store.subscriptions().openGaps().stream()
        .map(gap -> gap.first() + "-" + gap.last())
        .toList();
  }

  @Test
  void oneAfterTheOtherLeavesNoGap() {
    tell(Meaning.BEGINS_BEHIND, 0);
    tell(Meaning.HERE, 1, 2, 3, 2, 1, 3);
    tell(Meaning.SO_FAR, 3);
    assertThat(gaps()).isEmpty();
  }

  @Test
  void whoIsHeardOfInMidLifeMissesNothingBefore() {
    tell(Meaning.HERE, 57, 58);
    assertThat(gaps()).isEmpty();
  }

  @Test
  void aHandshakeSaysWhereItBegins() {
    tell(Meaning.BEGINS_BEHIND, 0);
    tell(Meaning.HERE, 3);
    assertThat(gaps()).containsExactly("1-2");
    tell(Meaning.HERE, 1);
    assertThat(gaps()).containsExactly("1-2");
    tell(Meaning.HERE, 2);
    assertThat(gaps()).isEmpty();
  }

  @Test
  void aHeartbeatTellsOfTheLastOnesThatAreMissing() {
    tell(Meaning.HERE, 1);
    tell(Meaning.SO_FAR, 3, 3, 3);
    assertThat(gaps()).containsExactly("2-3");
    tell(Meaning.HERE, 4);
    assertThat(gaps()).containsExactly("2-3");
    tell(Meaning.HERE, 3, 2);
    assertThat(gaps()).isEmpty();
    tell(Meaning.HERE, 5);
    assertThat(gaps()).isEmpty();
  }

  @Test
  void severalGapsCloseEachForItself() {
    tell(Meaning.HERE, 1, 3, 7);
    assertThat(gaps()).containsExactly("2-2", "4-6");
    tell(Meaning.HERE, 5, 2, 4);
    assertThat(gaps()).containsExactly("4-6");
    tell(Meaning.HERE, 6);
    assertThat(gaps()).isEmpty();
    assertThat(store.subscriptions().closedGaps("clinic")).isEqualTo(2);
  }

  @Test
  void numbersThatBeginAnewEndWhatWasMissing() {
    tell(Meaning.HERE, 1, 5);
    tell(Meaning.BEGINS_BEHIND, 0);
    assertThat(gaps()).isEmpty();
    tell(Meaning.HERE, 1, 2);
    assertThat(gaps()).isEmpty();
    tell(Meaning.HERE, 4);
    assertThat(gaps()).containsExactly("3-3");
  }

  @Test
  void aGapThatIsClosedByOtherWaysStaysClosed() {
    tell(Meaning.HERE, 1, 5);
    Gap gap = store.subscriptions().openGaps().get(0);
    assertThat(gap.beforeAt()).isEqualTo(NOON);
    assertThat(store.subscriptions().close(gap, "searched for", now).join()).isTrue();
    assertThat(store.subscriptions().close(gap, "searched for", now).join()).isFalse();
    tell(Meaning.HERE, 3, 6);
    assertThat(gaps()).isEmpty();
  }

  @Test
  void inWhateverOrderAllOfThemComeNothingIsMissingInTheEnd() {
    for (int seed = 0; seed < 40; seed++) {
      List<Long> numbers = new ArrayList<>();
      for (long number = 1; number <= 12; number++) {
        numbers.add(number);
      }
      Collections.shuffle(numbers, new Random(seed));
      tell(Meaning.BEGINS_BEHIND, 0);
      numbers.forEach(number -> tell(Meaning.HERE, number));
      assertThat(gaps()).as("seed " + seed).isEmpty();
    }
  }
}
