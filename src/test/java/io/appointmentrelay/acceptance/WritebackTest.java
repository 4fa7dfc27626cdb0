package io.appointmentrelay.acceptance;

import static io.appointmentrelay.acceptance.RunningRelay.texts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.appointmentrelay.enrichment.RealFhirServer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.hl7.fhir.r4.model.Appointment;
import org.hl7.fhir.r4.model.Appointment.AppointmentStatus;
import org.hl7.fhir.r4.model.Appointment.ParticipationStatus;
import org.hl7.fhir.r4.model.ContactPoint.ContactPointSystem;
import org.hl7.fhir.r4.model.Patient;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.StringType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is answered to an appointment reaches a FHIR server that keeps it: HAPI's own. */
class WritebackTest {

  private static final Instant START = Instant.parse("2027-03-10T15:00:00Z");
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final String STAFF = "desk@clinic.org";

  private final MovableClock clock = MovableClock.at("2027-03-01T18:00:00Z");
  private final Appointment visit = new Appointment();
  private RealFhirServer ehr;
  private RunningRelay relay;

  @BeforeEach
  void open() {
    visit.setId("a-1");
    visit.setStatus(AppointmentStatus.PROPOSED);
    visit.setStart(Date.from(START));
    visit
        .addParticipant()
        .setActor(new Reference("Practitioner/d-1").setDisplay("Dr. Lee"))
        .setStatus(ParticipationStatus.ACCEPTED);
    visit
        .addParticipant()
        .setActor(new Reference("Patient/p-1").setDisplay("Robin Sample"))
        .setStatus(ParticipationStatus.NEEDSACTION);
    visit.addExtension("https://ehr.example/own", new StringType("kept as it is"));
    Patient patient = new Patient();
    patient.setId("p-1");
    patient.addName().setFamily("Sample").addGiven("Robin");
    patient.addTelecom().setSystem(ContactPointSystem.EMAIL).setValue("robin@example.org");
    patient.addTelecom().setSystem(ContactPointSystem.PHONE).setValue("+16085550112");
    ehr = RealFhirServer.start().knows(visit, patient).hasVersions();
  }

  @AfterEach
  void close() {
    relay.assertAccountedFor();
    relay.close();
    ehr.close();
  }

  private RunningRelay.Setup setup(String dialect) {
    return RunningRelay.with("relay.source.canvas.fhir.base-url", ehr.baseUrl().toString())
        .set("relay.source.canvas.fhir.dialect", dialect)
        .set("relay.source.canvas.writeback", "confirm,cancel")
        .set("relay.staff.email", STAFF)
        .clock(clock);
  }

  private void booked(RunningRelay.Setup setup) {
    relay = setup.start();
    hear("created", START);
    relay.awaitIdleOutbox();
  }

  private void hear(String flag, Instant start) {
    relay.hear(
        "canvas",
        """
        {"created":%s,"rescheduled":%s,"cancelled":%s,"reverted":false,"no_show":false,"checked_in":false,
         "appointment_external_id":"a-1","canvas_patient_key":"p-1","start_time":"%s"}"""
            .formatted(
                flag.equals("created"),
                flag.equals("rescheduled"),
                flag.equals("cancelled"),
                start));
  }

  private JsonNode answer(String action) {
    var answer = relay.operate("POST", "/api/appointments/canvas/a-1/" + action, "{}");
    assertThat(answer.statusCode()).describedAs(answer.body()).isEqualTo(200);
    relay.awaitIdleInbox();
    return RunningRelay.json(answer.body());
  }

  private List<JsonNode> writebacks() {
    return relay.items("/api/deliveries?channel=ehr").stream()
        .sorted((a, b) -> Long.compare(a.path("id").asLong(), b.path("id").asLong()))
        .toList();
  }

  private JsonNode only() {
    assertThat(writebacks()).hasSize(1);
    return relay.api("/api/deliveries/" + writebacks().get(0).path("id").asText());
  }

  private void settles() {
    await()
        .atMost(PATIENCE)
        .until(
            () ->
                writebacks().stream()
                    .noneMatch(
                        one ->
                            List.of("planned", "sending", "uncertain")
                                .contains(one.path("status").asText())));
    relay.awaitIdleInbox();
    relay.awaitIdleOutbox();
  }

  private ParticipationStatus ofPatient() {
    return ehr.appointment("a-1").getParticipant().get(1).getStatus();
  }

