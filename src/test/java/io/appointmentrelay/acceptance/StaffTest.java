package io.appointmentrelay.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.appointmentrelay.settings.InvalidSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Those who work where a visit takes place hear of it beside the patient, and on their own. */
class StaffTest {

  private static final Instant START = Instant.parse("2027-03-10T15:00:00Z");
  private static final Instant LATER = Instant.parse("2027-03-11T20:30:00Z");
  private static final String NORTH = "north@clinic.org";
  private static final String SOUTH = "south@clinic.org";
  private static final String ELSEWHERE = "desk@clinic.org";

  private final MovableClock clock = MovableClock.at("2027-03-01T18:00:00Z");
  private RunningRelay relay;

  @AfterEach
  void stop() {
    relay.assertAccountedFor();
    relay.close();
  }

  private RunningRelay.Setup setup() {
    return RunningRelay.shipped().clock(clock);
  }

  private RunningRelay.Setup twoPlaces() {
    return setup()
        .set("relay.staff.north.location", "North Clinic")
        .set("relay.staff.north.email", NORTH)
        .set("relay.staff.south.location", "South Clinic, Family Medicine")
        .set("relay.staff.south.email", SOUTH);
  }

  // --- where

  @Test
  void theStaffOfEachPlaceHearOfItsVisitsOnceAndSoDoesThePatient() {
    relay = twoPlaces().set("relay.staff.email", ELSEWHERE).start();
    for (String place : List.of("North", "South", "West")) {
      hear("new", place, place, START);
      hear("cancel", place, place, START);
    }

    assertThat(mailsTo(NORTH)).hasSize(1);
    assertThat(mailsTo(SOUTH)).hasSize(1);
    assertThat(mailsTo(ELSEWHERE)).hasSize(1);
    assertThat(RunningRelay.texts(mailsTo(Coming.EMAIL), "subject"))
        .hasSize(6)
        .filteredOn(subject -> subject.endsWith("is cancelled"))
        .hasSize(3);
    JsonNode mail = mailsTo(NORTH).get(0);
    assertThat(mail.path("subject").asText())
        .isEqualTo("Appointment cancelled: Wed 10 Mar, 9:00 AM");
    assertThat(mail.path("text").asText())
        .contains("Appointment: North", "Patient: Casey", "Where: North Clinic");
    assertThat(mail.path("headers").has("Calendar")).isFalse();
  }

  @Test
  void aMoveIsToldToBothWithWhatEachKnew() {
    relay = twoPlaces().start();
    hear("new", "moved", "North", START);
    hear("modification", "moved", "North", LATER);

    assertThat(mailsTo(Coming.EMAIL)).hasSize(2);
    assertThat(mailsTo(NORTH)).hasSize(1);
    assertThat(mailsTo(NORTH).get(0).path("subject").asText())
        .isEqualTo("Appointment moved: Thu 11 Mar, 2:30 PM");
    assertThat(mailsTo(NORTH).get(0).path("text").asText())
        .contains("Before: Wednesday, 10 March at 9:00 AM");
  }

  @Test
  void whereThereIsNoAddressForAPlaceThatIsTheReason() {
    relay = twoPlaces().start();
    hear("new", "west", "West", START);
    hear("cancel", "west", "West", START);

    JsonNode delivery = only(toStaff());
    assertThat(delivery.path("status").asText()).isEqualTo("suppressed");
    assertThat(delivery.path("reason").asText()).isEqualTo("no staff address");
    assertThat(relay.api("/api/deliveries/" + delivery.path("id").asText()).path("why").toString())
        .contains("\"rule\":\"recipient\",\"verdict\":\"no staff address\"");
    assertThat(relay.askConsole("/observe/metrics").body())
        .contains(
            "relay_outbox_suppressed_total{channel=\"email\",reason=\"no staff address\"} 1.0");
    assertThat(mailsTo(Coming.EMAIL)).hasSize(2);
  }

  @Test
  void withoutAnyAddressNothingIsPlannedForStaff() {
    relay = setup().start();
    hear("new", "alone", "North", START);
    hear("cancel", "alone", "North", START);

    assertThat(toStaff()).isEmpty();
    assertThat(relay.messages("email")).hasSize(2);
  }

