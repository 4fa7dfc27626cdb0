package io.appointmentrelay.appointment;

import static io.appointmentrelay.appointment.NoticeBuilder.START;
import static io.appointmentrelay.appointment.NoticeBuilder.bare;
import static io.appointmentrelay.appointment.NoticeBuilder.visit;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** SEMANTICS §2 and §3: what a claim comes to, given what is known. */
class TimelineTest {

  private static final Instant MOVED = START.plus(Duration.ofDays(1));
  private static final Party ELSEWHERE = new Party("loc-2", "Oak Avenue");
  private static final Instant SEEN_AT = Instant.parse("2026-08-01T08:00:00Z");

  /**
   * Claim × what is known. "+1" raises the version; the word after it is the status then, "=" the
   * one before. What the notice says: same (all that is known), moved (another start), elsewhere
   * (another place), old-time (the same, and that it was moved from another start).
   */
  private static final String TABLE =
      """
      claim       | says      | never seen             | open                  | present               | cancelled             | noshow                | replaced
      booked      | same      | BOOKED +1 booked       | UNCHANGED =           | UNCHANGED =           | RESTORED +1 booked    | RESTORED +1 booked    | UNCHANGED =
      booked      | moved     | BOOKED +1 booked       | RESCHEDULED +1 =      | RESCHEDULED +1 =      | RESTORED +1 booked    | RESTORED +1 booked    | UNCHANGED =
      booked      | elsewhere | BOOKED +1 booked       | MODIFIED +1 =         | MODIFIED +1 =         | RESTORED +1 booked    | RESTORED +1 booked    | UNCHANGED =
      updated     | same      | MODIFIED +1 booked     | UNCHANGED =           | UNCHANGED =           | UNCHANGED =           | UNCHANGED =           | UNCHANGED =
      updated     | moved     | MODIFIED +1 booked     | RESCHEDULED +1 =      | RESCHEDULED +1 =      | UNCHANGED =           | UNCHANGED =           | UNCHANGED =
      updated     | elsewhere | MODIFIED +1 booked     | MODIFIED +1 =         | MODIFIED +1 =         | UNCHANGED =           | UNCHANGED =           | UNCHANGED =
      updated     | old-time  | RESCHEDULED +1 booked  | UNCHANGED =           | UNCHANGED =           | UNCHANGED =           | UNCHANGED =           | UNCHANGED =
      rescheduled | same      | RESCHEDULED +1 booked  | UNCHANGED =           | UNCHANGED =           | UNCHANGED =           | UNCHANGED =           | UNCHANGED =
      rescheduled | moved     | RESCHEDULED +1 booked  | RESCHEDULED +1 =      | RESCHEDULED +1 =      | UNCHANGED =           | UNCHANGED =           | UNCHANGED =
      rescheduled | elsewhere | RESCHEDULED +1 booked  | MODIFIED +1 =         | MODIFIED +1 =         | UNCHANGED =           | UNCHANGED =           | UNCHANGED =
      cancelled   | same      | CANCELLED +1 cancelled | CANCELLED +1 cancelled| CANCELLED +1 cancelled| UNCHANGED =           | UNCHANGED =           | UNCHANGED =
      cancelled   | moved     | CANCELLED +1 cancelled | CANCELLED +1 cancelled| CANCELLED +1 cancelled| UNCHANGED =           | UNCHANGED =           | UNCHANGED =
      no-show     | same      | NO_SHOW +1 noshow      | NO_SHOW +1 noshow     | NO_SHOW +1 noshow     | NO_SHOW +1 noshow     | UNCHANGED =           | UNCHANGED =
      no-show     | elsewhere | NO_SHOW +1 noshow      | NO_SHOW +1 noshow     | NO_SHOW +1 noshow     | NO_SHOW +1 noshow     | UNCHANGED =           | UNCHANGED =
      restored    | same      | RESTORED +1 booked     | UNCHANGED =           | UNCHANGED =           | RESTORED +1 booked    | RESTORED +1 booked    | UNCHANGED =
      restored    | moved     | RESTORED +1 booked     | UNCHANGED =           | UNCHANGED =           | RESTORED +1 booked    | RESTORED +1 booked    | UNCHANGED =
      checked-in  | same      | CHECKED_IN +1 checked-in| CHECKED_IN +1 checked-in| UNCHANGED =        | CHECKED_IN +1 checked-in| CHECKED_IN +1 checked-in| UNCHANGED =
      checked-in  | elsewhere | CHECKED_IN +1 checked-in| CHECKED_IN +1 checked-in| UNCHANGED =        | CHECKED_IN +1 checked-in| CHECKED_IN +1 checked-in| UNCHANGED =
      """;