  private List<String> subjects(String to) {
    return texts(
        relay.messages("email").stream().filter(one -> one.path("to").asText().equals(to)).toList(),
        "subject");
  }

  // --- confirm and cancel

  @Test
  void aConfirmationIsAnUpdateOfTheVersionThatWasRead() {
    booked(setup("plain"));

    JsonNode receipt = answer("confirm");
    settles();

    assertThat(receipt.path("version").asInt()).isEqualTo(1);
    assertThat(only().path("status").asText()).isEqualTo("sent");
    assertThat(only().path("text").asText()).isEqualTo("confirm");
    assertThat(only().path("providerId").asText()).isEqualTo("W/\"2\"");
    assertThat(ofPatient()).isEqualTo(ParticipationStatus.ACCEPTED);
    Appointment now = ehr.appointment("a-1");
    assertThat(now.getStatus()).isEqualTo(AppointmentStatus.PROPOSED);
    assertThat(now.getExtensionByUrl("https://ehr.example/own").getValue().primitiveValue())
        .isEqualTo("kept as it is");
    assertThat(now.getParticipant().get(0).getActor().getDisplay()).isEqualTo("Dr. Lee");
    assertThat(ehr.writes()).isEqualTo(1);
  }

  @Test
  void inCanvasAConfirmationIsTheStatusBooked() {
    booked(setup("canvas"));

    answer("confirm");
    settles();

    assertThat(only().path("status").asText()).isEqualTo("sent");
    assertThat(ehr.appointment("a-1").getStatus()).isEqualTo(AppointmentStatus.BOOKED);
    assertThat(ofPatient()).isEqualTo(ParticipationStatus.ACCEPTED);
  }

  @Test
  void aCancellationIsTheStatusWithItsReasonAndEverybodyHearsOfItOnce() {
    booked(setup("canvas"));

    answer("cancel");
    settles();

    Appointment now = ehr.appointment("a-1");
    assertThat(now.getStatus()).isEqualTo(AppointmentStatus.CANCELLED);
    assertThat(now.getCancelationReason().getCodingFirstRep().getCode()).isEqualTo("pat");
    assertThat(ofPatient()).isEqualTo(ParticipationStatus.DECLINED);
    assertThat(relay.events("canvas", "a-1")).containsExactly("BOOKED", "UNCHANGED", "CANCELLED");
    // The EHR's own notification of it comes as well, and is no news to anybody.
    hear("cancelled", START);
    relay.awaitIdleOutbox();
    assertThat(relay.events("canvas", "a-1"))
        .containsExactly("BOOKED", "UNCHANGED", "CANCELLED", "UNCHANGED");
    assertThat(subjects("robin@example.org")).hasSize(2).last().asString().endsWith("is cancelled");
    assertThat(relay.messages("sms")).hasSize(2);
    assertThat(subjects(STAFF)).hasSize(1).first().asString().startsWith("Appointment cancelled");
    assertThat(relay.messages("webhook"))
        .hasSize(2)
        .last()
        .satisfies(
            event -> assertThat(event.path("text").asText()).contains("appointment.cancelled"));
  }

  @Test
  void theEchoOfAConfirmationIsNoNewsToAnybody() {
    booked(setup("canvas"));
    answer("confirm");
    settles();
    int told = relay.items("/api/sandbox/messages?limit=200").size();

    // Canvas tells of it, with its status booked where it was proposed.
    hear("created", START);
    relay.awaitIdleOutbox();

    assertThat(relay.events("canvas", "a-1")).containsExactly("BOOKED", "UNCHANGED", "UNCHANGED");
    assertThat(relay.items("/api/sandbox/messages?limit=200")).hasSize(told);
    // And it is found when the EHR is asked again, before the first reminder.
    clock.set(START.minus(Duration.ofDays(7)).plusSeconds(5));
    await().atMost(PATIENCE).until(() -> subjects("robin@example.org").size() > 1);
    relay.awaitIdleOutbox();
    assertThat(subjects("robin@example.org")).hasSize(2).last().asString().startsWith("A reminder");
    assertThat(relay.events("canvas", "a-1")).containsExactly("BOOKED", "UNCHANGED", "UNCHANGED");
    assertThat(relay.appointment("canvas", "a-1").path("version").asInt()).isEqualTo(1);
  }