  @Test
  void staffHaveTextMessagesWhereTheyHaveANumber() {
    relay = twoPlaces().set("relay.staff.phone", "+16085550101").start();
    hear("new", "text", "North", START);
    hear("cancel", "text", "North", START);

    assertThat(relay.messages("sms"))
        .filteredOn(text -> text.path("to").asText().equals("+16085550101"))
        .singleElement()
        .satisfies(
            text ->
                assertThat(text.path("text").asText())
                    .isEqualTo(
                        "Good Health Clinic: Appointment cancelled, Wed 10 Mar, 9:00 AM (text)."));
  }

  @Test
  void anAddressThatIsNoneStopsTheStart() {
    relay = setup().start();
    RunningRelay.Setup wrong = twoPlaces().set("relay.staff.west.location", "West Clinic");

    assertThatThrownBy(() -> wrong.set("relay.staff.west.email", "none@clinic.org").start())
        .isInstanceOf(InvalidSettings.class)
        .hasMessageContaining("West Clinic")
        .hasMessageNotContaining("none@");
  }

  // --- who may be written to

  @Test
  void whatAPatientDoesNotWantStaffHearAllTheSame() {
    relay = twoPlaces().set("relay.staff.language", "es").start();
    assertThat(
            relay
                .operate("POST", "/api/opt-outs", "{\"recipient\":\"" + Coming.EMAIL + "\"}")
                .statusCode())
        .isEqualTo(200);
    hear("new", "quiet", "North", START);
    hear("cancel", "quiet", "North", START);

    assertThat(mailsTo(Coming.EMAIL)).isEmpty();
    assertThat(mailsTo(NORTH).get(0).path("subject").asText()).startsWith("Cita cancelada: ");
    JsonNode delivery = only(toStaff());
    assertThat(delivery.path("recipient").asText()).isEqualTo("n***@c***.org");
    assertThat(delivery.path("appointment").asText()).isEqualTo("quiet");
  }

  // --- what each was told

  @Test
  void whatThePatientWasNeverToldStaffHearFromTheirCalendar() {
    relay = twoPlaces().set("relay.messaging.allow", NORTH).start();
    hear("new", "untold", "North", START);
    hear("cancel", "untold", "North", START);

    assertThat(reasons("cancelled")).containsOnly("never told");
    assertThat(mailsTo(NORTH)).hasSize(1);
  }

  @Test
  void cancelledAndOnAgainBeforeAnybodyHeardIsNoNewsForStaff() {
    relay = twoPlaces().set("relay.messaging.settle", "PT60S").start();
    hear("new", "wavering", "North", START);
    clock.advance(Duration.ofSeconds(61));
    relay.awaitIdleOutbox();
    hear("cancel", "wavering", "North", START);
    hear("new", "wavering", "North", START);
    clock.advance(Duration.ofSeconds(61));
    relay.awaitIdleOutbox();

    assertThat(mailsTo(NORTH)).isEmpty();
    assertThat(toStaff())
        .extracting(
            delivery -> delivery.path("status").asText() + ' ' + delivery.path("reason").asText())
        .containsExactlyInAnyOrder("superseded null", "suppressed already knows");
  }

  @Test
  void aVisitThatTakesTheOldOnesPlaceIsAMoveForStaffToo() {
    relay = twoPlaces().start();
    hear("new", "first", "North", START);
    hear(
        "reschedule",
        "second",
        "North",
        LATER,
        visit -> visit.put("OldVisitNumber", "first").put("OldDateTime", START.toString()));
    hear("cancel", "second", "North", LATER);

    assertThat(RunningRelay.texts(mailsTo(NORTH), "subject"))
        .containsExactly(
            "Appointment moved: Thu 11 Mar, 2:30 PM", "Appointment cancelled: Thu 11 Mar, 2:30 PM");
    assertThat(mailsTo(NORTH).get(0).path("text").asText())
        .contains("Appointment: second", "Before: Wednesday, 10 March at 9:00 AM");
  }

  @Test
  void cancelledAndBookedAnewIsAMoveToStaffWhoHearOfBoth() throws IOException {
    Path routes = RoutesCopy.shipped();
    Path booked = routes.resolve("appointment/booked.camel.yaml");
    Files.writeString(
        booked,
        Files.readString(booked)
            .replace(
                "            uri: direct:preparation",
                "            uri: direct:preparation\n        - to:\n            uri: direct:staff"));
    relay = twoPlaces().routes(routes).set("relay.messaging.rebook-window", "PT5M").start();
    hear("new", "old", "North", START);
    hear("cancel", "old", "North", START);
    hear("new", "new", "North", LATER);
    clock.advance(Duration.ofMinutes(6));
    relay.awaitIdleOutbox();

    assertThat(RunningRelay.texts(mailsTo(NORTH), "subject"))
        .containsExactly(
            "New appointment: Wed 10 Mar, 9:00 AM", "Appointment moved: Thu 11 Mar, 2:30 PM");
    assertThat(mailsTo(Coming.EMAIL)).hasSize(2);
  }

