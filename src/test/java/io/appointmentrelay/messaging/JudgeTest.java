package io.appointmentrelay.messaging;

import static org.assertj.core.api.Assertions.assertThat;

import io.appointmentrelay.appointment.AppointmentRecord;
import io.appointmentrelay.appointment.ContactPoint;
import io.appointmentrelay.appointment.Delivery;
import io.appointmentrelay.appointment.EventKind;
import io.appointmentrelay.appointment.Nature;
import io.appointmentrelay.appointment.PatientProfile;
import io.appointmentrelay.appointment.Reason;
import io.appointmentrelay.appointment.Why;
import io.appointmentrelay.messaging.Judge.Ruling;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
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
    assertThat(reason(person(true, true, REFUSED))).isEqualTo(Reason.DECEASED);
    assertThat(reason(person(false, false, REFUSED))).isEqualTo(Reason.INACTIVE);
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
            "test traffic",
            "told against true",
            "visit over",
            "too late",
            "recipient",
            "consent",
            "allow list",
            "quiet hours");
  }

  private Reason reason(PatientProfile patient) {
    return ((Ruling.Suppress) judge(patient, "sms", Nature.NEWS)).reason();
  }

  private Ruling judge(PatientProfile patient, String channel, Nature nature) {
    Judge judge =
        new Judge(
            QuietHours.NONE,
            Duration.ofHours(4),
            false,
            new Recipients(new Recipients.Rules(false, false)),
            allowed);
    return judge.judge(
        delivery(channel, nature),
        new Judge.Knowledge(visitOf(patient), null, Visits.CHICAGO, "US"),
        NOW);
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

  private static Delivery delivery(String channel, Nature nature) {
    return new Delivery(
        17,
        "clinic",
        "V1",
        "V1",
        1,
        EventKind.BOOKED,
        channel,
        nature,
        nature == Nature.NEWS ? "booked" : "reminder",
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
    return person(false, true, points);
  }

  private static PatientProfile person(boolean deceased, boolean active, ContactPoint... points) {
    return new PatientProfile(
        "MR|1", "Ana", "Roe", null, null, null, deceased, active, List.of(points));
  }
}
