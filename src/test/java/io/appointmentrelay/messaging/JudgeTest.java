package io.appointmentrelay.messaging;

import static org.assertj.core.api.Assertions.assertThat;

import io.appointmentrelay.appointment.AppointmentRecord;
import io.appointmentrelay.appointment.Audience;
import io.appointmentrelay.appointment.ContactPoint;
import io.appointmentrelay.appointment.Delivery;
import io.appointmentrelay.appointment.EventKind;
import io.appointmentrelay.appointment.Nature;
import io.appointmentrelay.appointment.PatientProfile;
import io.appointmentrelay.appointment.Purpose;
import io.appointmentrelay.appointment.ReachLimits;
import io.appointmentrelay.appointment.Reason;
import io.appointmentrelay.appointment.Why;
import io.appointmentrelay.messaging.Judge.Ruling;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Who may be written to, and in which order the rules object. */
class JudgeTest {

  private static final Instant NOW = Visits.START.minus(Duration.ofDays(2));
  private static final String NUMBER = "+16085550142";
  private static final ContactPoint PHONE = ContactPoint.phone("(608) 555-0142", "mobile");
  private static final ContactPoint REFUSED =
      new ContactPoint(ContactPoint.Kind.PHONE, NUMBER, "mobile", 1, null, false);

  private Set<String> allowed = Set.of();
  private final List<LocalDate> counted = new ArrayList<>();
  private final Set<String> optedOut = new HashSet<>();
  private boolean reached;
  private boolean braked;
  private Audience audience = Audience.PATIENT;
  private QuietHours quietHours = QuietHours.NONE;
  private StaffAddresses staff = StaffAddresses.NONE;

  @Test
  void whatNothingSpeaksAgainstIsSent() {
    assertThat(judge(patient(PHONE), "sms", Nature.NEWS))
        .isInstanceOfSatisfying(
            Ruling.Send.class, send -> assertThat(send.recipient()).isEqualTo(NUMBER));
  }

  @Test
  void whoRefusedIsNotSomebodyWithoutAddress() {
    assertThat(reason(patient(REFUSED))).isEqualTo(Reason.NO_CONSENT);
    assertThat(reason(patient())).isEqualTo(Reason.NO_CONTACT);
  }

  @Test
  void theDeadAreNotAskedForConsent() {
    assertThat(reason(person(null, true, true, REFUSED))).isEqualTo(Reason.DECEASED);
    assertThat(reason(person(null, false, false, REFUSED))).isEqualTo(Reason.INACTIVE);
  }

  @Test
  void inAPilotOnlyThoseOnTheListAreWrittenTo() {
    allowed = Set.of("ana@clinic.org");
    ContactPoint email = ContactPoint.email("Ana@Clinic.org");

    Ruling text = judge(patient(PHONE, email), "sms", Nature.NEWS);
    assertThat(((Ruling.Suppress) text).reason()).isEqualTo(Reason.NOT_ALLOWED);
    assertThat(judge(patient(PHONE, email), "email", Nature.NEWS)).isInstanceOf(Ruling.Send.class);
    assertThat(text.why().toString()).doesNotContain(NUMBER).contains("+1********42");
  }

  @Test
  void everyRuleIsAskedInTheOrderOfTheTable() {
    allowed = Set.of(NUMBER);
    assertThat(judge(patient(PHONE), "sms", Nature.NEWS).why())
        .extracting(Why::rule)
        .containsExactly(
            "brake",
            "test traffic",
            "told against true",
            "visit over",
            "too late",
            "recipient",
            "consent",
            "opt-out",
            "allow list",
            "quiet hours");
  }

  @Test
  void whatLeadsUpToAVisitIsCountedOnTheDayThatItIsWhereThePersonIs() {
    PatientProfile inTokyo = person("Asia/Tokyo", false, true, PHONE);

    Ruling.Send send = (Ruling.Send) judge(inTokyo, "sms", Nature.BEFORE_START);

    assertThat(send.countedOn()).isEqualTo(LocalDate.of(2026, 8, 2)).isIn(counted);
  }