  static Stream<Arguments> cells() {
    List<String> lines = TABLE.lines().toList();
    String[] columns = lines.get(0).split("\\|");
    List<Arguments> cells = new ArrayList<>();
    for (String line : lines.subList(1, lines.size())) {
      String[] row = line.split("\\|");
      for (int i = 2; i < columns.length; i++) {
        for (String status : statusesOf(columns[i].trim())) {
          cells.add(Arguments.of(row[0].trim(), row[1].trim(), status, row[i].trim()));
        }
      }
    }
    return cells.stream();
  }

  private static List<String> statusesOf(String column) {
    return switch (column) {
      case "open" -> List.of("proposed", "pending", "booked", "waitlist");
      case "present" -> List.of("arrived", "checked-in", "fulfilled");
      case "cancelled" -> List.of("cancelled", "entered-in-error");
      default -> List.of(column);
    };
  }

  @ParameterizedTest(name = "{0}, {1}, on {2}: {3}")
  @MethodSource("cells")
  void everyCellOfTheTable(String claimWord, String says, String status, String cell) {
    Claim claim = Claim.of(claimWord);
    String[] expected = cell.split(" ");
    boolean change = expected[1].equals("+1");
    String statusThen = expected[expected.length - 1];
    AppointmentRecord known = status.equals("never seen") ? null : known(status);

    AppointmentEvent event = judge(claim, saying(says), known);

    assertThat(event.kind().name()).isEqualTo(expected[0]);
    assertThat(event.after().version())
        .isEqualTo((known == null ? 0 : known.version()) + (change ? 1 : 0));
    assertThat(event.after().revision()).isEqualTo((known == null ? 0 : known.revision()) + 1);
    assertThat(event.after().status()).isEqualTo(statusThen.equals("=") ? status : statusThen);
    assertThat(event.before()).isEqualTo(known);
    assertThat(event.replaced()).isNull();
    if (known != null && (claim.leavesDetailsAlone() || !change)) {
      assertThat(event.after().details()).isEqualTo(known.details());
      assertThat(event.changes()).isEmpty();
    }
  }

  private static NoticeBuilder saying(String says) {
    return switch (says) {
      case "same" -> visit("a");
      case "moved" -> visit("a").start(MOVED);
      case "elsewhere" -> visit("a").location(ELSEWHERE);
      default -> visit("a").oldStart(START.minus(Duration.ofDays(7)));
    };
  }

  private static AppointmentRecord known(String status) {
    AppointmentNotice notice = visit("a").build();
    return new AppointmentRecord(
        World.GROUP,
        "a",
        null,
        "a-source",
        status,
        notice.details(),
        notice.patient(),
        3,
        5,
        SEEN_AT,
        "a",
        null,
        status.equals(AppointmentRecord.REPLACED) ? "b" : null,
        null,
        false);
  }

  private static AppointmentEvent judge(
      Claim claim, NoticeBuilder notice, AppointmentRecord known) {
    return judgeAt(SEEN_AT.plusSeconds(60), claim, notice, known);
  }

  private static AppointmentEvent judgeAt(
      Instant arrival, Claim claim, NoticeBuilder notice, AppointmentRecord known) {
    return Timeline.judge(
        new Timeline.Question(
            claim, notice.build(), World.GROUP, "a-source", "9-1", arrival, known, null));
  }

