package io.appointmentrelay.appointment;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class FreedSlotTest {

  private static final Instant NOW = Instant.parse("2031-03-01T12:00:00Z");
  private static final Instant NINE = Instant.parse("2031-03-02T09:00:00Z");
  private static final Duration HALF_AN_HOUR = Duration.ofMinutes(30);
  private static final Party PAT = new Party("npi-1", "Pat Granite");
  private static final Party KIM = new Party("npi-2", "Kim Slate");

  private static AppointmentRecord record(String status, Instant start, Party practitioner) {
    Details details =
        Details.at(start, start == null ? null : start.plus(HALF_AN_HOUR))
            .withPractitioner(practitioner);
    return new AppointmentRecord(
        "clinic", "A1", null, "acme", status, details, null, 1, 1, NOW, "A1", null, null, null,
        false);
  }

  private static AppointmentEvent event(
      EventKind kind, AppointmentRecord before, AppointmentRecord after) {
    return new AppointmentEvent(kind, "acme", "1-1", NOW, before, after, List.of(), null);
  }

  private static FreedSlot freed(AppointmentEvent event) {
    return FreedSlot.by(event, NOW).orElse(null);
  }

  @Test
  void aCancelledVisitFreesAllOfItsTime() {
    AppointmentRecord before = record("booked", NINE, PAT);

    FreedSlot freed = freed(event(EventKind.CANCELLED, before, record("cancelled", NINE, PAT)));

    assertThat(freed).isEqualTo(new FreedSlot(NINE, NINE.plus(HALF_AN_HOUR), PAT, null));
  }

  @Test
  void whatWasOffAlreadyFreesNothing() {
    AppointmentRecord missed = record("noshow", NINE, PAT);

    assertThat(freed(event(EventKind.CANCELLED, missed, record("cancelled", NINE, PAT)))).isNull();
  }

  @Test
  void whatIsPastOrHasNoTimeFreesNothing() {
    Instant yesterday = NOW.minus(Duration.ofDays(1));

    assertThat(
            freed(
                event(
                    EventKind.CANCELLED,
                    record("booked", yesterday, PAT),
                    record("cancelled", yesterday, PAT))))
        .isNull();
    assertThat(
            freed(
                event(
                    EventKind.CANCELLED,
                    record("booked", null, PAT),
                    record("cancelled", null, PAT))))
        .isNull();
  }

  @Test
  void aMovedVisitFreesWhatItsNewTimeLeaves() {
    AppointmentRecord before = record("booked", NINE, PAT);
    Instant quarter = NINE.plus(Duration.ofMinutes(15));

    assertThat(
            freed(
                event(
                    EventKind.RESCHEDULED, before, record("booked", NINE.plus(HALF_AN_HOUR), PAT))))
        .isEqualTo(new FreedSlot(NINE, NINE.plus(HALF_AN_HOUR), PAT, null));
    assertThat(freed(event(EventKind.RESCHEDULED, before, record("booked", quarter, PAT))))
        .isEqualTo(new FreedSlot(NINE, quarter, PAT, null));
    assertThat(
            freed(
                event(
                    EventKind.RESCHEDULED,
                    before,
                    record("booked", NINE.minus(Duration.ofMinutes(15)), PAT))))
        .isEqualTo(new FreedSlot(quarter, NINE.plus(HALF_AN_HOUR), PAT, null));
  }

  @Test
  void anotherPractitionerFreesTheFirstOnes() {
    assertThat(
            freed(
                event(
                    EventKind.MODIFIED, record("booked", NINE, PAT), record("booked", NINE, KIM))))
        .isEqualTo(new FreedSlot(NINE, NINE.plus(HALF_AN_HOUR), PAT, null));
    assertThat(
            freed(
                event(
                    EventKind.MODIFIED, record("booked", NINE, PAT), record("booked", NINE, PAT))))
        .isNull();
  }

  @Test
  void whatTakesThePlaceOfAnotherFreesThatOnesTime() {
    AppointmentRecord old = record(AppointmentRecord.REPLACED, NINE, PAT);
    AppointmentRecord now = record("booked", NINE.plus(Duration.ofDays(1)), PAT);

    assertThat(
            freed(
                new AppointmentEvent(
                    EventKind.RESCHEDULED, "acme", "1-1", NOW, null, now, List.of(), old)))
        .isEqualTo(new FreedSlot(NINE, NINE.plus(HALF_AN_HOUR), PAT, null));
  }

  @Test
  void aMoveThatIsTheFirstThatIsHeardFreesTheOldTime() {
    AppointmentRecord now = record("booked", NINE.plus(Duration.ofDays(1)), PAT);

    assertThat(
            freed(
                new AppointmentEvent(
                    EventKind.RESCHEDULED,
                    "acme",
                    "1-1",
                    NOW,
                    null,
                    now,
                    List.of(new Change("start", NINE.toString(), now.details().start().toString())),
                    null)))
        .isEqualTo(new FreedSlot(NINE, null, PAT, null));
  }

  @Test
  void otherEventsFreeNothing() {
    for (EventKind kind : List.of(EventKind.BOOKED, EventKind.CHECKED_IN, EventKind.RESTORED)) {
      assertThat(freed(event(kind, record("booked", NINE, PAT), record("booked", NINE, KIM))))
          .isNull();
    }
  }
}
