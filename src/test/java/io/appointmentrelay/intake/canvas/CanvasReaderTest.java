package io.appointmentrelay.intake.canvas;

import static io.appointmentrelay.intake.Notifications.CONTEXT;
import static io.appointmentrelay.intake.Notifications.bytes;
import static io.appointmentrelay.intake.Notifications.edited;
import static io.appointmentrelay.intake.Notifications.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.appointmentrelay.appointment.AppointmentNotice;
import io.appointmentrelay.appointment.Details;
import io.appointmentrelay.appointment.OtherNotice;
import io.appointmentrelay.appointment.Party;
import io.appointmentrelay.appointment.PatientProfile;
import io.appointmentrelay.appointment.UnidentifiedNotice;
import io.appointmentrelay.intake.Part;
import io.appointmentrelay.intake.UnreadableNotification;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CanvasReaderTest {

  private final CanvasReader reader = new CanvasReader();

  @Test
  void createdSaysTimePatientAndAppointment() throws Exception {
    assertThat(read(bytes("canvas/created")))
        .isEqualTo(
            new AppointmentNotice(
                "created",
                "e999b5c7-d12f-498c-816a-f3c66946a911",
                null,
                null,
                Details.at(
                    Instant.parse("2021-12-24T21:30:00Z"), Instant.parse("2021-12-24T22:00:00Z")),
                null,
                null,
                PatientProfile.of("06669a76329f4577bea114bc50072da6"),
                null,
                false));
  }

  @Test
  void cancelledSaysNoTime() throws Exception {
    assertThat(read(bytes("canvas/cancelled")).details()).isEqualTo(Details.NONE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"{'cancelled': 'true', ", "{'canceled': true, ", "{'canceled': 1, "})
  void cancelledIsReadInBothSpellings(String flag) throws Exception {
    AppointmentNotice notice = read(json(flag + "'appointment_external_id': 'a-1'}"));
    assertThat(notice.label()).isEqualTo("cancelled");
    assertThat(notice.patient()).isNull();
  }

  @Test
  void twoFlagsAreUnreadable() {
    byte[] body = edited("canvas/created", root -> root.put("cancelled", true));
    assertThat(reader.glance(body))
        .containsExactly(new Part(null, "e999b5c7-d12f-498c-816a-f3c66946a911", null));
    assertThatExceptionOfType(UnreadableNotification.class)
        .isThrownBy(() -> read(body))
        .withMessage(
            "Canvas sets exactly one of [cancelled, checked_in, created, no_show, rescheduled,"
                + " reverted] to true; this notification set [cancelled, created]. It is parked;"
                + " replay it after the sender is corrected.");
  }

  @Test
  void noFlagIsUnreadable() {
    assertThatExceptionOfType(UnreadableNotification.class)
        .isThrownBy(() -> read(json("{'appointment_external_id': 'a-1', 'created': false}")))
        .withMessageContaining("this notification set [].");
  }

  @ParameterizedTest
  @ValueSource(strings = {"null", "''", "{}"})
  void withoutAppointmentIdItIsForTheRouteToFindOut(String id) throws Exception {
    byte[] body = json("{'cancelled': true, 'appointment_external_id': " + id + "}");
    assertThat(reader.glance(body)).containsExactly(new Part("cancelled", null, null));
    assertThat(reader.read(body, 0, CONTEXT))
        .isEqualTo(
            new UnidentifiedNotice(
                "cancelled",
                Details.at(null, null),
                null,
                null,
                false,
                "Canvas names the appointment in appointment_external_id"));
  }

  @Test
  void noNotificationIsTakenForARepeat() {
    assertThat(reader.glance(bytes("canvas/cancelled")))
        .extracting(Part::deduplicationKey)
        .containsOnlyNulls();
    assertThat(reader.glance(bytes("canvas/plugin-cancelled")))
        .extracting(Part::deduplicationKey)
        .containsOnlyNulls();
  }

  @Test
  void thePluginSaysWhenItHappenedAndWho() throws Exception {
    assertThat(read(bytes("canvas/plugin-created")))
        .isEqualTo(
            new AppointmentNotice(
                "created",
                "5a1f2b3c-0001",
                null,
                null,
                new Details(
                    Instant.parse("2024-01-24T21:30:00Z"),
                    Instant.parse("2024-01-24T21:50:00Z"),
                    null,
                    null,
                    new Party("4150cd20de8a470aa570a852859ac87e", null),
                    null,
                    null,
                    null),
                null,
                null,
                new PatientProfile(
                    "06669a76329f4577bea114bc50072da6",
                    "Nadia",
                    "Okafor",
                    null,
                    null,
                    null,
                    null,
                    null,
                    List.of()),
                Instant.parse("2024-01-02T09:30:00.123456Z"),
                false));
  }

  @Test
  void thePluginsMoveNamesTheOldAppointmentAndItsTime() throws Exception {
    AppointmentNotice notice = read(bytes("canvas/plugin-rescheduled"));
    assertThat(notice.replaces()).isEqualTo("5a1f2b3c-0001");
    assertThat(notice.oldStart()).isEqualTo("2024-01-24T21:30:00Z");
    assertThat(notice.details().end()).isEqualTo("2024-01-25T21:50:00Z");
  }

  @ParameterizedTest
  @CsvSource({
    "appointment_created,     created",
    "appointment_canceled,    cancelled",
    "appointment_cancelled,   cancelled",
    "APPOINTMENT_CANCELED,    cancelled",
    "appointment_no_showed,   no_show",
    "appointment_rescheduled, rescheduled",
  })
  void thePluginsEventsHaveTheNamesOfTheFlags(String eventType, String label) throws Exception {
    assertThat(
            read(edited("canvas/plugin-created", root -> root.put("event_type", eventType)))
                .label())
        .isEqualTo(label);
  }

  @Test
  void anotherEventOfThePluginIsKnownByItsNameAndNeverTakenForAFlag() throws Exception {
    assertThat(other("appointment_linked!")).isEqualTo(new OtherNotice("appointment_linked"));
    assertThat(other("created")).isEqualTo(new OtherNotice("event_type.created"));
  }

  @Test
  void anEventTimeAheadOfOursIsNotBelieved() throws Exception {
    assertThat(
            read(edited("canvas/plugin-created", r -> r.put("timestamp", "2026-01-01T00:00:01Z")))
                .eventTime())
        .isNull();
  }

  @Test
  void aFailedLookUpOfThePluginIsUnreadable() {
    byte[] body =
        json(
            "{'event_type': 'appointment_created', 'appointment': {'id': 'a-1', 'patient_id':"
                + " 'p-1'}, 'timestamp': '2024-01-02T09:30:00Z', 'error': 'Could not fetch'}");
    assertThat(reader.glance(body)).containsExactly(new Part("created", "a-1", null));
    assertThatExceptionOfType(UnreadableNotification.class)
        .isThrownBy(() -> read(body))
        .withMessageContaining("this created notification reports an error of its look-up")
        .withMessageNotContaining("Could not fetch");
  }

  @Test
  void aCancellationNeedsNoLookUpOfThePlugin() throws UnreadableNotification {
    byte[] body =
        json(
            "{'event_type': 'appointment_canceled', 'appointment': {'id': 'a-1'},"
                + " 'timestamp': '2024-01-02T09:30:00Z', 'error': 'Could not fetch'}");
    assertThat(read(body).identifier()).isEqualTo("a-1");
  }

  @Test
  void withoutAppointmentThePluginIsUnreadable() {
    byte[] body = edited("canvas/plugin-created", root -> root.remove("appointment"));
    assertThatExceptionOfType(UnreadableNotification.class)
        .isThrownBy(() -> read(body))
        .withMessageContaining("names the appointment in appointment.id");
  }

  private Object other(String eventType) throws UnreadableNotification {
    byte[] body =
        edited("canvas/plugin-created", (ObjectNode root) -> root.put("event_type", eventType));
    return reader.read(body, 0, CONTEXT);
  }

  private AppointmentNotice read(byte[] body) throws UnreadableNotification {
    return (AppointmentNotice) reader.read(body, 0, CONTEXT);
  }
}
