package io.appointmentrelay.appointment;

import static io.appointmentrelay.appointment.NoticeBuilder.START;
import static io.appointmentrelay.appointment.NoticeBuilder.bare;
import static io.appointmentrelay.appointment.NoticeBuilder.visit;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** SEMANTICS §4: told against true. */
class NewsTest {

  private static final Instant MOVED = START.plus(Duration.ofDays(1));
  private static final Instant MOVED_AGAIN = START.plus(Duration.ofDays(2));
  private static final Party ELSEWHERE = new Party("loc-2", "Oak Avenue");

  private final World world = new World();

  /** What is said to somebody who was last told this. */
  private String toThoseTold(Told told) {
    News.Decision decision = News.decide(told, world.knows("a"));
    assertThat(decision.text() == null).isNotEqualTo(decision.silence() == null);
    return decision.text() != null ? decision.text().name() : decision.silence().words();
  }

  private String toThoseToldNothing() {
    return toThoseTold(null);
  }

  /** What is said to people who knew of the appointment before we did. */
  private String toThoseWhoPresumablyKnow() {
    Told presumed = world.knows("a").presumed();
    assertThat(presumed).isNotNull();
    return toThoseTold(presumed);
  }

  private Told told() {
    return Told.of(world.knows("a"));
  }

  @Nested
  class NothingYet {

    @ParameterizedTest
    @CsvSource({"proposed", "pending", "booked", "waitlist"})
    void anOpenVisitIsBooked(String status) {
      world.hears(Claim.BOOKED, visit("a").status(status));

      assertThat(toThoseToldNothing()).isEqualTo("BOOKED");
    }

    @Test
    void aBookingMovedBeforeItsConfirmationLeftIsOneBookedWithTheNewTime() {
      world.hears(Claim.BOOKED, visit("a"));
      world.hears(Claim.UPDATED, visit("a").start(MOVED));

      assertThat(toThoseToldNothing()).isEqualTo("BOOKED");
      assertThat(world.knows("a").details().start()).isEqualTo(MOVED);
    }

    @ParameterizedTest
    @EnumSource(names = {"CANCELLED", "NO_SHOW"})
    void anEndedVisitIsNotSpokenOf(Claim ending) {
      world.hears(Claim.BOOKED, visit("a"));
      world.hears(ending, visit("a"));

      assertThat(toThoseToldNothing()).isEqualTo("never told");
    }

    @Test
    void aReplacedVisitIsNotSpokenOf() {
      world.hears(Claim.BOOKED, visit("a"));
      world.hears(Claim.BOOKED, visit("b").replaces("a"));

      assertThat(toThoseToldNothing()).isEqualTo("never told");
    }
  }

  @Nested
  class Snapshot {

    @Test
    void anotherStartIsRescheduled() {
      world.hears(Claim.BOOKED, visit("a"));
      Told told = told();
      world.hears(Claim.UPDATED, visit("a").start(MOVED));

      assertThat(toThoseTold(told)).isEqualTo("RESCHEDULED");
    }

    @ParameterizedTest
    @CsvSource({"location", "practitioner", "modality", "link"})
    void anythingElseThatASendersMessageNamesIsModified(String field) {
      world.hears(Claim.BOOKED, visit("a").link("https://video/1"));
      Told told = told();
      world.hears(Claim.UPDATED, differing(field));

      assertThat(toThoseTold(told)).isEqualTo("MODIFIED");
    }

    private NoticeBuilder differing(String field) {
      return switch (field) {
        case "location" -> bare("a").location(ELSEWHERE);
        case "practitioner" -> bare("a").practitioner(Party.named("Kim Slate"));
        case "modality" -> bare("a").modality("video");
        default -> bare("a").link("https://video/2");
      };
    }

    @Test
    void aMoveOvertakenInTheNightByAChangeOfRoomStillTellsTheNewTime() {
      world.hears(Claim.BOOKED, visit("a"));
      Told told = told();
      world.hears(Claim.UPDATED, visit("a").start(MOVED));
      world.hears(Claim.UPDATED, visit("a").start(MOVED).location(ELSEWHERE));

      assertThat(toThoseTold(told)).isEqualTo("RESCHEDULED");
    }

    @Test
    void aVisitMovedThereAndBackIsNoNews() {
      world.hears(Claim.BOOKED, visit("a"));
      Told told = told();
      world.hears(Claim.UPDATED, visit("a").start(MOVED));
      world.hears(Claim.UPDATED, visit("a"));

      assertThat(toThoseTold(told)).isEqualTo("already knows");
    }