  @Test
  void whoHearsOnlyOfCancellationsHearsOfOneThatWasBookedAnew() {
    relay = twoPlaces().set("relay.messaging.rebook-window", "PT5M").start();
    hear("new", "old", "North", START);
    hear("cancel", "old", "North", START);
    hear("new", "new", "North", LATER);
    clock.advance(Duration.ofMinutes(6));
    relay.awaitIdleOutbox();

    assertThat(RunningRelay.texts(mailsTo(NORTH), "subject"))
        .containsExactly("Appointment cancelled: Wed 10 Mar, 9:00 AM");
    assertThat(RunningRelay.texts(mailsTo(Coming.EMAIL), "subject"))
        .last()
        .asString()
        .contains("has moved");
  }

  // --- once

  @Test
  void neitherRepeatsNorANewStartTellStaffTwice() {
    byte[] booked = message("new", "again", "North", START, visit -> {});
    byte[] cancelled = message("cancel", "again", "North", START, visit -> {});
    Path left;
    try (RunningRelay first = twoPlaces().start()) {
      relay = first;
      hear(booked);
      hear(cancelled);
      hear(cancelled);
      hear("cancel", "again", "North", START);
      assertThat(mailsTo(NORTH)).hasSize(1);
      left = first.asIfItDied();
    }
    relay = twoPlaces().on(left).start();
    hear(booked);
    hear(cancelled);
    hear("cancel", "again", "North", START);

    assertThat(relay.messages("email")).isEmpty();
    assertThat(toStaff())
        .extracting(delivery -> delivery.path("status").asText())
        .containsExactly("sent");
  }

  @Test
  void whatWasInFlightToStaffWhenTheProcessEndedIsSentAgainAndThePatientsIsNot() {
    Path left;
    try (RunningRelay first = twoPlaces().start()) {
      relay = first;
      hear("new", "doubt", "North", START);
      hear("cancel", "doubt", "North", START);
      left =
          first.asIfItDied(
              "UPDATE delivery SET status = 'sending', sent_at = NULL WHERE audience = 'staff'",
              "UPDATE told SET told = replace(told, 'CANCELLED', 'OPEN') WHERE audience = 'staff'");
    }
    relay = twoPlaces().on(left).start();
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> only(toStaff()).path("status").asText().equals("sent"));

    assertThat(RunningRelay.texts(relay.messages("email"), "to")).containsExactly(NORTH);
    assertThat(relay.messages("sms")).isEmpty();
  }

  // --- the words of this class

  private void hear(String sample, String visit, String place, Instant start) {
    hear(sample, visit, place, start, details -> {});
  }

  private void hear(
      String sample, String visit, String place, Instant start, Consumer<ObjectNode> edit) {
    hear(message(sample, visit, place, start, edit));
  }

  private void hear(byte[] message) {
    relay.hear("redox-scheduling", message);
    relay.awaitIdleOutbox();
  }

  private static byte[] message(
      String sample, String visit, String place, Instant start, Consumer<ObjectNode> edit) {
    return Coming.scheduling(
        sample,
        visit,
        start,
        message -> {
          ObjectNode details = (ObjectNode) message.path("Visit");
          ((ObjectNode) details.path("Location")).put("Facility", place + " Clinic");
          edit.accept(details);
        });
  }

  private List<JsonNode> mailsTo(String recipient) {
    return relay.messages("email").stream()
        .filter(mail -> mail.path("to").asText().equals(recipient))
        .toList();
  }

  private List<JsonNode> toStaff() {
    return relay.deliveries().stream()
        .filter(delivery -> delivery.path("audience").asText().equals("staff"))
        .toList();
  }

  private static JsonNode only(List<JsonNode> nodes) {
    assertThat(nodes).hasSize(1);
    return nodes.get(0);
  }

  private List<String> reasons(String text) {
    return relay.deliveries().stream()
        .filter(delivery -> delivery.path("text").asText().equals(text))
        .map(delivery -> delivery.path("reason").asText())
        .toList();
  }
}