  @Test
  void anAppointmentKnownByAnIdentifierIsFoundByIt() {
    visit.addIdentifier().setSystem("urn:redox:VIS").setValue("321");
    bookedByIdentifier("confirm");

    assertThat(relay.operate("POST", "/api/appointments/redox-fhir/321/confirm", "{}").statusCode())
        .isEqualTo(200);
    relay.awaitIdleInbox();
    settles();

    assertThat(only().path("status").asText()).isEqualTo("sent");
    assertThat(ehr.asked("PUT /fhir/Appointment/a-1")).isEqualTo(1);
    assertThat(ofPatient()).isEqualTo(ParticipationStatus.ACCEPTED);
  }

  private void bookedByIdentifier(String writeback) {
    relay =
        RunningRelay.with("relay.source.redox-fhir.fhir.base-url", ehr.baseUrl().toString())
            .set("relay.source.redox-fhir.fhir.dialect", "plain")
            .set("relay.source.redox-fhir.writeback", writeback)
            .clock(clock)
            .start();
    relay.hear(
        "redox-fhir",
        """
        {"resourceType":"Bundle","type":"message","id":"b","timestamp":"%s","entry":[
         {"resource":{"resourceType":"MessageHeader",
           "eventUri":"https://fhir.redoxengine.com/EventDefinition/AppointmentBooked"}},
         {"fullUrl":"https://x.example/Appointment?urn:redox:VIS|identifier=321",
          "resource":{"resourceType":"Appointment","status":"booked","start":"%s"}}]}"""
            .formatted(clock.instant(), START));
  }

  @Test
  void anAppointmentThatBearsAnotherIdentifierIsNotWrittenToWhateverTheServerFinds() {
    visit.addIdentifier().setSystem("urn:redox:VIS").setValue("999");
    ehr.ignoresIdentifiers();
    bookedByIdentifier("confirm,cancel");

    relay.operate("POST", "/api/appointments/redox-fhir/321/cancel", "{}");
    relay.awaitIdleInbox();
    settles();

    assertThat(ehr.writes()).isZero();
    assertThat(ehr.appointment("a-1").getStatus()).isNotEqualTo(AppointmentStatus.CANCELLED);
    assertThat(only().path("status").asText()).isEqualTo("dead");
  }

  @Test
  void ofTwoAppointmentsOfOneIdentifierNeitherIsWrittenTo() {
    visit.addIdentifier().setSystem("urn:redox:VIS").setValue("321");
    Appointment other = visit.copy();
    other.setId("a-2");
    ehr.knows(other);
    bookedByIdentifier("confirm,cancel");

    relay.operate("POST", "/api/appointments/redox-fhir/321/cancel", "{}");
    relay.awaitIdleInbox();
    settles();

    assertThat(ehr.writes()).isZero();
    assertThat(only().path("status").asText()).isEqualTo("dead");
  }

  @ParameterizedTest
  @ValueSource(ints = {409, 412, 423})
  void whoeverSaysThatItWasOvertakenIsReadAgain(int status) {
    booked(setup("plain"));
    ehr.refusesAWrite(status);

    answer("confirm");
    settles();

    assertThat(only().path("status").asText()).isEqualTo("sent");
    assertThat(only().path("attempts").asInt()).isEqualTo(1);
    assertThat(ofPatient()).isEqualTo(ParticipationStatus.ACCEPTED);
  }

  @Test
  void anAnswerGoesToTheSourceOfTheGroupThatIsWrittenTo() {
    booked(
        setup("plain")
            .set("relay.source.canvas.writeback", "none")
            .set("relay.source.canvas.group", "clinic")
            .set("relay.source.north.kind", "canvas")
            .set("relay.source.north.group", "clinic")
            .set("relay.source.north.fhir.base-url", ehr.baseUrl().toString())
            .set("relay.source.north.fhir.dialect", "plain")
            .set("relay.source.north.writeback", "cancel"));

    answer("cancel");
    settles();

    assertThat(only().path("status").asText()).isEqualTo("sent");
    assertThat(only().path("recipient").asText()).isEqualTo("north");
    assertThat(relay.events("canvas", "a-1")).containsExactly("BOOKED", "UNCHANGED", "CANCELLED");
  }

  @Test
  void anAppointmentThatIsNotBackedByItsSettingIsNotWritten() {
    booked(setup("plain").set("relay.source.canvas.writeback", "confirm"));

    var refused = relay.operate("POST", "/api/appointments/canvas/a-1/cancel", "{}");

    assertThat(refused.statusCode()).isEqualTo(409);
    assertThat(refused.body()).contains("writeback off");
    assertThat(writebacks()).isEmpty();
    assertThat(ehr.writes()).isZero();
  }

