package io.appointmentrelay.acceptance;

import static io.appointmentrelay.acceptance.RunningRelay.texts;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.appointmentrelay.enrichment.RealFhirServer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Date;
import java.util.List;
import org.hl7.fhir.r4.model.Appointment;
import org.hl7.fhir.r4.model.Appointment.AppointmentStatus;
import org.hl7.fhir.r4.model.ContactPoint.ContactPointSystem;
import org.hl7.fhir.r4.model.Location;
import org.hl7.fhir.r4.model.Patient;
import org.hl7.fhir.r4.model.Reference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A FHIR server that tells nobody anything, and is asked every second. */
class PollingTest {

  private static final String SOURCE = "fhir-poll";
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Instant START =
      Instant.now().plus(6, ChronoUnit.DAYS).truncatedTo(ChronoUnit.HOURS);

  private final MovableClock clock = MovableClock.at(Instant.now().toString());
  private RealFhirServer ehr;
  private RunningRelay relay;

  @BeforeEach
  void start() {
    Location room = new Location();
    room.setId("l-1");
    room.setName("Room 136");
    ehr = RealFhirServer.start().knows(patient(), room);
  }

  @AfterEach
  void stop() {
    relay.awaitIdleInbox();
    relay.assertAccountedFor();
    relay.close();
    ehr.close();
  }

  private RunningRelay.Setup polling() {
    return RunningRelay.with("relay.source.fhir-poll.kind", SOURCE)
        .set("relay.source.fhir-poll.fhir.base-url", ehr.baseUrl().toString())
        .set("relay.source.fhir-poll.poll.every", "PT1S")
        .clock(clock);
  }

  @Test
  void whoIsAskedHasNoAddressAndOneThatNobodyAsksIsNamed() {
    relay =
        polling()
            .set("relay.source.north.kind", "fhir-poll")
            .set("relay.source.north.fhir.base-url", ehr.baseUrl().toString())
            .start();

    assertThat(relay.unheardSources()).containsExactly("north");
    // An answer that says "later" would be believed for ever.
    assertThat(relay.post("fhir-poll", "{}".getBytes(UTF_8))).isEqualTo(404);
    assertThat(relay.post("north", "{}".getBytes(UTF_8))).isEqualTo(404);
  }

  private static Patient patient() {
    Patient patient = new Patient();
    patient.setId("p-1");
    patient.addName().setFamily("Sample").addGiven("Robin");
    patient.addTelecom().setSystem(ContactPointSystem.EMAIL).setValue("robin@example.org");
    return patient;
  }

  private Appointment visit(String id) {
    Appointment visit = new Appointment();
    visit.setId(id);
    visit.setStatus(AppointmentStatus.BOOKED);
    visit.setStart(Date.from(START)).setEnd(Date.from(START.plus(Duration.ofMinutes(30))));
    visit.addParticipant().setActor(new Reference("Patient/p-1").setDisplay("Robin Sample"));
    visit.addParticipant().setActor(new Reference("Location/l-1"));
    changed(visit);
    return visit;
  }

  private void changed(Appointment visit) {
    visit.getMeta().setLastUpdated(Date.from(clock.instant()));
  }

  /** The first poll has ended, and found nothing. */
  private void listening() {
    await().atMost(PATIENCE).until(() -> ehr.asked("_lastUpdated") > 0);
  }

  private void awaitEvents(String id, String... events) {
    await()
        .atMost(PATIENCE)
        .ignoreExceptions()
        .untilAsserted(
            () -> {
              assertThat(relay.askConsole("/api/appointments/fhir-poll/" + id).statusCode())
                  .isEqualTo(200);
              assertThat(relay.events(SOURCE, id)).containsExactly(events);
            });
  }

  private List<String> mails() {
    relay.awaitIdleInbox();
    relay.awaitIdleOutbox();
    return texts(relay.messages("email"), "subject");
  }

  @Test
  void whatIsBookedMovedAndCancelledIsFoundAndToldOnce() {
    relay = polling().start();
    listening();
    Appointment visit = visit("a-1");
    ehr.knows(visit);
    awaitEvents("a-1", "BOOKED");
    assertThat(mails()).hasSize(1);
    assertThat(texts(relay.messages("email"), "text").get(0)).contains("Room 136");

    visit.setStart(Date.from(START.plus(Duration.ofHours(2))));
    visit.setEnd(Date.from(START.plus(Duration.ofHours(3))));
    changed(visit);
    awaitEvents("a-1", "BOOKED", "RESCHEDULED");

    visit.setStatus(AppointmentStatus.CANCELLED);
    changed(visit);
    awaitEvents("a-1", "BOOKED", "RESCHEDULED", "CANCELLED");

    visit.setStatus(AppointmentStatus.BOOKED);
    changed(visit);
    awaitEvents("a-1", "BOOKED", "RESCHEDULED", "CANCELLED", "RESTORED");

    visit.setStatus(AppointmentStatus.ENTEREDINERROR);
    changed(visit);
    awaitEvents("a-1", "BOOKED", "RESCHEDULED", "CANCELLED", "RESTORED", "CANCELLED");
    assertThat(mails())
        .satisfiesExactly(
            mail -> assertThat(mail).contains("booked"),
            mail -> assertThat(mail).contains("moved"),
            mail -> assertThat(mail).contains("cancelled"),
            mail -> assertThat(mail).contains("takes place"),
            mail -> assertThat(mail).contains("cancelled"));
    assertThat(relay.notifications()).hasSize(5);
  }

