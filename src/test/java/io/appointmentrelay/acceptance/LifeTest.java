package io.appointmentrelay.acceptance;

import static io.appointmentrelay.acceptance.RunningRelay.texts;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.appointmentrelay.intake.Notifications;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import net.fortuna.ical4j.data.CalendarBuilder;
import net.fortuna.ical4j.model.Calendar;
import net.fortuna.ical4j.model.Component;
import net.fortuna.ical4j.model.Property;
import net.fortuna.ical4j.model.component.VEvent;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Lives of appointments: who is told what and when, and what is not said. */
class LifeTest {

  private static final String NOON_IN_CHICAGO = "2027-03-01T18:00:00Z";
  private static final Instant START = Instant.parse("2027-03-10T15:00:00Z");
  private static final Instant LATER = Instant.parse("2027-03-11T20:30:00Z");

  private final MovableClock clock = MovableClock.at(NOON_IN_CHICAGO);
  private RunningRelay relay;

  @AfterEach
  void stop() {
    relay.assertAccountedFor();
    relay.close();
  }

  private void start(String... settings) {
    RunningRelay.Setup setup = RunningRelay.shipped().clock(clock);
    for (int i = 0; i < settings.length; i += 2) {
      setup.set(settings[i], settings[i + 1]);
    }
    relay = setup.start();
  }

  // --- what is said before and after a visit

  @Test
  void theQuestionnairesLinkIsSaidWhereThereIsOne() {
    start("relay.clinic.questionnaire-url", "https://forms.example.org/q/1");
    hear(scheduling("new", "asked", START, message -> {}));
    clock.set(START.minus(Duration.ofDays(3)).plusSeconds(5));
    relay.awaitIdleOutbox();

    assertThat(relay.messages("email"))
        .filteredOn(mail -> mail.path("subject").asText().startsWith("A few questions"))
        .singleElement()
        .satisfies(
            mail ->
                assertThat(mail.path("html").asText())
                    .contains("<a href=\"https://forms.example.org/q/1\">"));
  }

  @Test
  void whoCameIsThankedWhereTheStepIsNotCommentedOut() throws IOException {
    Path routes = RoutesCopy.shipped();
    Path path = routes.resolve("appointment/checked-in.camel.yaml");
    Files.writeString(
        path, Files.readString(path).replaceAll("(?m)^        # (?=- to:|  )", "        "));
    relay = RunningRelay.shipped().clock(clock).routes(routes).start();
    relay.hear(
        "canvas",
        Notifications.edited(
            "canvas/created",
            created ->
                created
                    .put("start_time", START.toString())
                    .put("end_time", START.plus(Duration.ofMinutes(30)).toString())));
    clock.set(START.minus(Duration.ofMinutes(5)));
    relay.hear(
        "canvas",
        Notifications.edited(
            "canvas/checked-in",
            here -> here.put("appointment_external_id", "e999b5c7-d12f-498c-816a-f3c66946a911")));
    relay.awaitIdleOutbox();
    assertThat(subjects()).noneMatch(subject -> subject.startsWith("Thank you"));

    clock.set(START.plus(Duration.ofHours(2)).plusSeconds(5));
    relay.awaitIdleOutbox();

    assertThat(subjects()).filteredOn(subject -> subject.startsWith("Thank you")).hasSize(1);
  }

  @Test
  void aChannelThatMayTellNothingOfAVisitSaysThatThereIsAMessage() {
    start("relay.channel.email.phi", "none", "relay.channel.sms.phi", "none");
    hear(scheduling("new", "discreet", START, message -> {}));

    assertThat(subjects()).containsExactly("A message from Good Health Clinic");
    assertThat(relay.messages("email").get(0).path("headers").has("Calendar")).isFalse();
    assertThat(texts(relay.messages("sms"), "text"))
        .containsExactly(
            "Good Health Clinic: we have a message for you. Please contact the clinic.");
  }

  // --- one life

