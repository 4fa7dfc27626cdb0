package io.appointmentrelay.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.appointmentrelay.appointment.Delivery;
import io.appointmentrelay.appointment.Pace;
import io.appointmentrelay.appointment.Reason;
import io.appointmentrelay.store.OutboxStore.Terms;
import io.appointmentrelay.store.OutboxStore.Verdict;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** When too many messages to people would leave, the rest waits for an operator. */
class BrakeStoreTest {

  private static final Pace PACE = new Pace(3, Duration.ofMinutes(10));
  private static final Instant NOW = ScriptedLife.NOW;

  @TempDir private Path directory;
  private ScriptedLife life;
  private int number;

  @BeforeEach
  void open() {
    life = new ScriptedLife(directory);
  }

  @AfterEach
  void close() {
    life.close();
  }

  private Delivery news() {
    return life.booked("a" + number++).get(0);
  }

  private CompletableFuture<OutboxStore.Claim> claim(Delivery delivery, Instant now) {
    Terms terms = new Terms(OutboxStore.ANY_REVISION, "m***", List.of(), null, null, PACE);
    return life.store().outbox().claim(delivery, terms, now);
  }

  private Verdict claimed(Instant now) {
    return claim(news(), now).join().verdict();
  }

  private void threeLeave() {
    for (int i = 0; i < 3; i++) {
      assertThat(claimed(NOW)).isEqualTo(Verdict.CLAIMED);
    }
  }

  @Test
  void theOneThatIsTooManyPullsItAndAllOthersAreHeldHoweverLong() {
    threeLeave();
    assertThat(life.store().brake().status().isPulled()).isFalse();

    assertThat(claimed(NOW)).isEqualTo(Verdict.BRAKED);

    assertThat(life.store().brake().status().pulled()).isEqualTo(NOW);
    assertThat(life.store().brake().holds(news())).isTrue();
    assertThat(claimed(NOW.plus(Duration.ofDays(1)))).isEqualTo(Verdict.BRAKED);
  }

  @Test
  void ofManyAtOnceOnlySoManyLeaveAsThePaceAllows() {
    List<Delivery> many = IntStream.range(0, 20).mapToObj(i -> news()).toList();
    List<CompletableFuture<OutboxStore.Claim>> claims =
        many.stream().map(delivery -> claim(delivery, NOW)).toList();

    assertThat(claims.stream().map(claim -> claim.join().verdict()))
        .filteredOn(Verdict.CLAIMED::equals)
        .hasSize(3);
  }

  @Test
  void whatLeavesInAnotherWindowIsNotTooMany() {
    threeLeave();
    assertThat(claimed(NOW.plus(Duration.ofMinutes(11)))).isEqualTo(Verdict.CLAIMED);
    assertThat(life.store().brake().status().isPulled()).isFalse();
  }

  @Test
  void aRetryIsNoMessageMore() {
    Delivery retried = news();
    for (int i = 0; i < 5; i++) {
      Delivery claimed = claim(retried, NOW).join().delivery();
      life.store().outbox().retry(claimed, NOW, false, "HTTP 503").join();
      retried = life.store().outbox().read(retried.id()).orElseThrow();
    }
    assertThat(claimed(NOW)).isEqualTo(Verdict.CLAIMED);
  }

  @Test
  void aClaimThatWasGivenBackIsNoMessageMore() {
    Delivery released = news();
    for (int i = 0; i < 5; i++) {
      life.store().outbox().release(claim(released, NOW).join().delivery()).join();
      released = life.store().outbox().read(released.id()).orElseThrow();
    }
    threeLeave();
  }

  @Test
  void itHoldsAfterAnEnd() {
    threeLeave();
    claimed(NOW);
    life.close();
    life = new ScriptedLife(directory);

    assertThat(life.store().brake().status().pulled()).isEqualTo(NOW);
    assertThat(claimed(NOW)).isEqualTo(Verdict.BRAKED);
  }

  @Test
  void whatHadLeftBeforeAnEndCounts() {
    threeLeave();
    life.close();
    life = new ScriptedLife(directory);

    assertThat(claimed(NOW)).isEqualTo(Verdict.BRAKED);
  }

  @Test
  void aReleaseLetsAllGoThatWasHeldAndWhatComesAfterCountsAnew() {
    threeLeave();
    List<Delivery> held = IntStream.range(0, 5).mapToObj(i -> news()).toList();
    for (Delivery delivery : held) {
      assertThat(claim(delivery, NOW).join().verdict()).isEqualTo(Verdict.BRAKED);
      Instant later = NOW.plus(Duration.ofMinutes(1));
      life.store().outbox().putOff(delivery, later, Reason.BRAKE, List.of()).join();
    }
    assertThat(life.store().brake().status().held()).isEqualTo(5);

    assertThat(life.store().brake().release(NOW.plusSeconds(5)).join()).isTrue();

    Instant after = NOW.plusSeconds(6);
    assertThat(life.store().brake().status().isPulled()).isFalse();
    assertThat(life.store().outbox().due("email", after, 100)).hasSize(5);
    for (Delivery delivery : held) {
      assertThat(claim(delivery, after).join().verdict()).isEqualTo(Verdict.CLAIMED);
    }
    for (int i = 0; i < 3; i++) {
      assertThat(claimed(after)).isEqualTo(Verdict.CLAIMED);
    }
    assertThat(claimed(after)).isEqualTo(Verdict.BRAKED);
  }

  @Test
  void whatDoesNotHoldIsNotReleased() {
    assertThat(life.store().brake().release(NOW).join()).isFalse();
  }

  @Test
  void eventsToSystemsAreNeverHeld() {
    threeLeave();
    claimed(NOW);
    Delivery event = life.booked("event").get(1);

    assertThat(life.claimed(event).channel()).isEqualTo("webhook");
  }
}
