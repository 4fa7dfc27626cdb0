package io.appointmentrelay.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.appointmentrelay.appointment.Claim;
import io.appointmentrelay.appointment.Delivery;
import io.appointmentrelay.appointment.Nature;
import io.appointmentrelay.appointment.PlannedDelivery;
import io.appointmentrelay.appointment.Purpose;
import io.appointmentrelay.appointment.ReachLimits;
import io.appointmentrelay.store.OutboxStore.Reach;
import io.appointmentrelay.store.OutboxStore.Terms;
import io.appointmentrelay.store.OutboxStore.Verdict;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is remembered of people: how often they were reached, and what they do not want. */
class RecipientStoreTest {

  private static final String NUMBER = "+16085550142";
  private static final LocalDate TODAY = LocalDate.of(2026, 3, 2);
  private static final ReachLimits LIMITS = ReachLimits.parse("1/P1D,3/P7D");

  @TempDir private Path directory;
  private ScriptedLife life;

  @BeforeEach
  void open() {
    life = new ScriptedLife(directory);
  }

  @AfterEach
  void close() {
    life.close();
  }

  private Delivery reminder(String appointment) {
    return life.happens(
            Claim.BOOKED,
            appointment,
            ScriptedLife.START,
            new PlannedDelivery(
                "sms", Nature.BEFORE_START, "reminder", "-P1D", ScriptedLife.NOW, null))
        .get(0);
  }

  private CompletableFuture<OutboxStore.Claim> claim(
      Delivery delivery, String number, LocalDate day) {
    Reach reach = new Reach(delivery.id(), number, day, LIMITS);
    Terms terms = new Terms(OutboxStore.ANY_REVISION, "+1***42", List.of(), reach, null, null);
    return life.store().outbox().claim(delivery, terms, ScriptedLife.NOW);
  }

  private Verdict claimed(String appointment, LocalDate day) {
    return claim(reminder(appointment), NUMBER, day).join().verdict();
  }

  @Test
  void oneMoreThanTheLimitIsNotClaimedThatDay() {
    assertThat(claimed("a", TODAY)).isEqualTo(Verdict.CLAIMED);
    assertThat(claimed("b", TODAY)).isEqualTo(Verdict.OVER_LIMIT);
    assertThat(claimed("c", TODAY.plusDays(1))).isEqualTo(Verdict.CLAIMED);
  }

  @Test
  void everyLimitMustHoldAndADayLeavesTheWindowAtItsEnd() {
    for (int day = 0; day < 3; day++) {
      assertThat(claimed("a" + day, TODAY.plusDays(day))).isEqualTo(Verdict.CLAIMED);
    }
    assertThat(claimed("b", TODAY.plusDays(6))).isEqualTo(Verdict.OVER_LIMIT);
    assertThat(claimed("c", TODAY.plusDays(7))).isEqualTo(Verdict.CLAIMED);
  }

  @Test
  void anotherNumberHasItsOwnCount() {
    assertThat(claimed("a", TODAY)).isEqualTo(Verdict.CLAIMED);
    assertThat(claim(reminder("b"), "+16085550143", TODAY).join().verdict())
        .isEqualTo(Verdict.CLAIMED);
  }

  @Test
  void ofManyAtOnceOnlySoManyAreClaimedAsAllowed() {
    List<Delivery> reminders = IntStream.range(0, 20).mapToObj(i -> reminder("a" + i)).toList();
    List<CompletableFuture<OutboxStore.Claim>> claims =
        reminders.stream().map(delivery -> claim(delivery, NUMBER, TODAY)).toList();

    assertThat(claims.stream().map(claim -> claim.join().verdict()))
        .filteredOn(Verdict.CLAIMED::equals)
        .hasSize(1);
  }

  @Test
  void whatIsNotClaimedIsNotCounted() {
    Delivery reminder = reminder("a");
    life.store().outbox().cancel(reminder.id()).join();

    assertThat(claim(reminder, NUMBER, TODAY).join().verdict()).isEqualTo(Verdict.JUDGE_AGAIN);
    assertThat(claimed("b", TODAY)).isEqualTo(Verdict.CLAIMED);
  }

  @Test
  void whatDidNotLeaveCountsNoMore() {
    OutboxStore outbox = life.store().outbox();
    Delivery released = claim(reminder("a"), NUMBER, TODAY).join().delivery();
    outbox.release(released).join();
    Delivery failed = claim(reminder("b"), NUMBER, TODAY).join().delivery();
    outbox.retry(failed, ScriptedLife.NOW.plus(Duration.ofMinutes(1)), true, "HTTP 503").join();
    Delivery dead = claim(reminder("c"), NUMBER, TODAY).join().delivery();
    outbox.dead(dead, true, "HTTP 400").join();

    assertThat(claimed("d", TODAY)).isEqualTo(Verdict.CLAIMED);
  }

  @Test
  void aMessageDoesNotStandInItsOwnWay() {
    Delivery delivery = claim(reminder("a"), NUMBER, TODAY).join().delivery();
    RecipientStore recipients = life.store().recipients();

    assertThat(recipients.exceeded(NUMBER, TODAY, LIMITS, delivery.id())).isEmpty();
    assertThat(recipients.exceeded(NUMBER, TODAY, LIMITS, delivery.id() + 1))
        .hasValueSatisfying(limit -> assertThat(limit).hasToString("1/P1D"));
  }

  @Test
  void itIsRememberedAfterAnEndAndTheNumberItselfIsNowhere() throws Exception {
    assertThat(claimed("a", TODAY)).isEqualTo(Verdict.CLAIMED);
    life.close();

    for (String file : List.of("relay.db", "relay.db-wal")) {
      Path path = directory.resolve(file);
      if (Files.exists(path)) {
        assertThat(new String(Files.readAllBytes(path), java.nio.charset.StandardCharsets.US_ASCII))
            .doesNotContain(NUMBER);
      }
    }
    life = new ScriptedLife(directory);
    assertThat(claimed("b", TODAY)).isEqualTo(Verdict.OVER_LIMIT);
  }

  @Test
  void whoOptedOutStaysOutAfterAnEnd() {
    life.store().recipients().optOut(NUMBER, "+1***42", Purpose.NEWS, ScriptedLife.NOW).join();
    life.close();
    life = new ScriptedLife(directory);

    RecipientStore recipients = life.store().recipients();
    assertThat(recipients.isOptedOut(NUMBER, Purpose.NEWS)).isTrue();
    assertThat(recipients.isOptedOut(NUMBER, Purpose.PREPARATION)).isFalse();
    assertThat(recipients.isOptedOut("+16085550143", Purpose.NEWS)).isFalse();
    assertThat(recipients.optIn(NUMBER, null).join()).isEqualTo(1);
    assertThat(recipients.isOptedOut(NUMBER, Purpose.NEWS)).isFalse();
  }
}
