package io.appointmentrelay.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.appointmentrelay.appointment.Audience;
import io.appointmentrelay.appointment.Claim;
import io.appointmentrelay.appointment.Delivery;
import io.appointmentrelay.appointment.EventKind;
import io.appointmentrelay.appointment.KnownPreparation;
import io.appointmentrelay.appointment.Nature;
import io.appointmentrelay.appointment.PlannedDelivery;
import io.appointmentrelay.appointment.Reason;
import io.appointmentrelay.appointment.Replan;
import io.appointmentrelay.appointment.Replan.Wanted;
import io.appointmentrelay.store.ReplanStore.Visit;
import io.appointmentrelay.store.ReplanStore.Visits;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReplanStoreTest {

  private static final Instant NOW = ScriptedLife.NOW;
  private static final Instant START = ScriptedLife.START;
  private static final Wanted TWO_DAYS_BEFORE = reminder(2);

  @TempDir private Path directory;
  private ScriptedLife life;
  private ReplanStore replans;

  @BeforeEach
  void open() {
    life = new ScriptedLife(directory);
    replans = life.store().replans();
  }

  @AfterEach
  void close() {
    life.close();
  }

  private static Wanted reminder(int days) {
    return new Wanted(
        "sms",
        Audience.PATIENT,
        Nature.BEFORE_START,
        "reminder",
        "-P" + days + "D",
        START.minus(Duration.ofDays(days)));
  }

  private static PlannedDelivery planned(Wanted wanted, Instant due) {
    return new PlannedDelivery(
        wanted.channel(), wanted.nature(), wanted.text(), wanted.offset(), due, null);
  }

  private Visit booked(String appointment, PlannedDelivery... deliveries) {
    life.happens(Claim.BOOKED, appointment, START, deliveries);
    return visit(appointment);
  }

  private Visit visit(String appointment) {
    return replans.toCome(NOW, null, 100).visits().stream()
        .filter(visit -> visit.record().identifier().equals(appointment))
        .findFirst()
        .orElseThrow();
  }

  private Replan.Difference difference(Visit visit, Wanted... wanted) {
    return Replan.of(List.of(wanted), replans.preparation(visit), START, NOW);
  }

  private boolean apply(Visit visit, List<KnownPreparation> read, Replan.Difference difference) {
    return replans.apply(visit, read, difference, NOW).join();
  }

  @Test
  void aVisitThatHasChangedSinceItWasReadIsLeftAsItIs() {
    Visit visit = booked("a", planned(reminder(1), reminder(1).due()));
    List<KnownPreparation> read = replans.preparation(visit);
    Replan.Difference difference = difference(visit, TWO_DAYS_BEFORE);
    life.happens(Claim.CANCELLED, "a", START);
    assertThat(apply(visit, read, difference)).isFalse();
    assertThat(life.store().replans().again(visit, NOW)).isEmpty();
    assertThat(replans.preparation(visit)).hasSize(1);
  }

  @Test
  void whatIsTakenForSendingMeanwhileIsLeftAlone() {
    Visit visit = booked("a", planned(reminder(1), NOW));
    List<KnownPreparation> read = replans.preparation(visit);
    Replan.Difference difference = difference(visit);
    assertThat(difference.dropped()).hasSize(1);
    Delivery inFlight = life.claimed(only("sms"));
    assertThat(apply(visit, read, difference)).isFalse();
    assertThat(life.store().outbox().sent(inFlight, NOW, "SM1", null).join()).isTrue();
    assertThat(difference(visit).isNone()).isTrue();
    assertThat(difference(visit, reminder(1)).isNone()).isTrue();
  }

  private Delivery only(String channel) {
    List<Delivery> due = life.store().outbox().due(channel, START, 10);
    assertThat(due).hasSize(1);
    return due.get(0);
  }

  @Test
  void whoWasJudgingAMessageThatIsReTimedMustJudgeAgain() {
    Visit visit = booked("a", planned(reminder(1), NOW));
    Delivery judged = only("sms");
    assertThat(apply(visit, replans.preparation(visit), difference(visit, TWO_DAYS_BEFORE)))
        .isTrue();
    assertThat(life.store().outbox().suppress(judged, Reason.NO_CONTACT, List.of()).join())
        .isFalse();
    Delivery now = only("sms");
    assertThat(now.offset()).isEqualTo("-P2D");
    assertThat(now.planned()).isEqualTo(TWO_DAYS_BEFORE.due());
    assertThat(now.due()).isEqualTo(TWO_DAYS_BEFORE.due());
  }

  @Test
  void theSameChangeTwiceIsMadeOnce() {
    Visit visit = booked("a");
    List<KnownPreparation> read = replans.preparation(visit);
    Replan.Difference difference = difference(visit, TWO_DAYS_BEFORE);
    assertThat(apply(visit, read, difference)).isTrue();
    assertThat(apply(visit, read, difference)).isFalse();
    assertThat(replans.preparation(visit)).hasSize(1);
  }

  @Test
  void whatIsAddedWaitsForNewsThatIsYetToLeave() {
    Instant late = TWO_DAYS_BEFORE.due().plusSeconds(3600);
    Visit visit = booked("a", new PlannedDelivery("sms", Nature.NEWS, "booked", null, late, null));
    assertThat(apply(visit, List.of(), difference(visit, TWO_DAYS_BEFORE))).isTrue();
    assertThat(replans.preparation(visit))
        .singleElement()
        .satisfies(
            added -> {
              assertThat(added.planned()).isEqualTo(TWO_DAYS_BEFORE.due());
              assertThat(added.due()).isEqualTo(late);
            });
  }

  @Test
  void onlyOpenVisitsToComeAreRead() {
    booked("open");
    life.happens(Claim.BOOKED, "over", NOW.minusSeconds(1));
    booked("off");
    life.happens(Claim.CANCELLED, "off", START);
    booked("here");
    life.happens(Claim.CHECKED_IN, "here", START);
    booked("old");
    life.replaces("new", "old");
    assertThat(replans.toCome(NOW, null, 100).visits())
        .extracting(visit -> visit.record().identifier())
        .containsExactlyInAnyOrder("open", "new");
  }

  @Test
  void theLastChangeIsTheOneThatGaveTheVersion() {
    booked("a");
    life.moved("a", 1);
    life.moved("a", 1);
    Visit visit = visit("a");
    assertThat(visit.record().revision()).isEqualTo(3);
    assertThat(visit.lastChange().kind()).isEqualTo(EventKind.RESCHEDULED);
    assertThat(visit.lastChange().changes()).isNotEmpty();
  }

  @Test
  void pagesHoldEachVisitOnceAlsoWhenManyStartTogether() {
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < 25; i++) {
      expected.add("v" + i);
      life.happens(Claim.BOOKED, "v" + i, START.plusSeconds(i / 10));
    }
    List<String> found = new ArrayList<>();
    String next = null;
    do {
      Visits page = replans.toCome(NOW, next, 4);
      page.visits().forEach(visit -> found.add(visit.record().identifier()));
      next = page.next();
    } while (next != null);
    assertThat(found).containsExactlyElementsOf(expected);
    assertThatThrownBy(() -> replans.toCome(NOW, "nonsense", 4)).isInstanceOf(WrongCursor.class);
  }
}