  @Test
  void overTheLimitWhatLeadsUpToAVisitIsNotSent() {
    reached = true;
    assertThat(((Ruling.Suppress) judge(patient(PHONE), "sms", Nature.BEFORE_START)).reason())
        .isEqualTo(Reason.LIMIT);
    assertThat(((Ruling.Suppress) judge(patient(PHONE), "sms", Nature.AFTER_START)).reason())
        .isEqualTo(Reason.LIMIT);
  }

  @Test
  void neitherNewsNorMailIsCounted() {
    reached = true;
    assertThat(judge(patient(PHONE), "sms", Nature.NEWS)).isInstanceOf(Ruling.Send.class);
    ContactPoint email = ContactPoint.email("ana@clinic.org");
    assertThat(judge(patient(email), "email", Nature.BEFORE_START)).isInstanceOf(Ruling.Send.class);
    assertThat(counted).isEmpty();
  }

  @Test
  void whoOptedOutOfOnePurposeGetsTheOther() {
    optedOut.add(NUMBER + " PREPARATION");

    assertThat(((Ruling.Suppress) judge(patient(PHONE), "sms", Nature.AFTER_START)).reason())
        .isEqualTo(Reason.OPTED_OUT);
    assertThat(judge(patient(PHONE), "sms", Nature.NEWS)).isInstanceOf(Ruling.Send.class);
  }

  @Test
  void theBrakeHoldsBeforeAnythingElseIsAsked() {
    braked = true;
    Ruling ruling = judge(patient(REFUSED), "sms", Nature.NEWS);

    assertThat(((Ruling.Hold) ruling).reason()).isEqualTo(Reason.BRAKE);
    assertThat(ruling.why()).extracting(Why::rule).containsExactly("brake");
  }

  @Test
  void staffAreAskedForNothingAndHearOfEverybody() {
    toStaff("desk@clinic.org", "+16085550101");
    optedOut.add("desk@clinic.org NEWS");
    reached = true;
    PatientProfile dead = person(null, true, false, REFUSED);

    Ruling.Send news = (Ruling.Send) judge(dead, "email", Nature.NEWS);

    assertThat(news.recipient()).isEqualTo("desk@clinic.org");
    assertThat(news.text()).isEqualTo("staff-news");
    assertThat(((Ruling.Send) judge(dead, "sms", Nature.BEFORE_START)).countedOn()).isNull();
    assertThat(counted).isEmpty();
    assertThat(news.why())
        .extracting(Why::rule)
        .containsExactly(
            "brake", "test traffic", "told against true", "visit over", "too late", "recipient");
  }

  @Test
  void aPilotsListIsForStaffToo() {
    allowed = Set.of(NUMBER);
    toStaff("desk@clinic.org", null);

    Ruling.Suppress ruling = (Ruling.Suppress) judge(patient(PHONE), "email", Nature.NEWS);

    assertThat(ruling.reason()).isEqualTo(Reason.NOT_ALLOWED);
    assertThat(ruling.why().toString()).doesNotContain("desk@clinic.org");
  }

  @Test
  void staffOfAPlaceWithoutAnAddressAreNotWrittenTo() {
    toStaff("desk@clinic.org", null);

    assertThat(reason(patient(PHONE))).isEqualTo(Reason.NO_STAFF_ADDRESS);
  }

  @Test
  void quietHoursAreThoseOfThePlaceForStaffAndOnlyForTextMessages() {
    toStaff("desk@clinic.org", "+16085550101");
    // NOW is 10:00 in Chicago, and midnight in Tokyo, where this patient lives.
    PatientProfile inTokyo = person("Asia/Tokyo", false, true, PHONE);

    quietHours = QuietHours.parse("21:00-08:00");
    assertThat(judge(inTokyo, "sms", Nature.NEWS)).isInstanceOf(Ruling.Send.class);
    quietHours = QuietHours.parse("09:00-11:00");
    assertThat(judge(inTokyo, "sms", Nature.NEWS)).isInstanceOf(Ruling.Defer.class);
    assertThat(judge(inTokyo, "email", Nature.NEWS)).isInstanceOf(Ruling.Send.class);
  }

