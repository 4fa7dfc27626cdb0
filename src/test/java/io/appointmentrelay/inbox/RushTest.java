package io.appointmentrelay.inbox;

import static java.util.concurrent.CompletableFuture.runAsync;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Runs let senders pass, and are never stopped. */
class RushTest {

  private final AtomicLong nanos = new AtomicLong(1_000_000_000);
  private final Rush rush = new Rush(nanos::get);

  private void enter(int senders) {
    IntStream.range(0, senders).forEach(sender -> rush.enter());
  }

  private void passes(long millis) {
    nanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(millis));
  }

  @Test
  void aFewSendersAreNone() {
    enter(7);

    assertThat(rush.isOn()).isFalse();
  }

  @Test
  void itIsOnForAsLongAsManyWaitHoweverSlowTheAnswersAre() {
    enter(8);
    passes(500);

    assertThat(rush.isOn()).isTrue();
  }

  @Test
  void thePauseBetweenTwoCommitsBelongsToIt() {
    enter(8);
    IntStream.range(0, 8).forEach(sender -> rush.leave());

    passes(19);
    assertThat(rush.isOn()).isTrue();
    passes(1);
    assertThat(rush.isOn()).isFalse();
  }

  @Test
  void aRunIsHeldBackForAMomentOnly() throws Exception {
    enter(8);

    runAsync(rush::letSendersPass).get(30, TimeUnit.SECONDS);
    assertThat(rush.isOn()).isTrue();
  }

  @Test
  void runsPassOneByOne() throws Exception {
    enter(8);
    long begun = System.nanoTime();
    CompletableFuture<?> runs =
        CompletableFuture.allOf(
            IntStream.range(0, 3)
                .mapToObj(run -> runAsync(rush::letSendersPass, one -> new Thread(one).start()))
                .toArray(CompletableFuture[]::new));
    runs.get(30, TimeUnit.SECONDS);

    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isGreaterThan(Duration.ofMillis(140));
  }
}