  @Test
  void aLifeIsToldStepByStepAndNothingTwice() {
    start();
    wholeLife();

    assertThat(texts(relay.messages("email"), "subject"))
        .containsExactly(
            "Your appointment at Good Health Clinic is booked",
            "A change to your appointment at Good Health Clinic",
            "Your appointment at Good Health Clinic has moved",
            "Your appointment at Good Health Clinic is cancelled");
    assertThat(texts(relay.messages("email"), "to")).containsOnly(Coming.EMAIL);
    assertThat(texts(relay.messages("sms"), "to")).hasSize(4).containsOnly(Coming.PHONE);
    assertThat(relay.messages("email").get(1).path("text").asText()).contains("Sports Medicine");
    assertThat(relay.messages("email").get(2).path("text").asText())
        .contains("10 March at 9:00 AM")
        .contains("11 March at 2:30 PM");
    assertThat(relay.messages("sms").get(2).path("text").asText()).contains("2:30 PM");
    assertThat(webhooks())
        .containsExactly(
            "appointment.booked 500112 v1",
            "appointment.modified 500112 v2",
            "appointment.rescheduled 500113 v1",
            "appointment.cancelled 500113 v2");
  }

  @Test
  void calendarsKeepOneEntryOverAWholeLife() throws Exception {
    start();
    wholeLife();

    List<Calendar> calendars = calendars();
    assertThat(calendars)
        .extracting(calendar -> calendar.getProperty(Property.METHOD).orElseThrow().getValue())
        .containsExactly("REQUEST", "REQUEST", "REQUEST", "CANCEL");
    List<VEvent> events = calendarEntries();
    assertThat(events).extracting(LifeTest::uid).hasSize(4).containsOnly(uid(events.get(0)));
    // The third mail is of the appointment that took the first one's place.
    assertThat(events)
        .extracting(event -> event.getSequence().getSequenceNo())
        .containsExactly(0, 1, 3, 4);
    assertThat(events)
        .extracting(event -> Instant.from(event.<Instant>getDateTimeStart().getDate()))
        .containsExactly(START, START, LATER, LATER);
  }

  @Test
  void theNewVisitTakesThePlaceOfTheOldOne() {
    start();
    wholeLife();

    JsonNode old = relay.appointment("redox-scheduling", "500112");
    assertThat(old.path("status").asText()).isEqualTo("replaced");
    assertThat(old.path("replacedBy").asText()).isEqualTo("500113");
    assertThat(texts(old.path("timeline"), "event"))
        .containsExactly("BOOKED", "MODIFIED", "RESCHEDULED");
    JsonNode moved = relay.appointment("redox-scheduling", "500113");
    assertThat(moved.path("status").asText()).isEqualTo("cancelled");
    assertThat(moved.path("replaces").asText()).isEqualTo("500112");
    assertThat(Instant.parse(moved.path("start").asText())).isEqualTo(LATER);
    assertThat(texts(moved.path("timeline"), "event")).containsExactly("RESCHEDULED", "CANCELLED");
    assertThat(relay.deliveries())
        .filteredOn(delivery -> isPreparation(delivery))
        .hasSizeGreaterThanOrEqualTo(10)
        .allMatch(delivery -> delivery.path("status").asText().equals("superseded"));
  }

  @Test
  void repeatsOfALifeTellNobodyAnything() {
    start();
    List<byte[]> life = wholeLife();
    int webhooks = relay.messages("webhook").size();

    life.forEach(message -> relay.hear("redox-scheduling", message));
    assertThat(texts(relay.notifications(), "status").subList(4, 8)).containsOnly("duplicate");
    wholeLife();

    assertThat(relay.messages("email")).hasSize(4);
    assertThat(relay.messages("sms")).hasSize(4);
    assertThat(relay.messages("webhook")).hasSize(webhooks);
  }

  private List<byte[]> wholeLife() {
    byte[] booked = scheduling("new", "500112", START, message -> {});
    byte[] modified =
        scheduling(
            "modification",
            "500112",
            START,
            message -> location(message).put("Department", "Sports Medicine"));
    byte[] moved =
        scheduling(
            "reschedule",
            "500113",
            LATER,
            message -> {
              location(message).put("Department", "Sports Medicine");
              visit(message).put("OldVisitNumber", "500112").put("OldDateTime", START.toString());
            });
    byte[] cancelled = scheduling("cancel", "500113", START, message -> {});
    List<byte[]> life = List.of(booked, modified, moved, cancelled);
    for (byte[] message : life) {
      hear(message);
    }
    return life;
  }

