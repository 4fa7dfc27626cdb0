package io.appointmentrelay.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.appointmentrelay.appointment.Audience;
import io.appointmentrelay.appointment.Claim;
import io.appointmentrelay.appointment.Delivery;
import io.appointmentrelay.appointment.InFlight;
import io.appointmentrelay.appointment.Nature;
import io.appointmentrelay.appointment.PlannedDelivery;
import io.appointmentrelay.appointment.StatusGroup;
import io.appointmentrelay.appointment.Told;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What patients and staff were told of one visit on one channel is kept apart. */
class ToldApartTest {

  private static final Instant NOW = ScriptedLife.NOW;
  private static final Instant START = ScriptedLife.START;
  private static final Instant MOVED = START.plus(Duration.ofDays(1));
  private static final PlannedDelivery PATIENT = ScriptedLife.email();
  private static final PlannedDelivery STAFF = news(Audience.STAFF, NOW);

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

  private static PlannedDelivery news(Audience audience, Instant due) {
    return new PlannedDelivery("email", audience, Nature.NEWS, "staff-news", null, due, null, null);
  }

  private static PlannedDelivery reminder(Audience audience) {
    return new PlannedDelivery(
        "email", audience, Nature.BEFORE_START, "staff-news", "-P1D", NOW, null, null);
  }

  @Test
  void newsForOneDoesNotTakeThePlaceOfNewsForTheOther() {
    List<Delivery> due = life.happens(Claim.BOOKED, "a", START, PATIENT, STAFF);
    assertThat(due)
        .extracting(Delivery::audience)
        .containsExactly(Audience.PATIENT, Audience.STAFF);

    life.happens(Claim.UPDATED, "a", MOVED, STAFF);

    assertThat(due).extracting(this::status).containsExactly("planned", "superseded");
  }

  @Test
  void theyAreSentBesideEachOther() {
    List<Delivery> due = life.happens(Claim.BOOKED, "a", START, PATIENT, STAFF);

    assertThat(due.get(0).lane()).isNotEqualTo(due.get(1).lane());
  }

  @Test
  void whatOneWasToldTheOtherDoesNotKnow() {
    List<Delivery> due = life.happens(Claim.BOOKED, "a", START, PATIENT, STAFF);
    sent(due.get(0));

    assertThat(told(due.get(0))).isNotNull();
    assertThat(told(due.get(1))).isNull();
  }

  @Test
  void whatWentOutToOneIsNotKeptFromTheOther() {
    life.happens(Claim.BOOKED, "a", START, reminder(Audience.PATIENT));
    life.happens(Claim.BOOKED, "a", START, reminder(Audience.PATIENT), reminder(Audience.STAFF));

    assertThat(count("audience = 'staff'")).isEqualTo(1);
  }

  @Test
  void staffKnowWhatTheirCalendarSaidUntilThere() {
    life.happens(Claim.BOOKED, "a", START, PATIENT);
    Delivery moved = life.happens(Claim.UPDATED, "a", MOVED, STAFF).get(0);

    assertThat(told(moved).start()).isEqualTo(START);
    assertThat(told(moved).group()).isEqualTo(StatusGroup.OPEN);
  }

  @Test
  void whileTheirNewsWaitsTheyKnowNoMoreThanBeforeIt() {
    life.happens(Claim.BOOKED, "a", START, PATIENT);
    life.happens(Claim.UPDATED, "a", MOVED, STAFF);
    Delivery again = life.happens(Claim.UPDATED, "a", MOVED.plus(Duration.ofDays(1)), STAFF).get(0);

    assertThat(told(again).start()).isEqualTo(START);
  }

  @Test
  void ofABookingThatTheyWereToHearOfAndDidNotTheyKnowNothing() {
    life.happens(Claim.BOOKED, "a", START, STAFF);
    Delivery moved = life.happens(Claim.UPDATED, "a", MOVED, STAFF).get(0);

    assertThat(told(moved)).isNull();
  }

  @Test
  void whatHappenedWithoutAWordToThemTheirCalendarSaidAllTheSame() {
    life.happens(Claim.BOOKED, "a", START, PATIENT);
    sent(life.happens(Claim.CANCELLED, "a", START, STAFF).get(0));
    life.happens(Claim.BOOKED, "a", MOVED, PATIENT);
    Delivery again = life.happens(Claim.CANCELLED, "a", MOVED, STAFF).get(0);

    assertThat(told(again).group()).isEqualTo(StatusGroup.OPEN);
    assertThat(told(again).start()).isEqualTo(MOVED);
  }

