package io.appointmentrelay.appointment;

import static org.assertj.core.api.Assertions.assertThat;

import io.appointmentrelay.appointment.Replan.Difference;
import io.appointmentrelay.appointment.Replan.Move;
import io.appointmentrelay.appointment.Replan.Wanted;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReplanTest {

  private static final Instant START = Instant.parse("2026-03-09T15:30:00Z");
  private static final Instant NOW = START.minus(Duration.ofDays(5));

  private static final Wanted DAY_BEFORE = reminder(1);
  private static final Wanted TWO_DAYS_BEFORE = reminder(2);
  private static final Wanted SIX_DAYS_BEFORE = reminder(6);

  private static Wanted reminder(int days) {
    return new Wanted(
        "sms",
        Audience.PATIENT,
        Nature.BEFORE_START,
        "reminder",
        "-P" + days + "D",
        START.minus(Duration.ofDays(days)));
  }

  private static KnownPreparation known(Wanted like, DeliveryStatus status) {
    return known(like, status, null, false, START);
  }

  private static KnownPreparation known(
      Wanted like, DeliveryStatus status, Reason reason, boolean interrupted, Instant start) {
    return new KnownPreparation(
        7,
        1,
        like.channel(),
        like.audience(),
        like.nature(),
        like.text(),
        like.offset(),
        start,
        like.due(),
        like.due(),
        status,
        reason == null ? null : reason.words(),
        interrupted,
        0);
  }

  private static Difference of(List<Wanted> wanted, KnownPreparation... known) {
    return Replan.of(wanted, List.of(known), START, NOW);
  }

  @Test
  void whatWaitsAsTheRoutesSayStays() {
    assertThat(of(List.of(DAY_BEFORE), known(DAY_BEFORE, DeliveryStatus.PLANNED)).isNone())
        .isTrue();
  }

  @Test
  void aStepThatIsNewIsAddedAndOneThatIsGoneDropped() {
    KnownPreparation other =
        known(
            new Wanted(
                "email", Audience.PATIENT, Nature.BEFORE_START, "questionnaire", "-P3D", START),
            DeliveryStatus.PLANNED);
    Difference difference = of(List.of(DAY_BEFORE), other);
    assertThat(difference.added()).containsExactly(DAY_BEFORE);
    assertThat(difference.dropped()).containsExactly(other);
    assertThat(difference.retimed()).isEmpty();
  }

  @Test
  void anotherLeadOfOneTextOnOneChannelIsAnotherTime() {
    KnownPreparation pending = known(DAY_BEFORE, DeliveryStatus.PLANNED);
    Difference difference = of(List.of(TWO_DAYS_BEFORE), pending);
    assertThat(difference.retimed()).containsExactly(new Move(pending, TWO_DAYS_BEFORE));
    assertThat(difference.added()).isEmpty();
    assertThat(difference.dropped()).isEmpty();
  }

  @Test
  void twoLeadsForOneAreNotGuessedAt() {
    KnownPreparation pending = known(DAY_BEFORE, DeliveryStatus.PLANNED);
    Difference difference = of(List.of(TWO_DAYS_BEFORE, reminder(3)), pending);
    assertThat(difference.added()).containsExactly(TWO_DAYS_BEFORE, reminder(3));
    assertThat(difference.dropped()).containsExactly(pending);
  }

  @Test
  void anHourThatIsPastIsNotMadeUpForAndWhatWaitsInstead() {
    assertThat(of(List.of(SIX_DAYS_BEFORE)).isNone()).isTrue();
    KnownPreparation pending = known(DAY_BEFORE, DeliveryStatus.PLANNED);
    Difference difference = of(List.of(SIX_DAYS_BEFORE), pending);
    assertThat(difference.isNone()).isTrue();
    assertThat(difference.kept()).containsExactly(new Move(pending, SIX_DAYS_BEFORE));
  }

  @Test
  void theSameLeadInAnotherZoneIsAnotherTime() {
    KnownPreparation pending = known(DAY_BEFORE, DeliveryStatus.PLANNED);
    Wanted elsewhere =
        new Wanted(
            "sms",
            Audience.PATIENT,
            Nature.BEFORE_START,
            "reminder",
            "-P1D",
            DAY_BEFORE.due().minus(Duration.ofHours(1)));
    assertThat(of(List.of(elsewhere), pending).retimed())
        .containsExactly(new Move(pending, elsewhere));
  }

  @Test
  void whatWasPlannedLateKeepsTheHourItWasGiven() {
    Wanted late =
        new Wanted(
            "sms", Audience.PATIENT, Nature.BEFORE_START, "reminder", "-P6D", NOW.plusSeconds(60));
    assertThat(of(List.of(SIX_DAYS_BEFORE), known(late, DeliveryStatus.PLANNED)).isNone()).isTrue();
  }

  @Test
  void whatWentIsOnItsWayOrWasDecidedAboutIsLeftAlone() {
    for (DeliveryStatus status : DeliveryStatus.values()) {
      boolean comesBack = status == DeliveryStatus.SUPERSEDED;
      Difference difference = of(List.of(DAY_BEFORE), known(DAY_BEFORE, status));
      assertThat(difference.added()).describedAs(status.word()).hasSize(comesBack ? 1 : 0);
      boolean isDropped = status == DeliveryStatus.PLANNED;
      assertThat(of(List.of(), known(DAY_BEFORE, status)).dropped())
          .describedAs(status.word())
          .hasSize(isDropped ? 1 : 0);
    }
  }

  @Test
  void whatARePlanningTookAwayComesBackWithItsStep() {
    KnownPreparation gone =
        known(DAY_BEFORE, DeliveryStatus.SUPPRESSED, Reason.REPLANNED, false, START);
    assertThat(of(List.of(DAY_BEFORE), gone).added()).containsExactly(DAY_BEFORE);
  }

  @Test
  void whatMayHaveArrivedIsNeitherDroppedNorRepeated() {
    KnownPreparation perhaps = known(DAY_BEFORE, DeliveryStatus.PLANNED, null, true, START);
    assertThat(of(List.of(), perhaps).isNone()).isTrue();
    KnownPreparation overtaken = known(DAY_BEFORE, DeliveryStatus.SUPERSEDED, null, true, START);
    assertThat(of(List.of(DAY_BEFORE), overtaken).isNone()).isTrue();
  }

  @Test
  void whatIsForAnotherStartDoesNotCount() {
    Instant before = START.minus(Duration.ofDays(30));
    KnownPreparation sent = known(DAY_BEFORE, DeliveryStatus.SENT, null, false, before);
    assertThat(of(List.of(DAY_BEFORE), sent).added()).containsExactly(DAY_BEFORE);
  }

  @Test
  void whatStaffAreRemindedOfIsNotWhatThePatientIs() {
    Wanted forStaff =
        new Wanted(
            "sms",
            Audience.STAFF,
            Nature.BEFORE_START,
            "reminder",
            DAY_BEFORE.offset(),
            DAY_BEFORE.due());
    KnownPreparation ofThePatient = known(DAY_BEFORE, DeliveryStatus.PLANNED);
    Difference difference = of(List.of(forStaff), ofThePatient);
    assertThat(difference.added()).containsExactly(forStaff);
    assertThat(difference.dropped()).containsExactly(ofThePatient);
  }
}