  @Nested
  class EventTimes {

    @ParameterizedTest
    @EnumSource
    void whatIsOlderThanTheLastAppliedEventIsStaleWhateverItClaims(Claim claim) {
      AppointmentRecord known = known("booked");

      AppointmentEvent event =
          judge(claim, visit("a").start(MOVED).eventTime(SEEN_AT.minusMillis(1)), known);

      assertThat(event.kind()).isEqualTo(EventKind.STALE);
      assertThat(event.after())
          .usingRecursiveComparison()
          .ignoringFields("revision")
          .isEqualTo(known);
      assertThat(event.after().revision()).isEqualTo(known.revision() + 1);
      assertThat(event.changes()).isEmpty();
    }

    @Test
    void aStaleReplacementStillEndsWhatItReplaced() {
      AppointmentEvent event =
          judge(
              Claim.BOOKED,
              visit("a").replaces("z").eventTime(SEEN_AT.minusMillis(1)),
              known("booked"));

      assertThat(event.kind()).isEqualTo(EventKind.STALE);
      assertThat(event.after().replaces()).isEqualTo("z");
      assertThat(event.replaced()).extracting(AppointmentRecord::status).isEqualTo("replaced");
    }

    @Test
    void ofTwoWithTheSameTimeTheLaterArrivalCounts() {
      AppointmentEvent event =
          judge(Claim.UPDATED, visit("a").start(MOVED).eventTime(SEEN_AT), known("booked"));

      assertThat(event.kind()).isEqualTo(EventKind.RESCHEDULED);
      assertThat(event.after().eventTime()).isEqualTo(SEEN_AT);
    }

    @Test
    void anEventTimeAfterTheArrivalCountsAsTheArrival() {
      Instant arrival = SEEN_AT.plusSeconds(60);
      AppointmentEvent event =
          judgeAt(
              arrival,
              Claim.UPDATED,
              visit("a").start(MOVED).eventTime(arrival.plusSeconds(3600)),
              known("booked"));

      assertThat(event.at()).isEqualTo(arrival);
      assertThat(event.after().eventTime()).isEqualTo(arrival);
    }

    @Test
    void withoutAnEventTimeTheArrivalCounts() {
      AppointmentEvent late =
          judgeAt(SEEN_AT.minusSeconds(1), Claim.CANCELLED, visit("a"), known("booked"));
      AppointmentEvent inTime =
          judgeAt(SEEN_AT.plusSeconds(1), Claim.CANCELLED, visit("a"), known("booked"));

      assertThat(late.kind()).isEqualTo(EventKind.STALE);
      assertThat(inTime.kind()).isEqualTo(EventKind.CANCELLED);
      assertThat(inTime.at()).isEqualTo(SEEN_AT.plusSeconds(1));
    }
  }

  @Nested
  class AClockThatWasSetBack {

    private final World world = new World();
    private final Instant ahead = SEEN_AT.plus(Duration.ofHours(1));

    @Test
    void makesNothingStaleThatCameAfter() {
      world.hears(Claim.BOOKED, visit("a"), ahead);

      AppointmentEvent event = world.hears(Claim.CANCELLED, visit("a"), SEEN_AT);

      assertThat(event.kind()).isEqualTo(EventKind.CANCELLED);
      assertThat(event.at()).isEqualTo(ahead);
    }

    @Test
    void leavesStaleWhatWasParkedBeforeAndIsRunAgain() {
      String parked = world.nextNotification();
      world.hears(Claim.BOOKED, visit("a"), ahead);

      AppointmentEvent event = world.hears(parked, Claim.CANCELLED, visit("a"), SEEN_AT);

      assertThat(event.kind()).isEqualTo(EventKind.STALE);
    }