    @Test
    void theSameIsNoNews() {
      world.hears(Claim.BOOKED, visit("a"));

      assertThat(toThoseTold(told())).isEqualTo("already knows");
    }

    @Test
    void whatWasUnknownWhenTheyWereToldIsNoNews() {
      world.hears(Claim.BOOKED, bare("a"));
      Told told = told();
      world.hears(Claim.UPDATED, visit("a"));

      assertThat(toThoseTold(told)).isEqualTo("already knows");
    }

    @ParameterizedTest
    @CsvSource({"CANCELLED, CANCELLED", "NO_SHOW, NO_SHOW"})
    void anEndedVisitIsSaidToThoseWhoThinkItOpen(Claim ending, String text) {
      world.hears(Claim.BOOKED, visit("a"));
      Told told = told();
      world.hears(ending, visit("a"));

      assertThat(toThoseTold(told)).isEqualTo(text);
    }

    @Test
    void aVisitMovedAndThenCancelledIsCancelled() {
      world.hears(Claim.BOOKED, visit("a"));
      Told told = told();
      world.hears(Claim.UPDATED, visit("a").start(MOVED));
      world.hears(Claim.CANCELLED, visit("a"));

      assertThat(toThoseTold(told)).isEqualTo("CANCELLED");
    }

    @ParameterizedTest
    @EnumSource(names = {"CANCELLED", "NO_SHOW"})
    void anOpenVisitIsRestoredForThoseWhoThinkItEnded(Claim ending) {
      world.hears(Claim.BOOKED, visit("a"));
      world.hears(ending, visit("a"));
      Told told = told();
      world.hears(Claim.BOOKED, visit("a").start(MOVED));

      assertThat(toThoseTold(told)).isEqualTo("RESTORED");
    }

    @Test
    void aVisitCancelledAndRestoredBeforeAnybodyHeardIsNoNews() {
      world.hears(Claim.BOOKED, visit("a"));
      Told told = told();
      world.hears(Claim.CANCELLED, visit("a"));
      world.hears(Claim.RESTORED, visit("a"));

      assertThat(toThoseTold(told)).isEqualTo("already knows");
    }

    @Test
    void aNoShowIsNotSaidToThoseWhoWereToldItIsCancelled() {
      world.hears(Claim.BOOKED, visit("a"));
      world.hears(Claim.CANCELLED, visit("a"));
      Told told = told();
      world.hears(Claim.NO_SHOW, visit("a"));

      assertThat(toThoseTold(told)).isEqualTo("already knows");
    }

    @Test
    void aReplacedVisitIsTheBusinessOfTheOneThatTookItsPlace() {
      world.hears(Claim.BOOKED, visit("a"));
      Told told = told();
      world.hears(Claim.BOOKED, visit("b").start(MOVED).replaces("a"));

      assertThat(toThoseTold(told)).isEqualTo("already knows");
      assertThat(News.decide(told, world.knows("b")).text()).isEqualTo(EventKind.RESCHEDULED);
    }

    @Test
    void aCancelledVisitThatIsReplacedIsRestoredWithTheNewTime() {
      world.hears(Claim.BOOKED, visit("a"));
      world.hears(Claim.CANCELLED, visit("a"));
      Told told = told();
      world.hears(Claim.BOOKED, visit("b").start(MOVED).replaces("a"));

      assertThat(News.decide(told, world.knows("b")).text()).isEqualTo(EventKind.RESTORED);
    }
  }

  @Nested
  class Presumed {

    @ParameterizedTest
    @EnumSource(names = {"UPDATED", "RESCHEDULED"})
    void aMoveIsRescheduledBecauseTheEventSaysSo(Claim claim) {
      world.hears(claim, visit("a").start(MOVED).oldStart(START));

      assertThat(toThoseWhoPresumablyKnow()).isEqualTo("RESCHEDULED");
      assertThat(world.knows("a").presumed().start()).isEqualTo(START);
    }

    @Test
    void aMoveWithoutItsOldTimeIsRescheduledToo() {
      world.hears(Claim.RESCHEDULED, visit("a").start(MOVED));

      assertThat(toThoseWhoPresumablyKnow()).isEqualTo("RESCHEDULED");
      assertThat(world.knows("a").presumed().start()).isNull();
    }

    @Test
    void aMoveThatSaysNoTimesAtAllIsRescheduledToo() {
      world.hears(Claim.RESCHEDULED, bare("a"));

      assertThat(toThoseWhoPresumablyKnow()).isEqualTo("RESCHEDULED");
    }

