package io.appointmentrelay.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.appointmentrelay.store.UnitQueue.Line;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class UnitQueueTest {
  private final AtomicLong nanos = new AtomicLong();
  private final UnitQueue<String> queue = new UnitQueue<>(nanos::get);

  @Test
  void sendersGoFirstThenWhatWasBegunThenRuns() throws InterruptedException {
    offer(2, "run", Line.RUNS);
    offer(2, "delivery", Line.USUAL);
    offer(2, "sender", Line.SENDERS);

    assertThat(rest(begin()))
        .containsExactly("sender 0", "sender 1", "delivery 0", "delivery 1", "run 0", "run 1");
  }

  @Test
  void aSenderIsNotBesideAHeapOfAnythingElse() throws InterruptedException {
    offer(1, "sender", Line.SENDERS);
    offer(1_000, "delivery", Line.USUAL);
    UnitQueue<String>.Portion portion = begin();

    assertThat(portion.next()).isEqualTo("sender 0");
    for (int i = 0; i < 4; i++) {
      assertThat(portion.next()).isEqualTo("delivery " + i);
      nanos.addAndGet(Duration.ofMillis(1).toNanos() / 2);
    }
    assertThat(portion.next()).isNull();
  }

  @Test
  void aSenderJoinsWhatIsJustBeingWrittenAndBringsItToItsEnd() throws InterruptedException {
    offer(1_000, "delivery", Line.USUAL);
    UnitQueue<String>.Portion portion = begin();
    assertThat(portion.next()).isEqualTo("delivery 0");
    nanos.addAndGet(Duration.ofSeconds(1).toNanos());
    offer(1, "sender", Line.SENDERS);

    assertThat(portion.next()).isEqualTo("sender 0");
    assertThat(portion.next()).isEqualTo("delivery 1");
    nanos.addAndGet(Duration.ofMillis(2).toNanos());
    assertThat(portion.next()).isNull();
    assertThat(queue.size()).isEqualTo(998);
  }

  /** However slow the database is, nothing stands still beside senders. */
  @Test
  void besideSendersOneOfEachLineIsTakenAlways() throws InterruptedException {
    offer(3, "run", Line.RUNS);
    offer(3, "delivery", Line.USUAL);
    for (int i = 0; i < 3; i++) {
      offer(1, "sender", Line.SENDERS);
      UnitQueue<String>.Portion portion = begin();

      assertThat(portion.next()).isEqualTo("sender 0");
      nanos.addAndGet(Duration.ofMillis(40).toNanos());
      assertThat(portion.next()).isEqualTo("delivery " + i);
      nanos.addAndGet(Duration.ofMillis(40).toNanos());
      assertThat(portion.next()).isEqualTo("run " + i);
      nanos.addAndGet(Duration.ofMillis(40).toNanos());
      assertThat(portion.next()).isNull();
    }
  }

  @Test
  void whatIsSentNeverWaitsForMoreThanAFewRuns() throws InterruptedException {
    offer(1_000, "run", Line.RUNS);

    assertThat(rest(begin())).hasSize(50);

    offer(1_000, "delivery", Line.USUAL);
    assertThat(rest(begin())).hasSize(1_050).startsWith("delivery 0").endsWith("run 99");
  }

  @Test
  void whatOthersBeginMeanwhileIsLeftToTheNextCommit() throws InterruptedException {
    offer(1, "delivery", Line.USUAL);
    UnitQueue<String>.Portion portion = begin();
    offer(1, "late", Line.USUAL);
    offer(1, "run", Line.RUNS);

    assertThat(rest(portion)).containsExactly("delivery 0");
    assertThat(rest(begin())).containsExactly("late 0", "run 0");
  }

  @Test
  void aFullLineSaysSoAndTheOthersGoOn() {
    offer(20_000, "run", Line.RUNS);

    assertThat(queue.offer("one too many", Line.RUNS)).isFalse();
    assertThat(queue.offer("a sender", Line.SENDERS)).isTrue();
    assertThat(queue.size()).isEqualTo(20_001);
  }

  @Test
  void closedItServesWhatWaitsAndThenNothing() throws InterruptedException {
    offer(60, "run", Line.RUNS);

    queue.close();

    assertThat(queue.offer("late", Line.SENDERS)).isFalse();
    assertThat(rest(begin())).hasSize(50);
    assertThat(rest(begin())).hasSize(10);
    assertThat(queue.await()).isNull();
  }

  private void offer(int number, String what, Line line) {
    for (int i = 0; i < number; i++) {
      assertThat(queue.offer(what + " " + i, line)).isTrue();
    }
  }

  private UnitQueue<String>.Portion begin() throws InterruptedException {
    return Objects.requireNonNull(queue.await());
  }

  private static List<String> rest(UnitQueue<String>.Portion portion) {
    List<String> taken = new ArrayList<>();
    for (String next = portion.next(); next != null; next = portion.next()) {
      taken.add(next);
    }
    return taken;
  }
}