    @Test
    void doesNotTakeFromAnEventTimeWhatItSays() {
      world.hears(Claim.BOOKED, visit("a").eventTime(SEEN_AT), ahead);

      AppointmentEvent late =
          world.hears(
              Claim.CANCELLED,
              visit("a").eventTime(SEEN_AT.minusSeconds(1)),
              SEEN_AT.minusSeconds(9));
      AppointmentEvent inTime =
          world.hears(
              Claim.CANCELLED,
              visit("a").eventTime(SEEN_AT.plusSeconds(1)),
              SEEN_AT.minusSeconds(9));

      assertThat(late.kind()).isEqualTo(EventKind.STALE);
      assertThat(inTime.kind()).isEqualTo(EventKind.CANCELLED);
    }

    @Test
    void isForgottenOnceItIsRightAgain() {
      world.hears(Claim.BOOKED, visit("a"), ahead);
      world.hears(Claim.UPDATED, visit("a").start(MOVED), SEEN_AT);
      Instant later = ahead.plusSeconds(60);

      AppointmentEvent event = world.hears(Claim.CANCELLED, visit("a"), later);

      assertThat(event.at()).isEqualTo(later);
    }
  }

  @Nested
  class Believing {

    private final World world = new World();

    @Test
    void theUnknownIsFilledInAndIsNoChange() {
      world.hears(Claim.BOOKED, bare("a").start(START));

      AppointmentEvent event = world.hears(Claim.UPDATED, visit("a").link("https://video/1"));

      assertThat(event.kind()).isEqualTo(EventKind.UNCHANGED);
      assertThat(event.changes()).isEmpty();
      assertThat(world.knows("a").details())
          .isEqualTo(visit("a").link("https://video/1").build().details());
    }

    @Test
    void anUnknownStartIsFilledInAndIsNoMove() {
      world.hears(Claim.BOOKED, bare("a"));

      AppointmentEvent event = world.hears(Claim.UPDATED, bare("a").start(START));

      assertThat(event.kind()).isEqualTo(EventKind.UNCHANGED);
      assertThat(world.knows("a").details().start()).isEqualTo(START);
    }

    @ParameterizedTest
    @EnumSource
    void whatIsNotSaidErasesNothing(Claim claim) {
      world.hears(Claim.BOOKED, visit("a"));
      AppointmentRecord known = world.knows("a");

      world.hears(claim, bare("a"));

      assertThat(world.knows("a").details()).isEqualTo(known.details());
      assertThat(world.knows("a").patient()).isEqualTo(known.patient());
    }

    @Test
    void aMovedVisitWithoutANewEndHasNoEnd() {
      world.hears(Claim.BOOKED, visit("a"));

      AppointmentEvent event = world.hears(Claim.UPDATED, bare("a").start(MOVED).end(null));

      assertThat(event.after().details().start()).isEqualTo(MOVED);
      assertThat(event.after().details().end()).isNull();
      assertThat(event.changes())
          .containsExactly(new Change("start", START.toString(), MOVED.toString()));
    }

    @Test
    void everyFieldThatDiffersIsNamedWithOldAndNew() {
      world.hears(Claim.BOOKED, visit("a").link("https://video/1"));

      AppointmentEvent event =
          world.hears(
              Claim.UPDATED,
              visit("a")
                  .start(MOVED)
                  .location(ELSEWHERE)
                  .practitioner(Party.named("Kim Slate"))
                  .type("Follow-up")
                  .modality("video")
                  .link("https://video/2"));

      assertThat(event.kind()).isEqualTo(EventKind.RESCHEDULED);
      assertThat(event.changes())
          .containsExactly(
              new Change("start", START.toString(), MOVED.toString()),
              new Change(
                  "end",
                  START.plus(NoticeBuilder.LENGTH).toString(),
                  MOVED.plus(NoticeBuilder.LENGTH).toString()),
              new Change("location", "Main Street", "Oak Avenue"),
              new Change("practitioner", "Pat Granite", "Kim Slate"),
              new Change("type", "Check-up", "Follow-up"),
              new Change("modality", "in-person", "video"),
              new Change("link", "https://video/1", "https://video/2"));
    }

