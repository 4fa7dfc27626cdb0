package io.appointmentrelay.intake.subscription;

import static io.appointmentrelay.intake.Notifications.CONTEXT;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.appointmentrelay.appointment.AppointmentNotice;
import io.appointmentrelay.appointment.Details;
import io.appointmentrelay.appointment.EventNumber;
import io.appointmentrelay.appointment.EventNumber.Meaning;
import io.appointmentrelay.intake.Notifications;
import io.appointmentrelay.intake.Part;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class SubscriptionReaderTest {

  private final SubscriptionReader reader = new SubscriptionReader();

  private AppointmentNotice read(String fixture) throws Exception {
    return read(Notifications.bytes("fhir-subscription/" + fixture), 0);
  }

  private AppointmentNotice read(byte[] body, int part) throws Exception {
    return (AppointmentNotice) reader.read(body, part, CONTEXT);
  }

  private List<Part> glance(String fixture) {
    return reader.glance(Notifications.bytes("fhir-subscription/" + fixture));
  }

  @Test
  void whatIsSentAlongIsReadWithThePatient() throws Exception {
    AppointmentNotice notice = read("full-resource-r4");

    assertThat(notice.status()).isEqualTo("booked");
    assertThat(notice.eventTime()).isEqualTo(Instant.parse("2024-02-20T12:00:00.123Z"));
    assertThat(notice.details().practitioner().name()).isEqualTo("Dr. Casey Example");
    assertThat(notice.details().location().name()).isEqualTo("Family Medicine, Room 136");
    assertThat(notice.patient().reference()).isEqualTo("p-1");
    assertThat(notice.patient().contactPoints()).hasSize(2);
  }

  @Test
  void whatIsOnlyNamedSaysNothingElse() throws Exception {
    AppointmentNotice notice = read("athenahealth-schedule");

    assertThat(notice.system()).isEqualTo("https://fhir.athena.io/sid/ah-appointment");
    assertThat(notice.status()).isNull();
    assertThat(notice.details()).isEqualTo(Details.NONE);
    assertThat(notice.eventTime()).isEqualTo(Instant.parse("2024-02-20T12:00:01Z"));
  }

  @Test
  void aClockThatRunsAheadIsNotBelieved() throws Exception {
    byte[] body =
        Notifications.edited(
            "fhir-subscription/resource-alone",
            visit -> ((ObjectNode) visit.path("meta")).put("lastUpdated", "2031-01-01T00:00:00Z"));
    assertThat(read(body, 0).eventTime()).isNull();
  }

  @Test
  void twoVersionsOfOneVisitAreToldOneAfterTheOther() throws Exception {
    byte[] body =
        Notifications.edited(
            "fhir-subscription/several-events",
            bundle -> {
              ArrayNode entries = (ArrayNode) bundle.path("entry");
              ObjectNode later = ((ObjectNode) entries.path(1)).deepCopy();
              ((ObjectNode) later.path("resource")).put("status", "cancelled");
              entries.set(2, later);
              ArrayNode events =
                  (ArrayNode) entries.path(0).path("resource").path("notificationEvent");
              ((ObjectNode) events.path(1)).set("focus", events.path(0).path("focus").deepCopy());
            });
    assertThat(reader.glance(body)).extracting(Part::appointment).containsExactly("a-1", "a-1");
    assertThat(read(body, 0).status()).isEqualTo("booked");
    assertThat(read(body, 1).status()).isEqualTo("cancelled");
  }

  @Test
  void theNumbersOfEventsAreTold() {
    assertThat(glance("several-events"))
        .extracting(Part::numbers)
        .containsExactly(
            List.of(new EventNumber("s-1", 6, Meaning.HERE)),
            List.of(new EventNumber("s-1", 7, Meaning.HERE)));
    assertThat(glance("handshake").get(0).numbers())
        .containsExactly(new EventNumber("s-1", 0, Meaning.BEGINS_BEHIND));
    assertThat(glance("heartbeat-r4b").get(0).numbers())
        .containsExactly(new EventNumber("s-1", 3, Meaning.SO_FAR));
    assertThat(glance("empty-content").get(0).numbers())
        .containsExactly(new EventNumber("s-1", 10, Meaning.HERE));
    assertThat(glance("another-type").get(0).numbers()).hasSize(1);
  }

  @Test
  void withoutNumbersOfTheirOwnTheyAreTheLastOnes() {
    byte[] body =
        Notifications.edited(
            "fhir-subscription/several-events",
            bundle ->
                bundle
                    .at("/entry/0/resource/notificationEvent")
                    .forEach(event -> ((ObjectNode) event).remove("eventNumber")));
    assertThat(reader.glance(body))
        .flatExtracting(Part::numbers)
        .extracting(EventNumber::number)
        .containsExactly(6L, 7L);
  }

  @Test
  void onlyWhatNamesItselfCanBeARepeat() {
    assertThat(glance("id-only-r4").get(0).deduplicationKey()).isNotNull();
    assertThat(glance("resource-alone").get(0).deduplicationKey()).isNotNull();
    byte[] nameless =
        Notifications.edited("fhir-subscription/resource-alone", visit -> visit.remove("meta"));
    assertThat(reader.glance(nameless).get(0).deduplicationKey()).isNull();
    byte[] numberless =
        Notifications.edited(
            "fhir-subscription/id-only-r4b",
            bundle -> {
              bundle.remove("id");
              ((ObjectNode) bundle.at("/entry/0/resource/notificationEvent/0")).remove("timestamp");
            });
    assertThat(reader.glance(numberless).get(0).deduplicationKey()).isNull();
  }

  @Test
  void anEventInAnotherBundleIsTheSame() {
    byte[] again =
        Notifications.edited(
            "fhir-subscription/id-only-r4", bundle -> bundle.put("id", "n-4-again"));
    assertThat(reader.glance(again)).isEqualTo(glance("id-only-r4"));
  }

  @Test
  void fourHundredEventsAreLookedAtInAMoment() {
    StringBuilder events = new StringBuilder();
    StringBuilder entries = new StringBuilder();
    for (int i = 0; i < 400; i++) {
      events
          .append(i == 0 ? "" : ",")
          .append("{'eventNumber':" + i + ",'focus':{'reference':'Appointment/" + i + "'}}");
      entries.append(",{'fullUrl':'https://x.example.org/Appointment/" + i + "'}");
    }
    byte[] body =
        ("{'resourceType':'Bundle','entry':[{'resource':{'resourceType':'SubscriptionStatus',"
                + "'type':'event-notification','notificationEvent':["
                + events
                + "]}}"
                + entries
                + "]}")
            .replace('\'', '"')
            .getBytes(StandardCharsets.UTF_8);
    long began = System.nanoTime();
    for (int i = 0; i < 50; i++) {
      assertThat(reader.glance(body)).hasSize(400);
    }
    // Quadratic, fifty of them would take many seconds.
    assertThat(System.nanoTime() - began).isLessThan(5_000_000_000L);
  }
}