  @Test
  void aBookingThatWaitedAndWasReplacedIsNotKnownToThem() {
    life.happens(Claim.BOOKED, "a", START, STAFF);
    life.replaces("b", "a", STAFF);

    assertThat(told(life.happens(Claim.UPDATED, "b", MOVED, STAFF).get(0))).isNull();
  }

  @Test
  void ofTheOneThatWasReplacedTheyKnowThatItWasOn() {
    life.happens(Claim.BOOKED, "a", START, PATIENT);
    Delivery next = life.replaces("b", "a", STAFF).get(0);

    assertThat(told(next).group()).isEqualTo(StatusGroup.OPEN);
    assertThat(told(next).start()).isEqualTo(START);
  }

  @Test
  void whatArrivedBeforeACrashIsKnownToItsOwnRecipientAlone() {
    List<Delivery> due = life.happens(Claim.BOOKED, "a", START, PATIENT, STAFF);
    Told tells = Told.of(life.store().appointment(ScriptedLife.GROUP, "a").orElseThrow());
    InFlight inFlight = new InFlight(NOW, "desk@clinic.org", "digest", tells);
    OutboxStore outbox = life.store().outbox();
    outbox
        .claim(due.get(1), OutboxStore.ANY_REVISION, "d***@c***.org", List.of(), inFlight, NOW)
        .join();
    life.happens(Claim.UPDATED, "a", MOVED, PATIENT);

    life.store().uncertain().recover().join();
    UncertainStore.Uncertain uncertain = life.store().uncertain().due(NOW, 10).get(0);
    life.store().uncertain().found(uncertain, inFlight, "id").join();

    assertThat(told(due.get(1))).isEqualTo(tells);
    assertThat(told(due.get(0))).isNull();
  }

  @Test
  void whatAPatientPerhapsReadBeforeACrashStaffDidNot() {
    List<Delivery> due = life.happens(Claim.BOOKED, "a", START, PATIENT, STAFF);
    life.claimed(due.get(0));
    life.store().uncertain().recover().join();
    Delivery patient = life.happens(Claim.UPDATED, "a", MOVED, PATIENT).get(0);

    assertThat(life.store().outbox().knowledge(patient).perhapsTold()).isNotNull();
    assertThat(life.store().outbox().knowledge(due.get(1)).perhapsTold()).isNull();
  }

  @Test
  void howLongPatientsHaveWaitedDoesNotHurryWhatIsForStaff() {
    PlannedDelivery settles = news(Audience.PATIENT, NOW.plusSeconds(60));
    life.happens(Claim.BOOKED, "a", START, settles);
    life.happens(Claim.UPDATED, "a", MOVED, settles);
    life.tamper("UPDATE delivery SET planned = planned - 600000 WHERE status = 'superseded'");
    List<Delivery> due =
        life.happens(Claim.UPDATED, "a", START, settles, news(Audience.STAFF, NOW.plusSeconds(60)));

    assertThat(due).extracting(Delivery::audience).containsExactly(Audience.PATIENT);
  }

  @Test
  void aVisitThatJoinsAChainBringsWhatEachWasTold() {
    life.happens(Claim.BOOKED, "a", START, PATIENT);
    Delivery staff = life.happens(Claim.BOOKED, "b", MOVED, PATIENT, STAFF).get(1);
    sent(staff);
    life.replaces("b", "a");

    assertThat(told(staff)).isNotNull();
    assertThat(life.store().outbox().read(staff.id()).orElseThrow().root()).isEqualTo("a");
  }

  private void sent(Delivery delivery) {
    Told told =
        Told.of(life.store().appointment(ScriptedLife.GROUP, delivery.appointment()).orElseThrow());
    life.store().outbox().sent(life.claimed(delivery), NOW, "id", told).join();
  }

  private Told told(Delivery delivery) {
    return life.store().outbox().knowledge(delivery).told();
  }

  private String status(Delivery delivery) {
    return new ConsoleReads(life.database()).delivery(delivery.id()).orElseThrow().status();
  }

  private long count(String condition) {
    try (var connection = life.database().openReader();
        var rows =
            connection
                .createStatement()
                .executeQuery("SELECT COUNT(*) FROM delivery WHERE " + condition)) {
      rows.next();
      return rows.getLong(1);
    } catch (java.sql.SQLException e) {
      throw new AssertionError(e);
    }
  }
}