  @Test
  void theBrakeHoldsStaffToo() {
    braked = true;
    toStaff("desk@clinic.org", null);

    assertThat(judge(patient(PHONE), "email", Nature.NEWS)).isInstanceOf(Ruling.Hold.class);
  }

  @Test
  void aTaskStaysOneWhateverTheVisitIsByThenAndWhateverWasTold() {
    toStaff("desk@clinic.org", null);
    Instant afterwards = Visits.START.plus(Duration.ofDays(3));

    assertThat(judge(patient(PHONE), "email", Nature.TASK, NOW)).isInstanceOf(Ruling.Send.class);
    assertThat(judge(patient(PHONE), "email", Nature.TASK, afterwards))
        .isInstanceOf(Ruling.Send.class);
    assertThat(judge(patient(PHONE), "email", Nature.NEWS, afterwards))
        .isInstanceOf(Ruling.Suppress.class);
    braked = true;
    assertThat(judge(patient(PHONE), "email", Nature.TASK, NOW)).isInstanceOf(Ruling.Hold.class);
  }

  private void toStaff(String email, String phone) {
    audience = Audience.STAFF;
    staff = StaffAddresses.of(List.of(new StaffAddresses.Desk(null, email, phone)), false, "US");
  }

  private Remembered remembered() {
    return new Remembered() {
      @Override
      public boolean isBraked(Delivery delivery) {
        return braked;
      }

      @Override
      public boolean isOptedOut(String recipient, Purpose purpose) {
        return optedOut.contains(recipient + ' ' + purpose);
      }

      @Override
      public Optional<ReachLimits.Each> exceeded(String recipient, LocalDate day, long delivery) {
        counted.add(day);
        return reached ? Optional.of(new ReachLimits.Each(1, 1)) : Optional.empty();
      }
    };
  }

  private Reason reason(PatientProfile patient) {
    return ((Ruling.Suppress) judge(patient, "sms", Nature.NEWS)).reason();
  }

  private Ruling judge(PatientProfile patient, String channel, Nature nature) {
    return judge(patient, channel, nature, NOW);
  }

  private Ruling judge(PatientProfile patient, String channel, Nature nature, Instant now) {
    Judge judge =
        new Judge(
            quietHours,
            Duration.ofHours(4),
            false,
            new Recipients(new Recipients.Rules(false, false, false)),
            staff,
            allowed,
            remembered());
    return judge.judge(
        delivery(channel, nature),
        new Judge.Knowledge(visitOf(patient), null, Visits.CHICAGO, "US"),
        now);
  }

  private static AppointmentRecord visitOf(PatientProfile patient) {
    AppointmentRecord visit = Visits.record(Visits.DETAILS);
    return new AppointmentRecord(
        visit.group(),
        visit.identifier(),
        visit.system(),
        visit.source(),
        visit.status(),
        visit.details(),
        patient,
        visit.version(),
        visit.revision(),
        visit.eventTime(),
        visit.root(),
        visit.replaces(),
        visit.replacedBy(),
        visit.presumed(),
        visit.test());
  }

  private Delivery delivery(String channel, Nature nature) {
    return new Delivery(
        17,
        "clinic",
        "V1",
        "V1",
        1,
        EventKind.BOOKED,
        channel,
        audience,
        nature,
        audience == Audience.STAFF ? "staff-news" : nature == Nature.NEWS ? "booked" : "reminder",
        nature == Nature.NEWS ? null : "P2D",
        Visits.START,
        NOW,
        NOW,
        0,
        0,
        0,
        0,
        null);
  }

  private static PatientProfile patient(ContactPoint... points) {
    return person(null, false, true, points);
  }

  private static PatientProfile person(
      String zone, boolean deceased, boolean active, ContactPoint... points) {
    ZoneId home = zone == null ? null : ZoneId.of(zone);
    return new PatientProfile(
        "MR|1", "Ana", "Roe", null, null, home, deceased, active, List.of(points));
  }
}
