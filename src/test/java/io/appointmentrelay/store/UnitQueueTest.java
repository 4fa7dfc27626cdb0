package io.appointmentrelay.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.appointmentrelay.store.UnitQueue.Line;
import org.junit.jupiter.api.Test;

class UnitQueueTest {
  private final UnitQueue<String> queue = new UnitQueue<>();

  @Test
  void sendersGoFirstThenWhatWasBegunThenRuns() throws InterruptedException {
    offer(2, "run", Line.RUNS);
    offer(2, "delivery", Line.USUAL);
    offer(2, "sender", Line.SENDERS);

    assertThat(queue.take())
        .containsExactly("sender 0", "sender 1", "delivery 0", "delivery 1", "run 0", "run 1");
  }

  @Test
  void aSenderIsNotBesideAHeapOfAnythingElse() throws InterruptedException {
    offer(1, "sender", Line.SENDERS);
    offer(1_000, "delivery", Line.USUAL);
    offer(1_000, "run", Line.RUNS);

    assertThat(queue.take()).hasSize(151).filteredOn(unit -> unit.startsWith("run")).hasSize(50);
  }

  @Test
  void whatIsSentNeverWaitsForMoreThanAFewRuns() throws InterruptedException {
    offer(1_000, "run", Line.RUNS);

    assertThat(queue.take()).hasSize(50);

    offer(1_000, "delivery", Line.USUAL);
    assertThat(queue.take()).hasSize(1_050).startsWith("delivery 0").endsWith("run 99");
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
    assertThat(queue.take()).hasSize(50);
    assertThat(queue.take()).hasSize(10);
    assertThat(queue.take()).isEmpty();
  }

  private void offer(int number, String what, Line line) {
    for (int i = 0; i < number; i++) {
      assertThat(queue.offer(what + " " + i, line)).isTrue();
    }
  }
}