  @Test
  void whatWentOutForAStartIsNotRepeatedForIt() {
    start();
    hear(scheduling("new", "prepared", START, message -> {}));
    clock.set(START.minus(Duration.ofDays(7)).plusSeconds(5));
    relay.awaitIdleOutbox();
    assertThat(subjects()).filteredOn(subject -> subject.contains("eminder")).hasSize(1);

    hear(
        scheduling(
            "modification",
            "prepared",
            START,
            message -> location(message).put("Department", "Sports Medicine")));
    assertThat(subjects()).filteredOn(subject -> subject.contains("eminder")).hasSize(1);
    assertThat(planned()).containsExactlyInAnyOrderEntriesOf(restOfThePreparation());

    // Another start is another matter: its week's reminder is due again.
    hear(scheduling("modification", "prepared", START.plus(Duration.ofDays(20)), message -> {}));
    clock.set(START.plus(Duration.ofDays(13)).plusSeconds(5));
    relay.awaitIdleOutbox();
    assertThat(subjects()).filteredOn(subject -> subject.contains("eminder")).hasSize(2);
  }

  private static Map<String, Long> restOfThePreparation() {
    return Map.of(
        "questionnaire email", 1L, "reminder email", 1L, "reminder sms", 1L, "check-in sms", 1L);
  }

  @Test
  void bookedInsideTheLeadRemindersAreSkippedAndTheRestIsSentAtOnce() {
    start();
    hear(scheduling("new", "tomorrow", clock.instant().plus(Duration.ofHours(20)), message -> {}));

    assertThat(sent("reminder")).isEmpty();
    assertThat(reasons("reminder")).containsOnly("inside the lead").hasSize(3);
    assertThat(sent("questionnaire")).hasSize(1);
    assertThat(planned()).containsExactlyEntriesOf(Map.of("check-in sms", 1L));
  }