    @Test
    void anotherSpellingOfTheSameReferenceIsNoChange() {
      world.hears(Claim.BOOKED, visit("a"));

      AppointmentEvent event =
          world.hears(Claim.UPDATED, visit("a").practitioner(new Party("npi-1", "Granite, Pat")));

      assertThat(event.kind()).isEqualTo(EventKind.UNCHANGED);
    }

    @ParameterizedTest
    @EnumSource
    void contactsNeverMakeAnEvent(Claim claim) {
      World silent = new World();
      silent.hears(Claim.BOOKED, visit("a"));
      world.hears(Claim.BOOKED, visit("a"));
      PatientProfile reachable = reachable("new@clinic.example.org");

      AppointmentEvent with = world.hears(claim, visit("a").patient(reachable));
      AppointmentEvent without = silent.hears(claim, visit("a"));

      assertThat(with.kind()).isEqualTo(without.kind());
      assertThat(with.changes()).isEqualTo(without.changes());
      assertThat(world.knows("a").patient()).isEqualTo(reachable);
    }

    @Test
    void whoIsNotNamedAtFirstIsRememberedWhenNamed() {
      world.hears(Claim.BOOKED, bare("a").start(START));
      world.hears(Claim.BOOKED, visit("a"));

      assertThat(world.knows("a").patient()).isEqualTo(PatientProfile.of("mrn-1"));
    }

    @ParameterizedTest
    @EnumSource(names = {"CANCELLED", "NO_SHOW", "RESTORED", "CHECKED_IN"})
    void whatEndsOrInterruptsAVisitNeverMovesIt(Claim claim) {
      world.hears(Claim.BOOKED, visit("a"));
      world.hears(Claim.UPDATED, visit("a").start(MOVED));
      Details known = world.knows("a").details();

      world.hears(
          claim,
          visit("a")
              .start(START)
              .location(ELSEWHERE)
              .practitioner(Party.named("Kim Slate"))
              .type("Follow-up")
              .modality("video"));

      assertThat(world.knows("a").details()).isEqualTo(known);
    }

    @ParameterizedTest
    @EnumSource(names = {"CANCELLED", "NO_SHOW", "RESTORED", "CHECKED_IN"})
    void whatEndsOrInterruptsAVisitFillsInWhatWasUnknown(Claim claim) {
      world.hears(Claim.BOOKED, bare("a").start(START));

      world.hears(claim, visit("a").link("https://video/1"));

      assertThat(world.knows("a").details())
          .isEqualTo(visit("a").link("https://video/1").build().details());
    }

    @Test
    void theEndOfAnotherStartIsNotFilledIn() {
      world.hears(Claim.BOOKED, bare("a").start(MOVED).end(null));

      world.hears(Claim.CANCELLED, bare("a").start(START));

      assertThat(world.knows("a").details().start()).isEqualTo(MOVED);
      assertThat(world.knows("a").details().end()).isNull();
    }

    @ParameterizedTest
    @EnumSource(names = {"UPDATED", "RESCHEDULED"})
    void anUpdateOfACancelledVisitMergesNothing(Claim claim) {
      world.hears(Claim.BOOKED, bare("a").start(START));
      world.hears(Claim.CANCELLED, bare("a"));
      AppointmentRecord known = world.knows("a");

      world.hears(claim, visit("a").patient(reachable("new@clinic.example.org")));

      assertThat(world.knows("a"))
          .usingRecursiveComparison()
          .ignoringFields("revision")
          .isEqualTo(known);
    }

    @ParameterizedTest
    @EnumSource
    void aReplacedVisitMergesNothing(Claim claim) {
      world.hears(Claim.BOOKED, bare("a").start(START));
      world.hears(Claim.BOOKED, bare("b").start(MOVED).replaces("a"));
      AppointmentRecord known = world.knows("a");

      AppointmentEvent event = world.hears(claim, visit("a").replaces("c"));

      assertThat(event.kind()).isEqualTo(EventKind.UNCHANGED);
      assertThat(world.knows("a"))
          .usingRecursiveComparison()
          .ignoringFields("revision", "replaces")
          .isEqualTo(known);
    }

