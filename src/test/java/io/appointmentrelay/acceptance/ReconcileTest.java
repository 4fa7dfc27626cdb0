package io.appointmentrelay.acceptance;

import static io.appointmentrelay.acceptance.RunningRelay.texts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.appointmentrelay.command.ConsoleClient;
import io.appointmentrelay.command.Reconcile;
import io.appointmentrelay.enrichment.RealFhirServer;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Date;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.hl7.fhir.r4.model.Appointment;
import org.hl7.fhir.r4.model.Appointment.AppointmentStatus;
import org.hl7.fhir.r4.model.ContactPoint.ContactPointSystem;
import org.hl7.fhir.r4.model.Patient;
import org.hl7.fhir.r4.model.Reference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What notifications that were lost would have told, found by comparing with the source. */
class ReconcileTest {

  private static final String SOURCE = "redox-fhir";
  private static final String VISITS = "urn:redox:VIS";
  private static final String PEOPLE = "urn:redox:test:MR";
  private static final Instant MONDAY = Instant.parse("2027-03-01T14:00:00Z");
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final MovableClock clock = MovableClock.at("2027-03-01T13:00:00Z");
  private final Map<String, Appointment> book = new LinkedHashMap<>();
  private RealFhirServer ehr;
  private RunningRelay relay;

  @BeforeEach
  void start() {
    ehr = RealFhirServer.start();
    relay = reconciling().start();
  }

  private RunningRelay.Setup reconciling() {
    return RunningRelay.with("relay.source.redox-fhir.fhir.base-url", ehr.baseUrl().toString())
        .set("relay.source.redox-fhir.poll.window", "P30D")
        .set("relay.enrichment.max-age", "P60D")
        .clock(clock);
  }

  @AfterEach
  void stop() {
    relay.awaitIdleInbox();
    relay.assertAccountedFor();
    relay.close();
    ehr.close();
  }

  /** A new visit in the source's own book. */
  private Appointment book(String id, Instant start) {
    Patient patient = new Patient();
    patient.setId("p-" + id);
    patient.addIdentifier().setSystem(PEOPLE).setValue("MR-" + id);
    patient.addName().setFamily("Sample").addGiven("Robin");
    patient.addTelecom().setSystem(ContactPointSystem.EMAIL).setValue(id + "@example.org");
    Appointment visit = new Appointment();
    visit.setId("fhir-" + id);
    visit.addIdentifier().setSystem(VISITS).setValue(id);
    visit.setCreated(Date.from(clock.instant()));
    visit.addParticipant().setActor(person(id));
    at(visit, start);
    become(visit, AppointmentStatus.BOOKED);
    book.put(id, visit);
    ehr.knows(patient, visit);
    return visit;
  }

  private static Reference person(String id) {
    Reference reference = new Reference().setType("Patient");
    reference.getIdentifier().setSystem(PEOPLE).setValue("MR-" + id);
    return reference;
  }

  private static void at(Appointment visit, Instant start) {
    visit.setStart(Date.from(start)).setEnd(Date.from(start.plus(Duration.ofMinutes(30))));
  }

  private void become(Appointment visit, AppointmentStatus status) {
    visit.setStatus(status);
    visit.getMeta().setLastUpdated(Date.from(clock.instant().truncatedTo(ChronoUnit.MILLIS)));
  }

  /** The notification that the source sends of a visit as it is now. */
  private byte[] notification(String event, String id) {
    Appointment visit = book.get(id);
    String sample = event.equals("AppointmentCancelled") ? "cancelled" : "booked";
    return Coming.edited(
        "redox-fhir/" + sample,
        bundle -> {
          bundle.put("id", event + "-" + id + "-" + clock.instant().toEpochMilli());
          bundle.put("timestamp", clock.instant().truncatedTo(ChronoUnit.MILLIS).toString());
          for (JsonNode entry : bundle.path("entry")) {
            ObjectNode resource = (ObjectNode) entry.path("resource");
            switch (resource.path("resourceType").asText()) {
              case "MessageHeader" ->
                  resource.put(
                      "eventUri",
                      "https://fhir.redoxengine.com/fhir-definition/EventDefinition/" + event);
              case "Appointment" -> appointment((ObjectNode) entry, resource, visit, id);
              case "Patient" -> {
                ((ObjectNode) entry).put("fullUrl", "Patient?identifier=" + PEOPLE + "|MR-" + id);
                resource.remove("identifier");
              }
              default -> {
                // As it is.
              }
            }
          }
        });
  }

