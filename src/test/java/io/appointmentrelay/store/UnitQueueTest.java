package io.appointmentrelay.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.appointmentrelay.store.UnitQueue.Line;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class UnitQueueTest {
  private final UnitQueue<String> queue = new UnitQueue<>();

  @Test
  void sendersGoFirstThenWhatWasBegunThenRuns() throws InterruptedException {
    offer(2, "run", Line.RUNS);
    offer(2, "delivery", Line.USUAL);
    offer(2, "sender", Line.SENDERS);

    assertThat(next())
        .containsExactly("sender 0", "sender 1", "delivery 0", "delivery 1", "run 0", "run 1");
  }

  @Test
  void aSenderIsNotBesideAHeapOfAnythingElse() throws InterruptedException {
    offer(1, "sender", Line.SENDERS);
    offer(1_000, "delivery", Line.USUAL);
    offer(1_000, "run", Line.RUNS);

    assertThat(next()).hasSize(151).filteredOn(unit -> unit.startsWith("run")).hasSize(50);
  }

  @Test
  void whatIsSentNeverWaitsForMoreThanAFewRuns() throws InterruptedException {
    offer(1_000, "run", Line.RUNS);

    assertThat(next()).hasSize(50);

    offer(1_000, "delivery", Line.USUAL);
    assertThat(next()).hasSize(1_050).startsWith("delivery 0").endsWith("run 99");
  }

  @Test
  void aFullLineSaysSoAndTheOthersGoOn() {
    offer(20_000, "run", Line.RUNS);

    assertThat(queue.offer("one too many", Line.RUNS)).isFalse();
    assertThat(queue.offer("a sender", Line.SENDERS)).isTrue();
    assertThat(queue.size()).isEqualTo(20_001);
  }

  @Test
  void whatIsTakenOutAgainIsNotServed() throws InterruptedException {
    offer(2, "run", Line.RUNS);

    assertThat(queue.remove("run 0")).isTrue();
    assertThat(queue.remove("run 0")).isFalse();
    assertThat(next()).containsExactly("run 1");
  }

  @Test
  void whereNothingComesNothingIsServed() throws InterruptedException {
    List<String> batch = new ArrayList<>();

    queue.drainTo(batch, 1);

    assertThat(batch).isEmpty();
  }

  private void offer(int number, String what, Line line) {
    for (int i = 0; i < number; i++) {
      assertThat(queue.offer(what + " " + i, line)).isTrue();
    }
  }

  private List<String> next() throws InterruptedException {
    List<String> batch = new ArrayList<>();
    queue.drainTo(batch, 1_000);
    return batch;
  }
}