  @Test
  void bookedDaysAheadTheWeeksReminderIsSkippedAndTheNextOneWaits() {
    start();
    hear(scheduling("new", "soon", clock.instant().plus(Duration.ofDays(6)), message -> {}));

    assertThat(reasons("reminder")).containsExactlyInAnyOrder("inside the lead", "null", "null");
    assertThat(sent("reminder")).isEmpty();
    assertThat(planned())
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "questionnaire email",
                1L,
                "reminder email",
                1L,
                "reminder sms",
                1L,
                "check-in sms",
                1L));
  }

  @Test
  void whatIsSentAtOnceDoesNotTakeThePlaceOfTheConfirmation() {
    start("relay.messaging.settle", "PT60S");
    hear(scheduling("new", "both", clock.instant().plus(Duration.ofDays(2)), message -> {}));
    assertThat(subjects()).isEmpty();
    clock.advance(Duration.ofSeconds(61));
    relay.awaitIdleOutbox();

    assertThat(sent("booked")).hasSize(2);
    assertThat(sent("questionnaire")).hasSize(1);
    assertThat(subjects().get(0)).contains("is booked");
  }

  @Test
  void whatWentOutLateIsNotRepeatedByAChange() {
    start();
    Instant start = clock.instant().plus(Duration.ofDays(2));
    hear(scheduling("new", "changed", start, message -> {}));
    hear(
        scheduling(
            "modification",
            "changed",
            start,
            message -> location(message).put("Department", "Sports Medicine")));

    assertThat(sent("questionnaire")).hasSize(1);
  }

  @Test
  void aVisitThatIsHeardOfBeforeItReplacesAnotherIsPreparedOnce() {
    start();
    hear(scheduling("new", "first", START, message -> {}));
    hear(scheduling("modification", "second", LATER, message -> {}));
    hear(
        scheduling(
            "reschedule",
            "second",
            LATER,
            message ->
                visit(message)
                    .put("OldVisitNumber", "first")
                    .put("OldDateTime", START.toString())));

    assertThat(planned())
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "reminder email",
                2L,
                "questionnaire email",
                1L,
                "reminder sms",
                1L,
                "check-in sms",
                1L));
  }

  // --- other kinds of people, and none

  @Test
  void aDetailedBundleIsToldInThePatientsLanguage() {
    start();
    relay.sendSample("redox-fhir/booked-detailed", false);
    relay.awaitIdleOutbox();

    JsonNode mail = relay.messages("email").get(0);
    assertThat(mail.path("subject").asText()).contains("cita");
    assertThat(mail.path("text").asText()).contains("Hola").contains("Cuándo");
    assertThat(mail.path("html").asText()).contains("lang=\"es\"");
    assertThat(relay.messages("sms").get(0).path("text").asText()).contains("cita");
  }

  @Test
  void whoHasNoContactIsNotWrittenToAndSystemsAreTold() {
    start("relay.source.canvas.fhir.base-url", "none");
    relay.sendSample("canvas/created", false);
    relay.awaitIdleOutbox();

    assertThat(reasons("booked")).containsOnly("no contact").hasSize(2);
    assertThat(relay.messages("webhook")).hasSize(1);
    assertThat(relay.messages("email")).isEmpty();
    assertThat(relay.messages("sms")).isEmpty();
  }

  @Test
  void aHoldHasNoPatientAndConcernsNobody() {
    start();
    hear(scheduling("new", "hold", START, message -> message.remove("Patient")));

    assertThat(relay.lastNotification().path("status").asText()).isEqualTo("processed");
    assertThat(reasons("booked")).containsOnly("no contact").hasSize(2);
    assertThat(webhooks()).containsExactly("appointment.booked hold v1");
  }

  @Test
  void testTrafficIsRecordedAndToldToSystemsAsATest() {
    start();
    hear(
        scheduling(
            "new",
            "test",
            START,
            message -> ((ObjectNode) message.path("Meta")).put("Test", "true")));
    hear(
        scheduling(
            "cancel",
            "test",
            START,
            message -> ((ObjectNode) message.path("Meta")).put("Test", true)));

    assertThat(relay.events("redox-scheduling", "test")).containsExactly("BOOKED", "CANCELLED");
    assertThat(relay.messages("email")).isEmpty();
    assertThat(relay.messages("sms")).isEmpty();
    assertThat(reasons("booked")).containsOnly("test traffic");
    assertThat(relay.messages("webhook"))
        .hasSize(2)
        .allMatch(
            webhook ->
                RunningRelay.json(webhook.path("text").asText())
                    .path("data")
                    .path("test")
                    .asBoolean());
  }

  // --- what nobody is told

  @Test
  void whatIsKnownOrOldIsOnTheTimelineAlone() {
    start();
    hearFhir("rescheduled", "2027-02-01T10:00:00Z");
    hearFhir("rescheduled", "2027-02-01T10:00:01Z");
    hearFhir("booked", "2027-02-01T09:00:00Z");
    relay.awaitIdleOutbox();

    assertThat(relay.events("redox-fhir", "321654654"))
        .containsExactly("MODIFIED", "UNCHANGED", "STALE");
    assertThat(relay.messages("webhook")).hasSize(1);
    assertThat(relay.appointment("redox-fhir", "321654654").path("start").asText())
        .contains("T07:00");
  }

  private void hearFhir(String sample, String timestamp) {
    relay.hear(
        "redox-fhir",
        Notifications.edited("redox-fhir/" + sample, bundle -> bundle.put("timestamp", timestamp)));
  }

  // --- when

  @Test
  void nobodyIsTextedInTheNight() {
    clock.set(Instant.parse("2027-03-02T03:30:00Z"));
    start("relay.messaging.quiet-hours", "21:00-08:00");
    hear(scheduling("new", "night", START, message -> {}));

    assertThat(relay.messages("email")).hasSize(1);
    assertThat(relay.messages("sms")).isEmpty();
    JsonNode waiting = news("sms").get(0);
    assertThat(waiting.path("status").asText()).isEqualTo("planned");
    assertThat(waiting.path("reason").asText()).isEqualTo("quiet hours");
    assertThat(Instant.parse(waiting.path("due").asText()))
        .isEqualTo(Instant.parse("2027-03-02T14:00:00Z"));

    // What is true in the morning is said, not what was in the evening.
    hear(scheduling("modification", "night", LATER, message -> {}));
    clock.set(Instant.parse("2027-03-02T14:00:05Z"));
    relay.awaitIdleOutbox();

    assertThat(relay.messages("sms")).hasSize(1);
    assertThat(relay.messages("sms").get(0).path("text").asText())
        .contains("booked")
        .contains("2:30 PM");
  }

  @Test
  void newsThatIsLongOverdueIsNotSent() {
    start("relay.messaging.settle", "PT60S");
    hear(scheduling("new", "late", START, message -> {}));
    clock.advance(Duration.ofHours(4).plusMinutes(2));
    relay.awaitIdleOutbox();

    assertThat(reasons("booked")).containsOnly("too late").hasSize(2);
    assertThat(relay.messages("email")).isEmpty();
    assertThat(relay.messages("webhook")).hasSize(1);
  }

  @Test
  void aVisitThatHasBegunIsNotAnnounced() {
    start("relay.messaging.settle", "PT60S");
    hear(scheduling("new", "begun", clock.instant().plusSeconds(1_800), message -> {}));
    clock.advance(Duration.ofHours(1));
    relay.awaitIdleOutbox();

    assertThat(reasons("booked")).containsOnly("visit over").hasSize(2);
    assertThat(relay.messages("email")).isEmpty();
  }

  @Test
  void newsSettlesAndIsSaidOnce() {
    start("relay.messaging.settle", "PT60S");
    hear(scheduling("new", "settling", START, message -> {}));
    hear(scheduling("modification", "settling", LATER, message -> {}));
    assertThat(relay.messages("email")).isEmpty();
    clock.advance(Duration.ofSeconds(61));
    relay.awaitIdleOutbox();

    assertThat(subjects()).containsExactly("Your appointment at Good Health Clinic is booked");
    assertThat(relay.messages("email").get(0).path("text").asText())
        .contains("11 March at 2:30 PM")
        .doesNotContain("10 March");
    assertThat(relay.messages("sms")).hasSize(1);
  }

  @Test
  void whatIsCancelledBeforeItWasToldIsNotTold() {
    start("relay.messaging.settle", "PT60S");
    hear(scheduling("new", "never", START, message -> {}));
    hear(scheduling("cancel", "never", START, message -> {}));
    clock.advance(Duration.ofSeconds(61));
    relay.awaitIdleOutbox();

    assertThat(relay.messages("email")).isEmpty();
    assertThat(reasons("cancelled")).containsOnly("never told").hasSize(2);
    assertThat(webhooks())
        .containsExactly("appointment.booked never v1", "appointment.cancelled never v2");
  }

  @Test
  void aVisitThatKeepsChangingIsToldAllTheSame() {
    start("relay.messaging.settle", "PT60S");
    hear(scheduling("new", "restless", START, message -> {}));
    for (int change = 1; change <= 7; change++) {
      clock.advance(Duration.ofSeconds(50));
      Instant next = START.plus(Duration.ofHours(change));
      hear(scheduling("modification", "restless", next, message -> {}));
    }

    assertThat(subjects()).first().asString().contains("is booked");
  }

  // --- cancelled, and booked anew under another number

  @Test
  void cancelledAndBookedAnewIsToldAsOneMove() throws Exception {
    start("relay.messaging.rebook-window", "PT5M");
    hear(scheduling("new", "old", START, message -> {}));
    hear(scheduling("cancel", "old", START, message -> {}));
    clock.advance(Duration.ofMinutes(2));
    hear(scheduling("new", "new", LATER, message -> {}));
    clock.advance(Duration.ofMinutes(6));
    relay.awaitIdleOutbox();

    assertOneMove();
    // The old visit is off for them; were it on again, they would hear of it.
    hear(scheduling("new", "old", START, message -> {}));
    assertThat(subjects()).hasSize(3).last().asString().contains("takes place after all");
    // Its entry must not overwrite the one of the new visit.
    List<VEvent> entries = calendarEntries();
    assertThat(uid(entries.get(2))).isNotEqualTo(uid(entries.get(1)));
  }

  @Test
  void bookedAnewAndThenCancelledIsToldAsOneMove() throws Exception {
    start("relay.messaging.rebook-window", "PT5M", "relay.messaging.settle", "PT60S");
    hear(scheduling("new", "old", START, message -> {}));
    clock.advance(Duration.ofSeconds(61));
    relay.awaitIdleOutbox();
    hear(scheduling("new", "new", LATER, message -> {}));
    clock.advance(Duration.ofSeconds(30));
    hear(scheduling("cancel", "old", START, message -> {}));
    clock.advance(Duration.ofMinutes(6));
    relay.awaitIdleOutbox();

    assertOneMove();
  }

  private void assertOneMove() throws Exception {
    assertThat(subjects())
        .containsExactly(
            "Your appointment at Good Health Clinic is booked",
            "Your appointment at Good Health Clinic has moved");
    assertThat(relay.messages("email").get(1).path("text").asText())
        .contains("10 March at 9:00 AM")
        .contains("11 March at 2:30 PM");
    assertThat(relay.messages("sms")).hasSize(2);
    assertThat(reasons("cancelled")).containsOnly("rebooked").hasSize(2);
    assertThat(relay.askConsole("/observe/metrics").body())
        .contains("relay_outbox_suppressed_total{channel=\"email\",reason=\"rebooked\"} 1.0")
        .contains("relay_outbox_suppressed_total{channel=\"sms\",reason=\"rebooked\"} 1.0");
    assertThat(webhooks())
        .containsExactlyInAnyOrder(
            "appointment.booked old v1",
            "appointment.cancelled old v2",
            "appointment.booked new v1");
    // In the calendar, the entry of the old visit moves.
    List<VEvent> entries = calendarEntries();
    assertThat(uid(entries.get(1))).isEqualTo(uid(entries.get(0)));
    assertThat(entries.get(1).getSequence().getSequenceNo())
        .isGreaterThan(entries.get(0).getSequence().getSequenceNo());
  }

  @Test
  void whatIsBookedLaterOrForSomebodyElseIsNoMove() {
    start("relay.messaging.rebook-window", "PT5M");
    hear(scheduling("new", "old", START, message -> {}));
    hear(scheduling("cancel", "old", START, message -> {}));
    hear(
        scheduling(
            "new",
            "other person",
            LATER,
            message ->
                message
                    .path("Patient")
                    .path("Identifiers")
                    .forEach(id -> ((ObjectNode) id).put("ID", "somebody else"))));
    clock.advance(Duration.ofMinutes(6));
    relay.awaitIdleOutbox();
    hear(scheduling("new", "too late", LATER, message -> {}));

    assertThat(subjects())
        .containsExactly(
            "Your appointment at Good Health Clinic is booked",
            "Your appointment at Good Health Clinic is booked",
            "Your appointment at Good Health Clinic is cancelled",
            "Your appointment at Good Health Clinic is booked");
  }

  // --- the words of this class

  private List<Calendar> calendars() throws Exception {
    List<Calendar> calendars = new ArrayList<>();
    for (JsonNode mail : relay.messages("email")) {
      String calendar = mail.path("headers").path("Calendar").asText();
      calendars.add(new CalendarBuilder().build(new StringReader(calendar)));
    }
    return calendars;
  }

  private List<VEvent> calendarEntries() throws Exception {
    return calendars().stream()
        .map(calendar -> calendar.<VEvent>getComponent(Component.VEVENT).orElseThrow())
        .toList();
  }

  private static String uid(VEvent entry) {
    return entry.getUid().orElseThrow().getValue();
  }

  private void hear(byte[] message) {
    relay.hear("redox-scheduling", message);
    relay.awaitIdleOutbox();
  }

  private static byte[] scheduling(
      String sample, String visit, Instant start, Consumer<ObjectNode> edit) {
    return Coming.scheduling(sample, visit, start, edit);
  }

  private static ObjectNode visit(ObjectNode message) {
    return (ObjectNode) message.path("Visit");
  }

  private static ObjectNode location(ObjectNode message) {
    return (ObjectNode) visit(message).path("Location");
  }

  private List<String> subjects() {
    return texts(relay.messages("email"), "subject");
  }

  /** Type, identifier and version of what systems were told, in order. */
  private List<String> webhooks() {
    return relay.messages("webhook").stream()
        .map(message -> RunningRelay.json(message.path("text").asText()))
        .map(
            event ->
                event.path("type").asText()
                    + " "
                    + event.path("data").path("appointment").path("identifier").asText()
                    + " v"
                    + event.path("data").path("appointment").path("version").asInt())
        .toList();
  }

  private Map<String, Long> planned() {
    return relay.deliveries().stream()
        .filter(delivery -> delivery.path("status").asText().equals("planned"))
        .collect(
            Collectors.groupingBy(
                delivery ->
                    delivery.path("text").asText() + " " + delivery.path("channel").asText(),
                Collectors.counting()));
  }

  private List<JsonNode> news(String channel) {
    return relay.deliveries().stream()
        .filter(delivery -> delivery.path("channel").asText().equals(channel))
        .filter(delivery -> !isPreparation(delivery))
        .toList();
  }

  private List<JsonNode> sent(String text) {
    return relay.deliveries().stream()
        .filter(delivery -> delivery.path("text").asText().equals(text))
        .filter(delivery -> delivery.path("status").asText().equals("sent"))
        .toList();
  }

  private List<String> reasons(String text) {
    return relay.deliveries().stream()
        .filter(delivery -> delivery.path("text").asText().equals(text))
        .map(delivery -> delivery.path("reason").asText())
        .toList();
  }

  private static boolean isPreparation(JsonNode delivery) {
    return List.of("reminder", "questionnaire", "check-in")
        .contains(delivery.path("text").asText());
  }
}