  private static void appointment(
      ObjectNode entry, ObjectNode resource, Appointment visit, String id) {
    entry.put("fullUrl", "Appointment?identifier=" + VISITS + "|" + id);
    ArrayNode identifiers = resource.putArray("identifier");
    identifiers.addObject().put("system", VISITS).put("value", id);
    resource.put("status", visit.getStatus().toCode());
    resource.put("start", visit.getStart().toInstant().toString());
    resource.put("end", visit.getEnd().toInstant().toString());
    ObjectNode actor = resource.putArray("participant").addObject().putObject("actor");
    actor.put("type", "Patient");
    actor.putObject("identifier").put("system", PEOPLE).put("value", "MR-" + id);
  }

  private JsonNode reconcile() {
    StringWriter said = new StringWriter();
    int status =
        new Reconcile(new ConsoleClient(relay.consolePort()))
            .run(SOURCE, "2027-02-20", "2027-04-20", new PrintWriter(said, true));
    assertThat(status).describedAs(said.toString()).isZero();
    relay.awaitIdleInbox();
    return relay.api("/api/reconciliations").path("items").path(0);
  }

  /**
   * One in ten notifications of a week is lost; what was lost last of a visit is what is missed.
   */
  @Test
  void aWeekWithATenthOfTheNotificationsLostIsMadeWholeAndTheReportNamesWhatWasLost() {
    Random random = new Random(20270301);
    Set<String> missed = new HashSet<>();
    Set<String> differing = new HashSet<>();
    Map<String, String> told = new HashMap<>();
    int lost = 0;
    int sent = 0;
    for (int minute = 0; minute < 7 * 24 * 60; minute += 67) {
      clock.set(MONDAY.plus(Duration.ofMinutes(minute)));
      String id = "V" + random.nextInt(70);
      Appointment visit = book.get(id);
      String event;
      Instant start = MONDAY.plus(Duration.ofHours(24L * 10 + random.nextInt(24 * 18)));
      if (visit == null) {
        book(id, start);
        event = "AppointmentBooked";
      } else if (visit.getStatus() == AppointmentStatus.CANCELLED) {
        become(visit, AppointmentStatus.BOOKED);
        event = "AppointmentBooked";
      } else if (random.nextInt(3) == 0) {
        become(visit, AppointmentStatus.CANCELLED);
        event = "AppointmentCancelled";
      } else {
        at(visit, start);
        become(visit, AppointmentStatus.BOOKED);
        event = "AppointmentUpdated";
      }
      sent++;
      if (random.nextInt(10) == 0) {
        lost++;
      } else {
        relay.hear(SOURCE, notification(event, id));
        told.put(id, state(book.get(id)));
      }
    }
    assertThat(lost).isBetween(5, sent / 5);
    book.forEach(
        (id, visit) -> {
          if (!told.containsKey(id)) {
            missed.add(id);
          } else if (!told.get(id).equals(state(visit))) {
            differing.add(id);
          }
        });
    assertThat(missed.size() + differing.size()).isPositive();
    clock.advance(Duration.ofMinutes(30));
    relay.awaitIdleOutbox();
    int mailsBefore = relay.messages("email").size();

    JsonNode report = reconcile();

    assertThat(report.path("compared").asInt()).isEqualTo(book.size());
    assertThat(texts(List.of(report), "status")).containsExactly("done");
    List<String> unknown = new ArrayList<>();
    report.path("unknown").forEach(one -> unknown.add(one.asText()));
    assertThat(unknown).containsExactlyInAnyOrderElementsOf(missed);
    assertThat(texts(report.path("differing"), "identifier"))
        .containsExactlyInAnyOrderElementsOf(differing);
    assertThat(report.path("onlyKnownHere")).isEmpty();
    book.forEach(
        (id, visit) -> {
          JsonNode known = relay.appointment(SOURCE, id);
          assertThat(known.path("status").asText() + " " + instant(known))
              .describedAs(id)
              .isEqualTo(visit.getStatus().toCode() + " " + visit.getStart().toInstant());
        });
    relay.awaitIdleOutbox();
    int mails = relay.messages("email").size();
    assertThat(mails - mailsBefore).isBetween(1, missed.size() + differing.size());

    JsonNode again = reconcile();
    assertThat(again.path("unknown")).isEmpty();
    assertThat(again.path("differing")).isEmpty();
    relay.awaitIdleOutbox();
    assertThat(relay.messages("email")).hasSize(mails);
  }

  private static String state(Appointment visit) {
    boolean isOver = visit.getStatus() == AppointmentStatus.CANCELLED;
    return visit.getStatus().toCode() + (isOver ? "" : " " + visit.getStart().toInstant());
  }

