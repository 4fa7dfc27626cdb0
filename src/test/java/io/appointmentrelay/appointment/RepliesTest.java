package io.appointmentrelay.appointment;

import static org.assertj.core.api.Assertions.assertThat;

import io.appointmentrelay.appointment.PatientReply.Meaning;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a reply means for a visit, by what was asked and what is true. */
class RepliesTest {

  private static final Instant START = Instant.parse("2027-03-10T15:00:00Z");
  private static final Instant AT = Instant.parse("2027-03-01T18:00:00Z");
  private static final int VERSION = 3;

  @ParameterizedTest
  @CsvSource({
    // what is said, about which version, of a visit that is, and had been answered, then means
    "CONFIRM, 3, booked, , CONFIRMED",
    "DECLINE, 3, booked, , DECLINED",
    "CALL, 3, booked, , CALL_REQUESTED",
    "UNKNOWN, 3, booked, , REPLY_UNKNOWN",
    "CONFIRM, 3, proposed, , CONFIRMED",
    "CONFIRM, 2, booked, , REPLY_OUTDATED",
    "DECLINE, 2, booked, , REPLY_OUTDATED",
    "CONFIRM, , booked, , REPLY_OUTDATED",
    "CALL, 2, booked, , CALL_REQUESTED",
    "UNKNOWN, 2, booked, , REPLY_UNKNOWN",
    "CONFIRM, 3, cancelled, , REPLY_UNKNOWN",
    "DECLINE, 3, noshow, , REPLY_UNKNOWN",
    "CONFIRM, 3, replaced, , REPLY_UNKNOWN",
    "CONFIRM, 3, arrived, , REPLY_UNKNOWN",
    "CONFIRM, 3, booked, CONFIRMED, UNCHANGED",
    "DECLINE, 3, booked, DECLINED, UNCHANGED",
    "DECLINE, 3, booked, CONFIRMED, DECLINED",
    "CONFIRM, 3, booked, DECLINED, REPLY_UNKNOWN",
    "CALL, 3, booked, CONFIRMED, CALL_REQUESTED"
  })
  void itIsBoundToTheVersionThatWasAskedAbout(
      Meaning said,
      @Nullable Integer asked,
      String status,
      @Nullable EventKind before,
      EventKind means) {
    AppointmentEvent event =
        Replies.judge(reply(said, asked, true), visit(status, before, VERSION), "7-1", AT);

    assertThat(event.kind()).isEqualTo(means);
    assertThat(event.after().version()).isEqualTo(VERSION);
    assertThat(event.after().revision()).isEqualTo(6);
    assertThat(event.after().status()).isEqualTo(status);
    assertThat(event.replyChannel()).isEqualTo("sms");
    boolean answers = means == EventKind.CONFIRMED || means == EventKind.DECLINED;
    assertThat(event.after().answered()).isEqualTo(answers ? means : before);
  }

  @Test
  void whereTwoVisitsMayBeMeantOnlyAPersonCanTell() {
    assertThat(kind(reply(Meaning.CONFIRM, VERSION, false), AT)).isEqualTo(EventKind.REPLY_UNKNOWN);
  }

  @Test
  void onceTheVisitHasBegunItIsTooLate() {
    assertThat(kind(reply(Meaning.CONFIRM, VERSION, true), START.minusMillis(1)))
        .isEqualTo(EventKind.CONFIRMED);
    assertThat(kind(reply(Meaning.CONFIRM, VERSION, true), START))
        .isEqualTo(EventKind.REPLY_UNKNOWN);
  }

  @Test
  void anAnswerDoesNotHoldForAnotherVersion() {
    assertThat(visit("booked", EventKind.CONFIRMED, VERSION).answered())
        .isEqualTo(EventKind.CONFIRMED);
    assertThat(visit("booked", EventKind.CONFIRMED, VERSION - 1).answered()).isNull();
  }

  private static EventKind kind(PatientReply reply, Instant at) {
    return Replies.judge(reply, visit("booked", null, VERSION), "7-1", at).kind();
  }

  private static PatientReply reply(Meaning meaning, @Nullable Integer asked, boolean clear) {
    return new PatientReply(meaning, "group", "a", asked, clear, "sms", "words");
  }

  private static AppointmentRecord visit(
      String status, @Nullable EventKind answered, int answeredVersion) {
    return new AppointmentRecord(
        "group",
        "a",
        null,
        "source",
        status,
        Details.at(START, null),
        null,
        VERSION,
        5,
        AT,
        0,
        "a",
        null,
        null,
        null,
        false,
        answered == null ? null : new PatientAnswer(answered, answeredVersion, "sms", AT));
  }
}