  @Test
  void byDefaultNothingIsWritten() {
    booked(setup("plain").set("relay.source.canvas.writeback", ""));

    assertThat(relay.operate("POST", "/api/appointments/canvas/a-1/confirm", "{}").statusCode())
        .isEqualTo(409);
    assertThat(writebacks()).isEmpty();
  }

  // --- decided by what the EHR says

  @Test
  void anotherHandInBetweenIsReadAndTheAnswerDecidedAnew() {
    booked(setup("plain"));
    AtomicInteger hands = new AtomicInteger();
    ehr.beforeWrite(
        appointment -> {
          if (hands.getAndIncrement() == 0) {
            ehr.changes("a-1", one -> one.setComment("room 2"));
          }
        });

    answer("confirm");
    settles();

    assertThat(only().path("status").asText()).isEqualTo("sent");
    assertThat(only().path("attempts").asInt()).isEqualTo(1);
    assertThat(ehr.appointment("a-1").getComment()).isEqualTo("room 2");
    assertThat(ofPatient()).isEqualTo(ParticipationStatus.ACCEPTED);
  }

  @Test
  void aMoveInBetweenIsNotConfirmedAndIsNews() {
    booked(setup("plain"));
    ehr.beforeWrite(
        appointment -> {
          ehr.beforeWrite(again -> {});
          ehr.changes("a-1", one -> one.setStart(Date.from(START.plus(Duration.ofHours(2)))));
        });

    answer("confirm");
    settles();

    assertThat(only().path("status").asText()).isEqualTo("suppressed");
    assertThat(only().path("reason").asText()).isEqualTo("moved meanwhile");
    assertThat(ehr.writes()).isZero();
    assertThat(relay.events("canvas", "a-1")).containsExactly("BOOKED", "UNCHANGED", "RESCHEDULED");
    assertThat(subjects("robin@example.org")).last().asString().endsWith("has moved");
    assertThat(subjects(STAFF))
        .anyMatch(subject -> subject.startsWith("Please confirm in the EHR"));
  }

  @Test
  void anAppointmentThatNeverHoldsStillIsGivenUpAndStaffAreAsked() {
    booked(setup("plain"));
    ehr.beforeWrite(appointment -> ehr.changes("a-1", one -> one.setComment("again")));

    answer("cancel");
    settles();

    assertThat(only().path("status").asText()).isEqualTo("dead");
    assertThat(only().path("attempts").asInt()).isEqualTo(3);
    assertThat(only().path("reason").asText()).contains("found it changed 3 times");
    assertThat(ehr.writes()).isZero();
    assertStaffAreAskedToCancel();
  }

  private void assertStaffAreAskedToCancel() {
    relay.awaitIdleOutbox();
    assertThat(subjects(STAFF)).singleElement().asString().startsWith("Please cancel in the EHR");
    assertThat(relay.messages("webhook"))
        .last()
        .satisfies(
            event ->
                assertThat(event.path("text").asText())
                    .contains("\"type\":\"writeback.failed\"", "\"action\":\"cancel\""));
  }

  @Test
  void whatTheEhrHasCancelledItselfIsNotConfirmed() {
    booked(setup("plain"));
    ehr.changes("a-1", one -> one.setStatus(AppointmentStatus.CANCELLED));

    answer("confirm");
    settles();

    assertThat(only().path("status").asText()).isEqualTo("suppressed");
    assertThat(only().path("reason").asText()).isEqualTo("cancelled meanwhile");
    assertThat(relay.events("canvas", "a-1")).containsExactly("BOOKED", "UNCHANGED", "CANCELLED");
    assertThat(subjects(STAFF)).noneMatch(subject -> subject.contains("in the EHR"));
  }

  // --- failures

  @Test
  void anEhrThatIsDownIsWaitedFor() {
    booked(setup("plain"));
    ehr.down();

    answer("confirm");
    await().atMost(PATIENCE).until(() -> only().path("attempts").asInt() > 3);
    assertThat(only().path("status").asText()).isIn("planned", "sending");
    ehr.up();
    await()
        .atMost(Duration.ofSeconds(40))
        .until(() -> only().path("status").asText().equals("sent"));

    assertThat(ehr.writes()).isEqualTo(1);
    assertThat(ofPatient()).isEqualTo(ParticipationStatus.ACCEPTED);
  }