  @Test
  void whatIsAsKnownEntersNothingHoweverOftenItIsAsked() {
    relay = polling().start();
    listening();
    ehr.knows(visit("a-1"));
    awaitEvents("a-1", "BOOKED");
    long asked = ehr.asked("_lastUpdated");
    await().atMost(PATIENCE).until(() -> ehr.asked("_lastUpdated") > asked + 3);

    assertThat(relay.notifications()).hasSize(1);
    assertThat(mails()).hasSize(1);
  }

  @Test
  void whatIsDeletedIsFoundWhenAllIsCompared() {
    relay = polling().start();
    listening();
    Appointment visit = visit("a-1");
    ehr.knows(visit, visit("a-2"));
    awaitEvents("a-1", "BOOKED");
    awaitEvents("a-2", "BOOKED");

    ehr.forgets(visit);
    clock.advance(Duration.ofMinutes(61));
    awaitEvents("a-1", "BOOKED", "CANCELLED");
    assertThat(relay.appointment(SOURCE, "a-1").path("status").asText())
        .isEqualTo("entered-in-error");
    assertThat(relay.events(SOURCE, "a-2")).containsExactly("BOOKED");
  }

  @Test
  void whatWasThereBeforeUsIsPreparedForAndToldToNobody() {
    Appointment old = visit("a-1");
    old.setCreated(Date.from(Instant.now().minus(20, ChronoUnit.DAYS)));
    old.getMeta().setLastUpdated(Date.from(Instant.now().minus(3, ChronoUnit.DAYS)));
    ehr.knows(old);
    relay = polling().start();
    awaitEvents("a-1", "MODIFIED");
    assertThat(mails()).isEmpty();
    assertThat(texts(relay.deliveries(), "text")).contains("reminder").doesNotContain("modified");

    old.setStart(Date.from(START.plus(Duration.ofHours(4))));
    old.setEnd(Date.from(START.plus(Duration.ofHours(5))));
    changed(old);
    awaitEvents("a-1", "MODIFIED", "RESCHEDULED");
    assertThat(mails()).singleElement().satisfies(mail -> assertThat(mail).contains("moved"));
  }

  @Test
  void itGoesOnWhereItWasAfterARestart() {
    relay = polling().start();
    listening();
    ehr.knows(visit("a-1"));
    awaitEvents("a-1", "BOOKED");
    assertThat(mails()).hasSize(1);
    Path left = relay.asIfItDied();
    relay.close();

    Appointment second = visit("a-2");
    ehr.knows(second);
    long allAsked = ehr.asked("date=");
    relay = polling().on(left).start();
    awaitEvents("a-2", "BOOKED");
    assertThat(relay.events(SOURCE, "a-1")).containsExactly("BOOKED");
    assertThat(mails()).hasSize(1);
    assertThat(ehr.asked("date=")).isEqualTo(allAsked);
  }

  @Test
  void aServerThatKnowsNoChangesIsAskedDayByDay() {
    relay = polling().set("relay.source.fhir-poll.fhir.dialect", "canvas").start();
    await().atMost(PATIENCE).until(() -> ehr.asked("date=") > 20);
    Appointment visit = visit("a-1");
    ehr.knows(visit);
    awaitEvents("a-1", "BOOKED");
    visit.setStart(Date.from(START.plus(Duration.ofHours(26))));
    visit.setEnd(null);
    changed(visit);
    awaitEvents("a-1", "BOOKED", "RESCHEDULED");
    ehr.forgets(visit);
    clock.advance(Duration.ofMinutes(6));
    awaitEvents("a-1", "BOOKED", "RESCHEDULED", "CANCELLED");
    assertThat(ehr.asked("_lastUpdated")).isZero();
  }

  /** Two feeds of one clinic: what a webhook booked, a poll finds moved. */
  @Test
  void whatAWebhookBookedAndAPollFindsMovedIsOneAppointment() {
    relay =
        polling()
            .set("relay.source.fhir-poll.group", "clinic")
            .set("relay.source.redox-fhir.group", "clinic")
            .start();
    listening();
    relay.sendSample("redox-fhir/booked", false);
    relay.awaitIdleOutbox();
    assertThat(relay.events("redox-fhir", "321654654")).containsExactly("BOOKED");

    clock.advance(Duration.ofMinutes(6));
    Appointment visit = visit("a-1");
    visit.addIdentifier().setSystem("urn:redox:VIS").setValue("321654654");
    visit.setCreated(Date.from(Instant.now().minus(Duration.ofMinutes(1))));
    ehr.knows(visit);
    awaitEvents("321654654", "BOOKED", "RESCHEDULED");
    // What leads up to the visit may be due already.
    assertThat(mails().stream().filter(mail -> !mail.contains("questions")))
        .satisfiesExactly(
            mail -> assertThat(mail).contains("booked"),
            mail -> assertThat(mail).contains("moved"));
  }

  @Test
  void aServerThatIsDownIsAskedAgainAndHealthSaysSo() {
    relay = polling().start();
    listening();
    ehr.down();
    clock.advance(Duration.ofMinutes(11));
    await()
        .atMost(PATIENCE)
        .until(() -> relay.askConsole("/observe/health").body().contains("broken off"));
    assertThat(relay.askConsole("/observe/health").statusCode()).isEqualTo(200);
    assertThat(relay.api("/observe/health").path("status").asText()).isEqualTo("DEGRADED");
    ehr.up();
    ehr.knows(visit("a-1"));
    awaitEvents("a-1", "BOOKED");
  }
}