    @Test
    void aMoveOvertakenInTheNightByAChangeOfRoomStillTellsTheNewTime() {
      world.hears(Claim.UPDATED, visit("a").start(MOVED).oldStart(START));
      world.hears(Claim.UPDATED, visit("a").start(MOVED).location(ELSEWHERE));

      assertThat(toThoseWhoPresumablyKnow()).isEqualTo("RESCHEDULED");
    }

    @Test
    void aMoveTakenBackBeforeAnybodyHeardIsNoNews() {
      world.hears(Claim.UPDATED, visit("a").start(MOVED).oldStart(START));
      world.hears(Claim.UPDATED, visit("a").start(START));

      assertThat(toThoseWhoPresumablyKnow()).isEqualTo("already knows");
    }

    @Test
    void anUpdateIsModified() {
      world.hears(Claim.UPDATED, visit("a"));

      assertThat(toThoseWhoPresumablyKnow()).isEqualTo("MODIFIED");
    }

    @Test
    void anUpdateOvertakenByAMoveIsRescheduled() {
      world.hears(Claim.UPDATED, visit("a"));
      world.hears(Claim.UPDATED, visit("a").start(MOVED));

      assertThat(toThoseWhoPresumablyKnow()).isEqualTo("RESCHEDULED");
    }

    @ParameterizedTest
    @CsvSource({"CANCELLED, CANCELLED", "NO_SHOW, NO_SHOW", "RESTORED, RESTORED"})
    void anEndOrARestorationIsSaid(Claim claim, String text) {
      world.hears(claim, visit("a"));

      assertThat(toThoseWhoPresumablyKnow()).isEqualTo(text);
    }

    @Test
    void aCheckInIsNoNewsToWhoStandsAtTheDesk() {
      world.hears(Claim.CHECKED_IN, visit("a"));

      assertThat(toThoseWhoPresumablyKnow()).isEqualTo("already knows");
    }

    @Test
    void aCancellationTakenBackBeforeAnybodyHeardIsNoNews() {
      world.hears(Claim.CANCELLED, visit("a"));
      world.hears(Claim.RESTORED, visit("a"));

      assertThat(toThoseWhoPresumablyKnow()).isEqualTo("already knows");
    }

    @Test
    void aMoveIsCancelledOnceItIsCancelled() {
      world.hears(Claim.UPDATED, visit("a").start(MOVED).oldStart(START));
      world.hears(Claim.CANCELLED, visit("a"));

      assertThat(toThoseWhoPresumablyKnow()).isEqualTo("CANCELLED");
    }

    @Test
    void afterAMessageTheSnapshotCounts() {
      world.hears(Claim.UPDATED, visit("a").start(MOVED).oldStart(START));
      Told told = told();

      assertThat(toThoseTold(told)).isEqualTo("already knows");
      world.hears(Claim.UPDATED, visit("a").start(MOVED_AGAIN));
      assertThat(toThoseTold(told)).isEqualTo("RESCHEDULED");
    }

    @Test
    void theFirstOfAChainSaysWhatPeopleKnew() {
      world.hears(Claim.RESCHEDULED, visit("a").start(MOVED).oldStart(START).replaces("z"));

      assertThat(toThoseWhoPresumablyKnow()).isEqualTo("RESCHEDULED");
    }
  }

  @Nested
  class TheNameOfTheText {

    @Test
    void isThePathsOwnWhereTheTableAgrees() {
      assertThat(News.textFor(EventKind.BOOKED, EventKind.BOOKED, "welcome")).isEqualTo("welcome");
      assertThat(News.textFor(EventKind.NO_SHOW, EventKind.NO_SHOW, null)).isEqualTo("no-show");
    }

    @Test
    void isTheTablesWordWhereItDoesNot() {
      assertThat(News.textFor(EventKind.BOOKED, EventKind.RESCHEDULED, "moved"))
          .isEqualTo("booked");
    }
  }

  @Test
  void everyDecisionIsATextOrAReason() {
    List<Claim> claims = List.of(Claim.values());
    for (Claim first : claims) {
      for (Claim second : claims) {
        World life = new World();
        life.hears(first, visit("a"));
        life.hears(second, visit("a").start(MOVED));
        AppointmentRecord now = life.knows("a");
        for (Told told : Arrays.asList(null, now.presumed(), Told.of(now))) {
          News.Decision decision = News.decide(told, now);
          assertThat(decision.text() == null).isNotEqualTo(decision.silence() == null);
        }
      }
    }
  }
}