  @Test
  void aServerErrorIsWaitedOutAndARefusalIsForGood() {
    booked(setup("plain"));
    ehr.refusesWrites(503);
    answer("cancel");
    await().atMost(PATIENCE).until(() -> only().path("attempts").asInt() > 1);
    assertThat(only().path("status").asText()).isIn("planned", "sending");

    ehr.refusesWrites(422);
    await()
        .atMost(Duration.ofSeconds(40))
        .until(() -> only().path("status").asText().equals("dead"));

    assertThat(only().path("reason").asText()).contains("HTTP 422");
    assertThat(ehr.writes()).isZero();
    assertStaffAreAskedToCancel();
  }

  @Test
  void whatWasTakenAndNotAnsweredIsThereOnceWhenItIsTriedAgain() throws Exception {
    booked(setup("plain"));
    CountDownLatch stopped = new CountDownLatch(1);
    ehr.afterWrite(
        () -> {
          try {
            stopped.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
    answer("confirm");
    await().atMost(PATIENCE).until(() -> ehr.writes() == 1);
    Path left = relay.asIfItDied();
    stopped.countDown();
    settles();
    relay.close();
    relay = setup("plain").on(left).start();
    settles();

    assertThat(only().path("status").asText()).isEqualTo("sent");
    assertThat(only().path("attempts").asInt()).isEqualTo(2);
    assertThat(ehr.writes()).isEqualTo(1);
    assertThat(ofPatient()).isEqualTo(ParticipationStatus.ACCEPTED);
  }

  @Test
  void twoAnswersStayInOrder() {
    booked(setup("plain"));
    ehr.refusesWrites(503);
    answer("confirm");
    await().atMost(PATIENCE).until(() -> only().path("attempts").asInt() > 1);
    answer("cancel");
    assertThat(writebacks().get(1).path("attempts").asInt()).isZero();
    ehr.refusesWrites(0);
    await()
        .atMost(Duration.ofSeconds(40))
        .until(() -> texts(writebacks(), "status").equals(List.of("sent", "sent")));

    assertThat(texts(writebacks(), "text")).containsExactly("confirm", "cancel");
    assertThat(texts(writebacks(), "providerId")).containsExactly("W/\"2\"", "W/\"3\"");
    assertThat(ehr.appointment("a-1").getStatus()).isEqualTo(AppointmentStatus.CANCELLED);
  }

  // --- answers that come too late

  @Test
  void anAnswerWaitingForTheEhrIsNotWrittenOnceTheVisitHasMoved() {
    booked(setup("plain"));
    ehr.refusesWrites(503);
    answer("cancel");
    await().atMost(PATIENCE).until(() -> only().path("attempts").asInt() > 0);

    hear("rescheduled", START.plus(Duration.ofDays(1)));
    settles();
    ehr.refusesWrites(0);
    settles();

    assertThat(only().path("status").asText()).isEqualTo("suppressed");
    assertThat(only().path("reason").asText()).isEqualTo("moved meanwhile");
    assertThat(only().path("why").toString()).contains("version 1 was answered, it is at 2");
    assertThat(ehr.appointment("a-1").getStatus()).isEqualTo(AppointmentStatus.PROPOSED);
    assertThat(subjects(STAFF)).anyMatch(subject -> subject.startsWith("Please cancel in the EHR"));
  }

  @Test
  void anAnswerToAnotherVersionOrToAVisitThatIsOffOrOverIsRefused() {
    booked(setup("plain"));
    String address = "/api/appointments/canvas/a-1/confirm";

    assertThat(relay.operate("POST", address, "{\"version\":7}").statusCode()).isEqualTo(409);
    assertThat(relay.operate("POST", address + "?version=7", "").statusCode()).isEqualTo(409);
    clock.set(START);
    assertThat(relay.operate("POST", address, "{\"version\":1}").body()).contains("visit over");
    clock.set(START.minus(Duration.ofDays(2)));
    hear("cancelled", START);
    var off = relay.operate("POST", address, "{}");
    assertThat(off.statusCode()).isEqualTo(409);
    assertThat(off.body()).contains("cancelled meanwhile");
    assertThat(relay.operate("POST", "/api/appointments/canvas/none/confirm", "{}").statusCode())
        .isEqualTo(404);
    assertThat(writebacks()).isEmpty();
  }
}