    @ParameterizedTest
    @EnumSource(
        value = Claim.class,
        names = {"BOOKED", "UPDATED", "RESCHEDULED"})
    void ofAChainToldBackwardsOnlyTheLastStaysOpen(Claim claim) {
      world.hears(Claim.BOOKED, bare("a").start(START));
      world.hears(Claim.RESCHEDULED, bare("c").start(MOVED).replaces("b"));

      AppointmentEvent event = world.hears(claim, bare("b").start(START).replaces("a"));

      assertThat(event.kind()).isEqualTo(EventKind.UNCHANGED);
      assertThat(world.knows("a").status()).isEqualTo("replaced");
      assertThat(world.knows("a").replacedBy()).isEqualTo("b");
      assertThat(world.knows("b").replaces()).isEqualTo("a");
      assertThat(world.knows("c").status()).isEqualTo("booked");
    }

    @Test
    void whatIsBookedAgainAtAnotherTimeIsRestoredThere() {
      world.hears(Claim.BOOKED, visit("a"));
      world.hears(Claim.CANCELLED, visit("a"));

      AppointmentEvent event = world.hears(Claim.BOOKED, visit("a").start(MOVED));

      assertThat(event.kind()).isEqualTo(EventKind.RESTORED);
      assertThat(event.after().details().start()).isEqualTo(MOVED);
      assertThat(event.changes()).extracting(Change::field).contains("start");
    }

    @Test
    void theSendersOwnStatusIsKeptWhereItBelongsToWhatHappened() {
      assertThat(world.hears(Claim.BOOKED, visit("a").status("proposed")).after().status())
          .isEqualTo("proposed");
      assertThat(world.hears(Claim.CHECKED_IN, visit("a").status("arrived")).after().status())
          .isEqualTo("arrived");
      assertThat(
              world.hears(Claim.CANCELLED, visit("a").status("entered-in-error")).after().status())
          .isEqualTo("entered-in-error");
    }

    @ParameterizedTest
    @ValueSource(strings = {"cancelled", "noshow", "replaced", "fulfilled"})
    void aStatusThatContradictsTheClaimIsNotBelieved(String status) {
      AppointmentEvent event = world.hears(Claim.BOOKED, visit("a").status(status));

      assertThat(event.after().status()).isEqualTo("booked");
    }

    @Test
    void anotherWordForAnOpenVisitIsKnownButNoChange() {
      world.hears(Claim.BOOKED, visit("a").status("proposed"));

      AppointmentEvent event = world.hears(Claim.UPDATED, visit("a").status("booked"));

      assertThat(event.kind()).isEqualTo(EventKind.UNCHANGED);
      assertThat(world.knows("a").status()).isEqualTo("booked");
    }

    private PatientProfile reachable(String email) {
      return new PatientProfile(
          "mrn-1",
          "Ada",
          null,
          null,
          "en",
          null,
          null,
          null,
          List.of(ContactPoint.email(email), ContactPoint.phone("+13125550100", "mobile")));
    }
  }

  @Nested
  class FirstSeenInMidLife {

    private final World world = new World();

    @Test
    void anOldTimeEqualToTheNewOneIsNoMove() {
      AppointmentEvent event = world.hears(Claim.UPDATED, visit("a").oldStart(START));

      assertThat(event.kind()).isEqualTo(EventKind.MODIFIED);
      assertThat(event.changes()).isEmpty();
    }

    @Test
    void theOldTimeIsTheChange() {
      AppointmentEvent event = world.hears(Claim.UPDATED, visit("a").start(MOVED).oldStart(START));

      assertThat(event.kind()).isEqualTo(EventKind.RESCHEDULED);
      assertThat(event.changes())
          .containsExactly(new Change("start", START.toString(), MOVED.toString()));
    }

