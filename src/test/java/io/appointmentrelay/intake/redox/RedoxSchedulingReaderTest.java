package io.appointmentrelay.intake.redox;

import static io.appointmentrelay.intake.Notifications.CONTEXT;
import static io.appointmentrelay.intake.Notifications.bytes;
import static io.appointmentrelay.intake.Notifications.edited;
import static io.appointmentrelay.intake.Notifications.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.appointmentrelay.appointment.AppointmentNotice;
import io.appointmentrelay.appointment.ContactPoint;
import io.appointmentrelay.appointment.Details;
import io.appointmentrelay.appointment.OfferedSlot;
import io.appointmentrelay.appointment.OtherNotice;
import io.appointmentrelay.appointment.Party;
import io.appointmentrelay.appointment.PatientProfile;
import io.appointmentrelay.appointment.SlotsNotice;
import io.appointmentrelay.intake.Part;
import io.appointmentrelay.intake.UnreadableNotification;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RedoxSchedulingReaderTest {

  private final RedoxSchedulingReader reader = new RedoxSchedulingReader();

  @Test
  void aNewVisitSaysEverythingAboutItself() throws Exception {
    assertThat(read("redox-scheduling/new"))
        .isEqualTo(
            new AppointmentNotice(
                "New",
                "48390",
                null,
                null,
                new Details(
                    Instant.parse("2024-01-20T16:00:00Z"),
                    Instant.parse("2024-01-20T16:30:00Z"),
                    null,
                    Party.named("Northside Clinic, Cardiology"),
                    new Party("NPI|4356789876", "Pat Granite, MD"),
                    "Check up",
                    null,
                    null),
                null,
                null,
                new PatientProfile(
                    "MR|0000001001",
                    "Nadia",
                    "Okafor",
                    LocalDate.of(1990, 5, 6),
                    "es",
                    null,
                    null,
                    null,
                    List.of(
                        ContactPoint.phone("+15005550111", "mobile"),
                        ContactPoint.phone("+15005550110", "home"),
                        ContactPoint.email("nadia.okafor@example.com"),
                        ContactPoint.email("n.okafor@example.org"))),
                null,
                false));
  }

  @Test
  void scalarsMayBeNumbersOrStrings() throws Exception {
    AppointmentNotice notice = read("redox-scheduling/new-numbers-and-strings");
    assertThat(notice.identifier()).isEqualTo("48401");
    assertThat(notice.details().end()).isEqualTo("2024-01-20T16:45:00Z");
    assertThat(notice.test()).isTrue();
    assertThat(notice.patient().deceased()).isTrue();
    assertThat(notice.patient().contactPoints())
        .containsExactly(
            ContactPoint.phone("5005550111", "mobile"),
            ContactPoint.email("nadia.okafor@example.com"));
  }

  @Test
  void theProviderOfTheVisitComesBeforeTheAttendingOne() throws Exception {
    assertThat(read("redox-scheduling/modification").details().practitioner())
        .isEqualTo(Party.named("Omar Haddad, DO, PhD"));
  }

  @Test
  void aRescheduleSaysTheOldTimeAndTheOldVisit() throws Exception {
    AppointmentNotice notice = read("redox-scheduling/reschedule");
    assertThat(notice.oldStart()).isEqualTo("2024-01-20T16:00:00Z");
    assertThat(notice.replaces()).isEqualTo("48390");
  }

  @ParameterizedTest
  @CsvSource({"48391", "''", "' '"})
  void anOldVisitNumberThatIsNoOtherReplacesNothing(String old) throws Exception {
    byte[] body =
        edited(
            "redox-scheduling/reschedule",
            root -> object(root, "Visit").put("OldVisitNumber", old));
    assertThat(((AppointmentNotice) reader.read(body, 0, CONTEXT)).replaces()).isNull();
  }

  @Test
  void aHoldHasNoPatient() throws Exception {
    assertThat(read("redox-scheduling/new-hold").patient()).isNull();
    byte[] nulls =
        edited(
            "redox-scheduling/new",
            root -> {
              ObjectNode patient = root.putObject("Patient");
              patient.putArray("Identifiers");
              patient.putObject("Demographics").putNull("FirstName");
            });
    assertThat(((AppointmentNotice) reader.read(nulls, 0, CONTEXT)).patient()).isNull();
  }

  @Test
  void aDateOfDeathIsDeath() throws Exception {
    byte[] body =
        edited(
            "redox-scheduling/new",
            root ->
                object(object(root, "Patient"), "Demographics").put("DeathDateTime", "2023-05-05"));
    assertThat(((AppointmentNotice) reader.read(body, 0, CONTEXT)).patient().deceased()).isTrue();
  }

  @Test
  void withoutVisitNumberAVisitIsUnreadable() {
    byte[] body =
        edited("redox-scheduling/new", root -> object(root, "Visit").putNull("VisitNumber"));
    assertThat(reader.glance(body)).containsExactly(new Part("New", null, null));
    assertThatExceptionOfType(UnreadableNotification.class)
        .isThrownBy(() -> reader.read(body, 0, CONTEXT))
        .withMessage(
            "A Scheduling message is known by its Visit.VisitNumber; this New has none. It is"
                + " parked; ask the sender to map the visit number, then replay it.");
  }

  @ParameterizedTest
  @CsvSource({
    "Scheduling, AvailableSlotsResponse, AvailableSlotsResponse",
    "Scheduling, BookedResponse,         BookedResponse",
    "Scheduling, Tomorrow!,              Tomorrow",
    "Order,      New,                    Order.New",
    "SurgicalScheduling, Cancel,         SurgicalScheduling.Cancel",
  })
  void whatIsNoVisitIsKnownByItsLabel(String model, String type, String label) throws Exception {
    byte[] body =
        edited(
            "redox-scheduling/new",
            root -> object(root, "Meta").put("DataModel", model).put("EventType", type));
    assertThat(reader.read(body, 0, CONTEXT)).isEqualTo(new OtherNotice(label));
    assertThat(reader.glance(body).get(0).appointment()).isNull();
  }

  @ParameterizedTest
  @CsvSource({"NEW, New", "No Show, NoShow", "no-show, NoShow", "cancel, Cancel"})
  void labelsAreReadInAnySpelling(String type, String label) throws Exception {
    byte[] body =
        edited("redox-scheduling/new", root -> object(root, "Meta").put("EventType", type));
    assertThat(reader.read(body, 0, CONTEXT).label()).isEqualTo(label);
  }

  @Test
  void aRepeatIsKnownByItsLogIdAndNotByItsAttempt() {
    byte[] retried =
        edited(
            "redox-scheduling/new",
            root -> {
              object(root, "Meta").put("EventDateTime", "2024-01-02T15:09:09.000Z");
              ((ObjectNode) object(root, "Meta").withArray("Logs").get(0)).put("AttemptID", "2");
            });
    assertThat(reader.glance(retried))
        .isEqualTo(reader.glance(bytes("redox-scheduling/new")))
        .containsExactly(new Part("New", "48390", "d9f5d293-0001"));
  }

  @Test
  void withoutLogIdTheBodyIsTheKey() {
    byte[] body = edited("redox-scheduling/new", root -> object(root, "Meta").remove("Logs"));
    assertThat(reader.glance(body).get(0).deduplicationKey()).matches("sha256:[0-9a-f]{64}");
  }

  @Test
  void slotsAreReadAsGiven() throws Exception {
    SlotsNotice notice =
        (SlotsNotice) reader.read(bytes("redox-scheduling/push-slots"), 0, CONTEXT);
    assertThat(notice.test()).isTrue();
    assertThat(notice.batch()).isNull();
    assertThat(notice.slots()).extracting(OfferedSlot::id).containsExactly("1", "2", "3", "4");
    assertThat(notice.slots().get(0))
        .isEqualTo(
            new OfferedSlot(
                "1",
                Instant.parse("2016-08-01T14:00:00Z"),
                15,
                "Office Visit",
                new Party("NPI|4356789876", "Pat Granite, MD"),
                Party.named("RES General Hospital, 3N, Room 136")));
  }

  @Test
  void aBatchIsNumberedByStrings() throws Exception {
    SlotsNotice notice =
        (SlotsNotice) reader.read(bytes("redox-scheduling/push-slots-batch"), 0, CONTEXT);
    assertThat(notice.batch()).isEqualTo(new SlotsNotice.Batch("b-1", 2, 3));
    assertThat(notice.slots().get(0).id()).isNull();
    assertThat(notice.slots().get(0).reason()).isEqualTo("Unavailable");
  }

  @Test
  void aSlotWithoutTimeMakesTheListUnreadable() {
    byte[] body =
        edited(
            "redox-scheduling/push-slots",
            root -> ((ObjectNode) root.withArray("Slots").get(2)).put("DateTime", "soon"));
    assertThatExceptionOfType(UnreadableNotification.class)
        .isThrownBy(() -> reader.read(body, 0, CONTEXT))
        .withMessageContaining("slot number 3 has none that can be read");
  }

  @Test
  void anEmptyListOfSlotsIsAList() throws Exception {
    byte[] body = json("{'Meta': {'EventType': 'PushSlots'}, 'Slots': []}");
    assertThat(reader.read(body, 0, CONTEXT))
        .isEqualTo(new SlotsNotice("PushSlots", null, List.of(), false));
  }

  @Test
  void slotsThatWereAskedForSayWhatWasAsked() throws Exception {
    SlotsNotice.Asked asked =
        new SlotsNotice.Asked(
            Instant.parse("2031-03-01T00:00:00Z"),
            Instant.parse("2031-03-08T00:00:00Z"),
            "NPI|4356789876");
    byte[] body = SchedulingAnswer.notification(asked, List.of(), Instant.EPOCH);

    assertThat(reader.read(body, 0, CONTEXT))
        .isEqualTo(new SlotsNotice("PushSlots", null, List.of(), false, asked));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{}",
        "null",
        "7",
        "{'From': 'soon', 'To': 'later'}",
        "{'From': {'a': 1}, 'To': '2031-03-08T00:00:00Z'}",
        "{'From': '2031-03-08T00:00:00Z'}",
      })
  void aQuestionThatCannotBeReadIsNone(String asked) throws Exception {
    byte[] body = json("{'Meta': {'EventType': 'PushSlots', 'Asked': " + asked + "}, 'Slots': []}");

    assertThat(((SlotsNotice) reader.read(body, 0, CONTEXT)).asked()).isNull();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "                                              | booked",
        ", 'Status': 'Scheduled'                       | booked",
        ", 'Status': 'Canceled'                        | cancelled",
        ", 'Status': 'No Show'                         | noshow",
        ", 'Status': 'Checked In'                      | checked-in",
        ", 'Status': 'Completed'                       | fulfilled",
        ", 'Status': {'a': 1}                          | booked",
        ", 'CancelReason': 'weather'                   | cancelled",
        ", 'CancelDateTime': '2031-03-01T00:00:00Z'    | cancelled",
      })
  void aVisitThatWasAskedForSaysItsStatus(String more, String status) throws Exception {
    String said = more == null ? "" : more;
    byte[] body =
        json("{'Meta': {'EventType': 'polled'}, 'Visit': {'VisitNumber': 7" + said + "}}");

    AppointmentNotice notice = (AppointmentNotice) reader.read(body, 0, CONTEXT);

    assertThat(notice.isPolled()).isTrue();
    assertThat(notice.identifier()).isEqualTo("7");
    assertThat(notice.status()).isEqualTo(status);
  }

  private AppointmentNotice read(String fixture) throws UnreadableNotification {
    return (AppointmentNotice) reader.read(bytes(fixture), 0, CONTEXT);
  }

  private static ObjectNode object(ObjectNode parent, String field) {
    return (ObjectNode) parent.get(field);
  }
}