  private static Instant instant(JsonNode known) {
    return java.time.OffsetDateTime.parse(known.path("start").asText()).toInstant();
  }

  @Test
  void itIsDoneByNightAndOnlyOnce() {
    relay.close();
    clock.set(MONDAY.plus(Duration.ofHours(3)));
    relay = reconciling().set("relay.source.redox-fhir.reconcile.at", "02:30").start();
    book("V1", MONDAY.plus(Duration.ofDays(5)));
    relay.hear(SOURCE, notification("AppointmentBooked", "V1"));
    clock.advance(Duration.ofMinutes(10));
    book("V2", MONDAY.plus(Duration.ofDays(6)));
    assertThat(relay.items("/api/reconciliations")).isEmpty();

    clock.set(Instant.parse("2027-03-02T08:31:00Z"));
    await()
        .atMost(PATIENCE)
        .until(
            () ->
                relay
                    .api("/api/reconciliations")
                    .path("items")
                    .path(0)
                    .path("status")
                    .asText()
                    .equals("done"));
    JsonNode report = relay.api("/api/reconciliations").path("items").path(0);
    assertThat(report.path("cause").asText()).isEqualTo("nightly");
    assertThat(report.path("unknown"))
        .singleElement()
        .satisfies(one -> assertThat(one.asText()).isEqualTo("V2"));
    relay.awaitIdleInbox();
    assertThat(relay.events(SOURCE, "V2")).containsExactly("BOOKED");

    clock.advance(Duration.ofHours(3));
    JsonNode asked = reconcile();
    assertThat(asked.path("cause").asText()).isEqualTo("asked");
    assertThat(relay.items("/api/reconciliations")).hasSize(2);
  }

  @Test
  void whatOnlyWeKnowIsNamedAndLeft() {
    book("V1", MONDAY.plus(Duration.ofDays(5)));
    relay.hear(SOURCE, notification("AppointmentBooked", "V1"));
    ehr.forgets(book.get("V1"));
    clock.advance(Duration.ofMinutes(10));

    JsonNode report = reconcile();

    assertThat(report.path("onlyKnownHere").path(0).asText()).isEqualTo("V1");
    assertThat(relay.events(SOURCE, "V1")).containsExactly("BOOKED");
  }

  /** A server that lags behind does not bring back what its own notification has called off. */
  @Test
  void anOlderVersionOfTheServerDoesNotReviveWhatWasCancelled() {
    Appointment visit = book("V1", MONDAY.plus(Duration.ofDays(5)));
    relay.hear(SOURCE, notification("AppointmentBooked", "V1"));
    clock.advance(Duration.ofMinutes(10));
    visit.setStatus(AppointmentStatus.CANCELLED);
    relay.hear(SOURCE, notification("AppointmentCancelled", "V1"));
    visit.setStatus(AppointmentStatus.BOOKED);
    clock.advance(Duration.ofMinutes(10));

    JsonNode report = reconcile();

    assertThat(report.path("left").path(0).asText()).isEqualTo("V1");
    assertThat(relay.events(SOURCE, "V1")).containsExactly("BOOKED", "CANCELLED");
  }

  @Test
  void aServerThatIsDownIsWaitedForAndTheReportGoesOnWhereItWas() {
    book("V1", MONDAY.plus(Duration.ofDays(5)));
    ehr.down();
    relay.operate("POST", "/api/reconciliations", "{\"source\":\"redox-fhir\"}");
    await()
        .atMost(PATIENCE)
        .until(() -> !relay.api("/api/reconciliations/1").path("reason").isNull());
    assertThat(relay.api("/api/reconciliations/1").path("status").asText()).isEqualTo("running");
    ehr.up();
    clock.advance(Duration.ofMinutes(2));
    await()
        .atMost(PATIENCE)
        .until(() -> relay.api("/api/reconciliations/1").path("status").asText().equals("done"));
    assertThat(relay.api("/api/reconciliations/1").path("unknown").path(0).asText())
        .isEqualTo("V1");
  }

  @Test
  void aSourceWithoutAServerIsRefused() {
    assertThat(
            relay.operate("POST", "/api/reconciliations", "{\"source\":\"nobody\"}").statusCode())
        .isEqualTo(400);
    assertThat(
            relay
                .operate(
                    "POST",
                    "/api/reconciliations",
                    "{\"source\":\"redox-fhir\",\"from\":\"2027-03-05\",\"to\":\"2027-03-01\"}")
                .statusCode())
        .isEqualTo(400);
  }
}