    @Test
    void aBookedVisitWasKnownToNobody() {
      assertThat(world.hears(Claim.BOOKED, visit("a")).after().presumed()).isNull();
    }

    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "BOOKED")
    void anyOtherWasKnownBeforeUs(Claim claim) {
      assertThat(world.hears(claim, visit("a")).after().presumed()).isNotNull();
    }
  }

  @Nested
  class Replacement {

    private final World world = new World();

    @Test
    void theNewOneIsAMoveOfTheOldOneWhichEndsWithIt() {
      world.hears(Claim.BOOKED, visit("old"));
      AppointmentRecord old = world.knows("old");

      AppointmentEvent event = world.hears(Claim.BOOKED, bare("new").start(MOVED).replaces("old"));

      assertThat(event.kind()).isEqualTo(EventKind.RESCHEDULED);
      assertThat(event.changes()).contains(new Change("start", START.toString(), MOVED.toString()));
      assertThat(event.before()).isNull();
      AppointmentRecord replacement = event.after();
      assertThat(replacement.replaces()).isEqualTo("old");
      assertThat(replacement.root()).isEqualTo("old");
      assertThat(replacement.version()).isEqualTo(1);
      assertThat(replacement.revision()).isEqualTo(1);
      assertThat(replacement.status()).isEqualTo("booked");
      assertThat(replacement.patient()).isEqualTo(old.patient());
      assertThat(replacement.presumed()).isNull();
      AppointmentRecord ended = event.replaced();
      assertThat(ended.status()).isEqualTo(AppointmentRecord.REPLACED);
      assertThat(ended.replacedBy()).isEqualTo("new");
      assertThat(ended.version()).isEqualTo(old.version() + 1);
      assertThat(ended.revision()).isEqualTo(old.revision() + 1);
      assertThat(ended.details()).isEqualTo(old.details());
    }

    @ParameterizedTest
    @EnumSource(names = {"BOOKED", "UPDATED", "RESCHEDULED"})
    void anOldOneNeverSeenIsPresumedKnownToPeople(Claim claim) {
      AppointmentEvent event =
          world.hears(claim, visit("new").start(MOVED).oldStart(START).replaces("old"));

      assertThat(event.kind()).isEqualTo(EventKind.RESCHEDULED);
      assertThat(event.changes())
          .containsExactly(new Change("start", START.toString(), MOVED.toString()));
      assertThat(event.after().root()).isEqualTo("old");
      assertThat(event.after().presumed()).isNotNull();
      AppointmentRecord ended = event.replaced();
      assertThat(ended.identifier()).isEqualTo("old");
      assertThat(ended.status()).isEqualTo(AppointmentRecord.REPLACED);
      assertThat(ended.details().start()).isEqualTo(START);
      assertThat(ended.version()).isEqualTo(1);
      assertThat(ended.revision()).isEqualTo(1);
    }

    @Test
    void whatReplacesItselfReplacesNothing() {
      world.hears(Claim.BOOKED, visit("a"));

      AppointmentEvent event = world.hears(Claim.BOOKED, visit("a").start(MOVED).replaces("a"));

      assertThat(event.kind()).isEqualTo(EventKind.RESCHEDULED);
      assertThat(event.replaced()).isNull();
      assertThat(event.after().replaces()).isNull();
      assertThat(event.after().status()).isEqualTo("booked");
      assertThat(event.after().version()).isEqualTo(2);
    }

    @Test
    void aChainOfThreeHasOneRoot() {
      world.hears(Claim.BOOKED, visit("a"));
      world.hears(Claim.RESCHEDULED, visit("b").replaces("a"));
      world.hears(Claim.RESCHEDULED, visit("c").replaces("b"));

      assertThat(world.knows("a").root()).isEqualTo("a");
      assertThat(world.knows("b").root()).isEqualTo("a");
      assertThat(world.knows("c").root()).isEqualTo("a");
      assertThat(world.knows("b").replacedBy()).isEqualTo("c");
      assertThat(world.knows("b").status()).isEqualTo(AppointmentRecord.REPLACED);
    }

    @Test
    void whatPeoplePresumablyKnewGoesByTheRoot() {
      world.hears(Claim.UPDATED, visit("a"));
      Told presumed = world.knows("a").presumed();

      world.hears(Claim.RESCHEDULED, visit("b").start(MOVED).replaces("a"));
      world.hears(Claim.RESCHEDULED, visit("c").start(MOVED).replaces("b"));

      assertThat(world.knows("c").presumed()).isEqualTo(presumed);
    }

    @Test
    void aCancelledOldOneIsReplacedToo() {
      world.hears(Claim.BOOKED, visit("old"));
      world.hears(Claim.CANCELLED, visit("old"));

      AppointmentEvent event = world.hears(Claim.BOOKED, visit("new").replaces("old"));

      assertThat(event.kind()).isEqualTo(EventKind.RESCHEDULED);
      assertThat(event.after().statusGroup()).isEqualTo(StatusGroup.OPEN);
      assertThat(world.knows("old").status()).isEqualTo(AppointmentRecord.REPLACED);
    }

    @Test
    void toldAgainItIsUnchanged() {
      world.hears(Claim.BOOKED, visit("old"));
      world.hears(Claim.BOOKED, visit("new").start(MOVED).replaces("old"));
      AppointmentRecord old = world.knows("old");

      AppointmentEvent event = world.hears(Claim.BOOKED, visit("new").start(MOVED).replaces("old"));

      assertThat(event.kind()).isEqualTo(EventKind.UNCHANGED);
      assertThat(event.replaced()).isNull();
      assertThat(world.knows("old")).isEqualTo(old);
    }

    @Test
    void anAppointmentKnownAlreadyLearnsWhatItReplaces() {
      world.hears(Claim.BOOKED, visit("old"));
      world.hears(Claim.RESCHEDULED, visit("new").start(MOVED));

      AppointmentEvent event =
          world.hears(Claim.RESCHEDULED, visit("new").start(MOVED).replaces("old"));

      assertThat(event.kind()).isEqualTo(EventKind.RESCHEDULED);
      assertThat(event.after().version()).isEqualTo(2);
      assertThat(event.after().root()).isEqualTo("old");
      assertThat(world.knows("old").replacedBy()).isEqualTo("new");
    }

    @Test
    void aCancelledAppointmentThatIsBookedInTheStepOfAnotherIsOpenAgain() {
      world.hears(Claim.BOOKED, visit("new"));
      world.hears(Claim.CANCELLED, visit("new"));
      world.hears(Claim.BOOKED, visit("old"));

      AppointmentEvent event = world.hears(Claim.BOOKED, visit("new").replaces("old"));

      assertThat(event.kind()).isEqualTo(EventKind.RESCHEDULED);
      assertThat(event.after().status()).isEqualTo("booked");
    }

    @ParameterizedTest
    @EnumSource(names = {"CANCELLED", "NO_SHOW", "RESTORED", "CHECKED_IN"})
    void onlyABookingOrAMoveReplaces(Claim claim) {
      world.hears(Claim.BOOKED, visit("old"));

      AppointmentEvent event = world.hears(claim, visit("new").replaces("old"));

      assertThat(event.replaced()).isNull();
      assertThat(world.knows("old").status()).isEqualTo("booked");
    }

    @Test
    void anUpdateDoesNotReviveACancelledOneThatReplacesAnother() {
      world.hears(Claim.BOOKED, visit("old"));
      world.hears(Claim.BOOKED, visit("new"));
      world.hears(Claim.CANCELLED, visit("new"));

      AppointmentEvent event = world.hears(Claim.UPDATED, visit("new").replaces("old"));

      assertThat(event.kind()).isEqualTo(EventKind.UNCHANGED);
      assertThat(world.knows("new").status()).isEqualTo("cancelled");
      assertThat(world.knows("old").status()).isEqualTo("replaced");
    }
  }
}
