package io.appointmentrelay.appointment;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Whether an answer still holds when it would be written. */
class WritebackRulesTest {

  private static final Instant START = Instant.parse("2027-03-10T15:00:00Z");
  private static final Instant BEFORE = START.minusSeconds(1);

  private static AppointmentRecord visit(String status, int version, boolean test) {
    return new AppointmentRecord(
        "g",
        "1",
        null,
        "s",
        status,
        Details.at(START, null),
        null,
        version,
        version,
        Instant.EPOCH,
        "1",
        null,
        null,
        null,
        test);
  }

  private static Reason objection(AppointmentRecord visit) {
    return WritebackRules.judge(2, visit, true, false, BEFORE).objection();
  }

  @Test
  void anAnswerToTheVisitAsItIsIsWritten() {
    for (String status : List.of("proposed", "pending", "booked", "waitlist")) {
      assertThat(objection(visit(status, 2, false))).isNull();
    }
  }

  @Test
  void whatIsOffIsNotAnswered() {
    for (String status : List.of("cancelled", "entered-in-error", "noshow")) {
      assertThat(objection(visit(status, 2, false))).isEqualTo(Reason.CANCELLED_MEANWHILE);
    }
    assertThat(objection(visit(AppointmentRecord.REPLACED, 2, false)))
        .isEqualTo(Reason.REPLACED_MEANWHILE);
  }

  @Test
  void anAnswerIsToNoOtherVersion() {
    assertThat(objection(visit("booked", 3, false))).isEqualTo(Reason.MOVED_MEANWHILE);
    assertThat(objection(visit("booked", 1, false))).isEqualTo(Reason.MOVED_MEANWHILE);
  }

  @Test
  void whatHasBegunIsNotAnswered() {
    assertThat(objection(visit("arrived", 2, false))).isEqualTo(Reason.VISIT_OVER);
    assertThat(WritebackRules.judge(2, visit("booked", 2, false), true, false, START).objection())
        .isEqualTo(Reason.VISIT_OVER);
  }

  @Test
  void testsAreWrittenOnlyWhereTheyAreSent() {
    assertThat(objection(visit("booked", 2, true))).isEqualTo(Reason.TEST_TRAFFIC);
    assertThat(WritebackRules.judge(2, visit("booked", 2, true), true, true, BEFORE).objection())
        .isNull();
  }

  @Test
  void whereNothingIsWrittenThatIsTheReason() {
    WritebackRules.Judgement judgement =
        WritebackRules.judge(2, visit("booked", 2, false), false, false, BEFORE);

    assertThat(judgement.objection()).isEqualTo(Reason.WRITEBACK_OFF);
    assertThat(judgement.why()).extracting(Why::verdict).containsExactly("writeback off");
  }

  @Test
  void everythingThatWasAskedIsKept() {
    assertThat(WritebackRules.judge(2, visit("booked", 2, false), true, false, BEFORE).why())
        .extracting(Why::rule)
        .containsExactly(
            "writeback", "test traffic", "cancelled meanwhile", "moved meanwhile", "visit over");
  }
}
