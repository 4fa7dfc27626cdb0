package io.appointmentrelay.intake.redox;

import static io.appointmentrelay.intake.Notifications.tree;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RedoxEventNameTest {

  @ParameterizedTest
  @CsvSource({
    "AppointmentBooked,                       AppointmentBooked",
    "SchedulingAppointmentBooked,             AppointmentBooked",
    "Scheduling-event-appointment-booked,     AppointmentBooked",
    "appointmentbooked,                       AppointmentBooked",
    "AppointmentBooked|1.0,                   AppointmentBooked",
    "AppointmentUpdated,                      AppointmentUpdated",
    "SchedulingAppointmentUpdated,            AppointmentUpdated",
    "scheduling-event-appointment-updated,    AppointmentUpdated",
    "AppointmentCancelled,                    AppointmentCancelled",
    "AppointmentCanceled,                     AppointmentCancelled",
    "SchedulingAppointmentCanceled,           AppointmentCancelled",
    "Scheduling-event-appointment-cancelled,  AppointmentCancelled",
    "Scheduling-event-appointment-canceled,   AppointmentCancelled",
    "AppointmentCreate,                       AppointmentCreate",
    "AppointmentUpdate,                       AppointmentUpdate",
    "AppointmentCancel,                       AppointmentCancel",
    "PatientUpdated,                          PatientUpdated",
  })
  void allGenerationsAreBroughtToOneName(String said, String name) {
    assertThat(
            RedoxEventName.of(
                tree("{'eventUri': 'https://fhir.redoxengine.com/EventDefinition/" + said + "'}")))
        .isEqualTo(name);
    assertThat(RedoxEventName.of(tree("{'eventCoding': {'code': '" + said + "'}}")))
        .isEqualTo(name);
  }

  @Test
  void theFirstCodingThatSpeaksOfAnAppointmentCounts() {
    assertThat(
            RedoxEventName.of(
                tree(
                    "{'eventCoding': [{'code': 'S12'}, {'code': 'AppointmentBooked'}, {'code':"
                        + " 'AppointmentCancelled'}]}")))
        .isEqualTo("AppointmentBooked");
    assertThat(
            RedoxEventName.of(
                tree(
                    "{'eventCoding': {'coding': [{'code': 'S12'}, {'code': 'appointment-booked'}]}}")))
        .isEqualTo("AppointmentBooked");
  }

  @Test
  void anotherEventsNameIsCutDownToWhatMayBeShown() {
    assertThat(RedoxEventName.of(tree("{'eventUri': 'https://x/Evil name <b>/'}")))
        .isEqualTo("Evilnameb");
  }

  @Test
  void noEventIsNull() {
    assertThat(RedoxEventName.of(tree("{}"))).isNull();
    assertThat(RedoxEventName.of(tree("{'eventUri': ''}"))).isNull();
    assertThat(RedoxEventName.of(tree("{'eventUri': 17, 'eventCoding': {}}"))).isEqualTo("17");
  }
}
