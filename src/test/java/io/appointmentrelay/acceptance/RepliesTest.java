package io.appointmentrelay.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What patients write back and tap: bound to what they were asked, and told to who needs it. */
class RepliesTest {

  private static final Instant START = Instant.parse("2027-03-10T15:00:00Z");
  private static final Instant LATER = Instant.parse("2027-03-11T20:30:00Z");
  private static final String DESK = "desk@clinic.org";
  private static final String NOTHING =
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Response></Response>";

  private final MovableClock clock = MovableClock.at("2027-03-01T18:00:00Z");
  private RunningRelay relay;
  private Phone phone;

  @AfterEach
  void stop() {
    relay.assertAccountedFor();
    relay.close();
  }

  private void start(String... settings) {
    start(Path.of("routes"), settings);
  }

  private void start(Path routes, String... settings) {
    RunningRelay.Setup setup =
        RunningRelay.shipped().routes(routes).clock(clock).set("relay.staff.email", DESK);
    setup.set("relay.enrichment.max-age", "P30D");
    for (int i = 0; i < settings.length; i += 2) {
      setup.set(settings[i], settings[i + 1]);
    }
    relay = setup.start();
    phone = new Phone(relay, Coming.PHONE);
  }

  // --- by text message

  @Test
  void whoIsAskedByTextConfirmsByTextAndIsNotAskedAgain() {
    start();
    hear("new", "a", START);
    assertThat(lastText()).contains("Reply C to confirm, N if you can't come.");

    HttpResponse<String> answer = phone.text(" c. ");

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).isEqualTo(NOTHING);
    assertThat(answer.headers().firstValue("Content-Type")).contains("text/xml; charset=utf-8");
    assertThat(events("a")).containsExactly("BOOKED", "CONFIRMED");
    JsonNode entry = relay.appointment("redox-scheduling", "a").path("timeline").path(1);
    assertThat(entry.path("changes").toString())
        .isEqualTo("[{\"field\":\"reply\",\"before\":null,\"after\":\"sms\"}]");
    assertThat(relay.appointment("redox-scheduling", "a").path("version").asInt()).isEqualTo(1);
    assertThat(lastWebhook().path("type").asText()).isEqualTo("appointment.confirmed");
    assertThat(lastWebhook().path("data").path("source").asText()).isEqualTo("redox-scheduling");
    assertThat(staffMails()).isEmpty();

    clock.set(START.minus(Duration.ofDays(1)).plusSeconds(5));
    relay.awaitIdleOutbox();
    assertThat(lastText()).contains("a reminder").doesNotContain("Reply", "confirm");
    JsonNode reminder = lastMail(Coming.EMAIL);
    assertThat(reminder.path("subject").asText()).startsWith("A reminder");
    assertThat(reminder.path("text").asText()).doesNotContain("/reply/", "confirm");
  }

  @Test
  void theSameReplyTwiceIsToldOnce() {
    start();
    hear("new", "a", START);
    byte[] form = phone.form("SM1", "YES");
    phone.send(form, phone.signed(form));
    phone.send(form, phone.signed(form));
    relay.awaitIdleInbox();
    phone.text("Yes!");

    assertThat(events("a")).containsExactly("BOOKED", "CONFIRMED", "UNCHANGED");
    assertThat(RunningRelay.texts(relay.notifications(), "status"))
        .containsExactly("processed", "processed", "duplicate", "processed");
    assertThat(relay.messages("webhook")).hasSize(2);
  }

  @Test
  void aPatientWhoCannotComeIsToldToStaffAndTheVisitStays() {
    start();
    hear("new", "a", START);
    phone.text("n");

    assertThat(events("a")).containsExactly("BOOKED", "DECLINED");
    assertThat(relay.appointment("redox-scheduling", "a").path("status").asText())
        .isEqualTo("booked");
    assertThat(lastWebhook().path("type").asText()).isEqualTo("appointment.declined");
    assertThat(staffMails()).hasSize(1);
    assertThat(staffMails().get(0).path("subject").asText())
        .isEqualTo("Patient cannot come: Wed 10 Mar, 9:00 AM");

    phone.text("C");
    assertThat(events("a")).containsExactly("BOOKED", "DECLINED", "REPLY_UNKNOWN");
    assertThat(staffMails()).hasSize(2);
  }

  @Test
  void anAnswerToAMovedVisitConfirmsNothingAndThePatientIsAskedAgain() {
    start("relay.messaging.settle", "PT10M");
    hear("new", "a", START);
    clock.advance(Duration.ofMinutes(11));
    relay.awaitIdleOutbox();
    assertThat(relay.messages("sms")).hasSize(1);
    hear("modification", "a", LATER);
    phone.text("C");

    assertThat(events("a")).containsExactly("BOOKED", "RESCHEDULED", "REPLY_OUTDATED");
    assertThat(lastText())
        .contains("has changed; it is now Thursday, 11 March at 2:30 PM", "Reply C to confirm");
    assertThat(relay.messages("webhook")).hasSize(2);

    phone.text("C");
    assertThat(events("a")).containsExactly("BOOKED", "RESCHEDULED", "REPLY_OUTDATED", "CONFIRMED");
  }

  @Test
  void anAnswerToAVisitThatAnotherHasReplacedConfirmsNeither() {
    start("relay.messaging.settle", "PT10M");
    hear("new", "a", START);
    clock.advance(Duration.ofMinutes(11));
    relay.awaitIdleOutbox();
    URI link = phone.lastLinks().get(0);
    relay.hear(
        "redox-scheduling",
        Coming.scheduling(
            "reschedule",
            "b",
            LATER,
            message -> ((ObjectNode) message.path("Visit")).put("OldVisitNumber", "a")));
    // It has the number of the version that was asked about, and is another visit.
    assertThat(relay.appointment("redox-scheduling", "b").path("version").asInt()).isEqualTo(1);

    phone.text("C");
    phone.press(link);

    assertThat(events("a")).doesNotContain("CONFIRMED");
    assertThat(events("b")).startsWith("RESCHEDULED").contains("REPLY_OUTDATED");
    assertThat(events("b")).doesNotContain("CONFIRMED");
  }

  @Test
  void whatNeverLeftIsNotWhatIsAnswered() {
    start();
    hear("new", "first", START);
    clock.advance(Duration.ofHours(2));
    hear("new", "second", LATER);
    Path left =
        relay.asIfItDied(
            "UPDATE delivery SET status = 'dead' WHERE channel = 'sms' AND appointment ="
                + " (SELECT id FROM appointment WHERE identifier = 'second')");
    relay.close();
    relay = RunningRelay.shipped().clock(clock).set("relay.staff.email", DESK).on(left).start();
    phone = new Phone(relay, Coming.PHONE);

    phone.text("C");

    assertThat(events("first")).containsExactly("BOOKED", "CONFIRMED");
    assertThat(events("second")).containsExactly("BOOKED");
  }

  @Test
  void aConfirmationDoesNotOutliveAMove() {
    start();
    hear("new", "a", START);
    phone.text("C");
    hear("modification", "a", LATER);
    clock.set(LATER.minus(Duration.ofDays(1)).plusSeconds(5));
    relay.awaitIdleOutbox();

    assertThat(lastText()).contains("a reminder", "Reply C to confirm");
  }

  @Test
  void theTextOfAMoveAsksAndItsAnswerConfirmsTheNewTime() {
    start();
    hear("new", "a", START);
    hear("new", "a", LATER);
    assertThat(lastText()).contains("has moved", "Reply C to confirm, N if not.");
    assertThat(lastMail(Coming.EMAIL).path("text").asText()).contains("has moved", "I will come:");

    phone.text("C");

    assertThat(events("a")).containsExactly("BOOKED", "RESCHEDULED", "CONFIRMED");
    clock.set(LATER.minus(Duration.ofDays(1)).plusSeconds(5));
    relay.awaitIdleOutbox();
    assertThat(lastText()).contains("a reminder").doesNotContain("Reply", "confirm");
  }

  @Test
  void whoHadConfirmedIsAskedAgainByTheTextOfTheMoveAlone() {
    start();
    hear("new", "a", START);
    phone.text("C");
    hear("new", "a", LATER);

    assertThat(relay.messages("sms")).hasSize(2);
    assertThat(lastText()).contains("has moved", "Reply C to confirm");
    phone.text("C");
    assertThat(events("a")).containsExactly("BOOKED", "CONFIRMED", "RESCHEDULED", "CONFIRMED");
    assertThat(relay.messages("sms")).hasSize(2);
  }

  @Test
  void theLinkInTheMailOfAMoveConfirmsTheNewTimeAndTheOlderOneNothing() {
    start();
    hear("new", "a", START);
    URI old = phone.lastLinks().get(0);
    hear("modification", "a", LATER);
    URI moved = phone.lastLinks().get(0);

    phone.press(old);
    assertThat(events("a")).containsExactly("BOOKED", "RESCHEDULED", "REPLY_OUTDATED");
    phone.press(moved);
    assertThat(events("a")).containsExactly("BOOKED", "RESCHEDULED", "REPLY_OUTDATED", "CONFIRMED");
  }

  @Test
  void aVisitThatTakesPlaceAfterAllIsAskedAbout() {
    start();
    hear("new", "a", START);
    phone.text("C");
    hear("cancel", "a", START);
    hear("new", "a", START);

    assertThat(lastText()).contains("takes place after all", "Reply C to confirm");
    phone.text("C");
    assertThat(events("a"))
        .containsExactly("BOOKED", "CONFIRMED", "CANCELLED", "RESTORED", "CONFIRMED");
  }

  @Test
  void aMoveIsAskedAboutInSpanishToo() {
    start();
    for (Instant time : List.of(START, LATER)) {
      relay.hear(
          "redox-scheduling",
          Coming.scheduling(
              "new",
              "es",
              time,
              message ->
                  ((ObjectNode) message.path("Patient").path("Demographics"))
                      .put("Language", "es")));
      relay.awaitIdleOutbox();
    }

    assertThat(lastText()).contains("se ha cambiado", "Responda C si viene, N si no.");
    phone.text("C");
    assertThat(events("es")).containsExactly("BOOKED", "RESCHEDULED", "CONFIRMED");
  }

  @Test
  void anAnswerToATextThatDidNotAskConfirmsNothing() throws IOException {
    Path routes = RoutesCopy.shipped();
    Files.writeString(
        routes.resolve("channel/texts/booked.en.sms.txt"), "{{ clinic }}: see you soon.");
    start(routes);
    hear("new", "a", START);
    assertThat(lastText()).endsWith("see you soon.");
    phone.text("C");

    assertThat(events("a")).containsExactly("BOOKED", "REPLY_OUTDATED");
  }

  @Test
  void whatNobodyUnderstandsGoesToStaffWordForWord() {
    start();
    hear("new", "a", START);
    phone.text("Can I bring my <b>dog</b>?");

    assertThat(events("a")).containsExactly("BOOKED", "REPLY_UNKNOWN");
    JsonNode mail = staffMails().get(0);
    assertThat(mail.path("text").asText()).contains("Wrote: Can I bring my <b>dog</b>?");
    assertThat(mail.path("html").asText()).contains("my &lt;b&gt;dog&lt;/b&gt;?");
    assertThat(relay.messages("webhook")).hasSize(1);
    assertThat(relay.api("/api/notifications?limit=5").toString()).doesNotContain("dog");
    assertThat(relay.api("/api/deliveries?limit=50").toString()).doesNotContain("dog");
    assertThat(relay.appointment("redox-scheduling", "a").toString()).doesNotContain("dog");
  }

  @Test
  void whereTheChannelMayNotCarryItStaffAreToldWithoutTheWords() {
    start("relay.channel.email.phi", "visit");
    hear("new", "a", START);
    phone.text("Can I bring my dog?");

    assertThat(staffMails()).hasSize(1);
    assertThat(staffMails().get(0).toString()).doesNotContain("dog", "Casey");
  }

  @Test
  void ofTwoVisitsTheLastOneAskedAboutIsMeant() {
    start();
    hear("new", "first", START);
    clock.advance(Duration.ofHours(2));
    hear("new", "second", LATER);
    phone.text("C");

    assertThat(events("first")).containsExactly("BOOKED");
    assertThat(events("second")).containsExactly("BOOKED", "CONFIRMED");
  }

  @Test
  void whereTwoMayBeMeantStaffAreTold() {
    start();
    hear("new", "first", START);
    clock.advance(Duration.ofMinutes(5));
    hear("new", "second", LATER);
    phone.text("C");

    assertThat(events("first")).containsExactly("BOOKED");
    assertThat(events("second")).containsExactly("BOOKED", "REPLY_UNKNOWN");
    assertThat(staffMails().get(0).path("text").asText()).contains("Wrote: C");
  }

  @Test
  void aSpanishSpeakerIsAskedAndUnderstoodInSpanish() {
    start();
    relay.hear(
        "redox-scheduling",
        Coming.scheduling(
            "new",
            "es",
            START,
            message ->
                ((ObjectNode) message.path("Patient").path("Demographics")).put("Language", "es")));
    relay.awaitIdleOutbox();
    assertThat(lastText()).contains("Responda C si viene, N si no.");
    phone.text("Sí");

    assertThat(events("es")).containsExactly("BOOKED", "CONFIRMED");
    HttpResponse<String> page = Phone.open(phone.lastLinks().get(1));
    assertThat(page.body()).contains("<html lang=\"es\">", "No puedo ir");
  }

  @Test
  void fromANumberThatNothingWentToItIsSetAside() {
    start();
    new Phone(relay, "+16085550199").text("Hello?");

    assertThat(relay.lastNotification().path("status").asText()).isEqualTo("parked");
    assertThat(relay.lastNotification().toString()).doesNotContain("5550199", "Hello");
  }

  // --- as carriers demand

  @Test
  void stopEndsTextMessagesStartBringsThemBackAndHelpIsAnswered() {
    start();
    hear("new", "a", START);
    assertThat(phone.text("Stop").body()).contains("<Message>Good Health Clinic: you get no more");
    assertThat(relay.items("/api/opt-outs")).hasSize(1);
    assertThat(relay.items("/api/opt-outs").get(0).path("purpose").asText()).isEqualTo("all");
    hear("modification", "a", LATER);
    assertThat(relay.messages("sms")).hasSize(1);
    assertThat(mailsTo(Coming.EMAIL)).hasSize(2);

    assertThat(phone.text("HELP").body()).contains("<Message>", "Reply STOP to end them.");
    assertThat(phone.text("unstop").body()).contains("text messages from us again");
    assertThat(relay.items("/api/opt-outs")).isEmpty();
    assertThat(events("a")).containsExactly("BOOKED", "RESCHEDULED");
  }

  @Test
  void yesOfWhoHadSaidStopBringsThemBackAndConfirmsNothing() {
    start();
    hear("new", "a", START);
    phone.text("STOP");
    phone.text("YES");
    assertThat(relay.items("/api/opt-outs")).isEmpty();
    assertThat(events("a")).containsExactly("BOOKED");

    phone.text("YES");
    assertThat(events("a")).containsExactly("BOOKED", "CONFIRMED");
  }

  @Test
  void whereTheCarrierAnswersItsWordsNothingIsSaid() {
    start("relay.replies.carrier-words", "carrier");
    assertThat(phone.text("STOP").body()).isEqualTo(NOTHING);
    assertThat(relay.items("/api/opt-outs")).hasSize(1);
  }

  // --- by a link

  @Test
  void openingALinkChangesNothingAndItsButtonAnswersOnce() {
    start();
    hear("new", "a", START);
    URI confirm = phone.lastLinks().get(0);
    assertThat(confirm.toString().length()).isLessThan(70);
    for (int i = 0; i < 3; i++) {
      HttpResponse<String> page = Phone.open(confirm);
      assertThat(page.statusCode()).isEqualTo(200);
      assertThat(page.body())
          .contains("Will you come to your appointment?", "<form method=\"post\">")
          .doesNotContain("Casey", "March", "Family Medicine", "script");
      assertThat(page.headers().map().toString())
          .contains("default-src 'none'", "no-referrer", "no-store", "nosniff", "noindex");
    }
    assertThat(relay.notifications()).hasSize(1);
    assertThat(events("a")).containsExactly("BOOKED");

    assertThat(phone.press(confirm).body()).contains("We look forward to seeing you.");
    assertThat(events("a")).containsExactly("BOOKED", "CONFIRMED");
    assertThat(relay.appointment("redox-scheduling", "a").path("timeline").path(1).toString())
        .contains("\"after\":\"email\"");
    assertThat(phone.press(confirm).body()).contains("has been answered already");
    assertThat(Phone.open(confirm).body()).contains("has been answered already");
    assertThat(events("a")).containsExactly("BOOKED", "CONFIRMED");
    assertThat(relay.messages("webhook")).hasSize(2);
  }

  @Test
  void theOtherLinksDeclineAndAskToBeCalled() {
    start();
    hear("new", "a", START);
    List<URI> links = phone.lastLinks();
    phone.press(links.get(2));
    phone.press(links.get(1));
    assertThat(phone.press(links.get(2)).body()).contains("has been answered already");

    assertThat(events("a")).containsExactly("BOOKED", "CALL_REQUESTED", "DECLINED");
    assertThat(RunningRelay.texts(staffMails(), "subject"))
        .containsExactly(
            "Patient asks to be called: Wed 10 Mar, 9:00 AM",
            "Patient cannot come: Wed 10 Mar, 9:00 AM");
  }

  @Test
  void aLinkOfAMovedVisitConfirmsNothingAndAsksAgain() {
    start();
    hear("new", "a", START);
    URI confirm = phone.lastLinks().get(0);
    hear("modification", "a", LATER);

    assertThat(Phone.open(confirm).body())
        .contains("has changed since this message")
        .doesNotContain("<form");
    assertThat(phone.press(confirm).body()).contains("has changed since this message");
    assertThat(phone.press(confirm).body()).contains("has changed since this message");
    assertThat(events("a")).containsExactly("BOOKED", "RESCHEDULED", "REPLY_OUTDATED");
    JsonNode mail = lastMail(Coming.EMAIL);
    assertThat(mail.path("subject").asText()).endsWith("has changed");
    assertThat(mail.path("text").asText()).contains("Thursday, 11 March at 2:30 PM");

    phone.press(phone.lastLinks().get(0));
    assertThat(events("a")).containsExactly("BOOKED", "RESCHEDULED", "REPLY_OUTDATED", "CONFIRMED");
  }

  @Test
  void aLinkEndsWithTheBeginningOfTheVisit() {
    start();
    hear("new", "a", START);
    URI confirm = phone.lastLinks().get(0);
    clock.set(START);

    assertThat(phone.press(confirm).body()).contains("no longer in use");
    assertThat(events("a")).containsExactly("BOOKED");
  }

  @Test
  void aLinkThatIsTamperedWithIsNotKnown() {
    start();
    hear("new", "a", START);
    String confirm = phone.lastLinks().get(0).toString();
    for (int i = confirm.lastIndexOf('/') + 1; i < confirm.length(); i++) {
      char other = confirm.charAt(i) == 'A' ? 'B' : 'A';
      URI tampered = URI.create(confirm.substring(0, i) + other + confirm.substring(i + 1));
      assertThat(phone.press(tampered).statusCode()).isEqualTo(404);
    }
    assertThat(relay.notifications()).hasSize(1);
  }

  // --- as it is shipped

  @Test
  void theShippedSamplesConfirm() {
    start();
    relay.sendSample("redox-scheduling/new", false);
    relay.awaitIdleOutbox();
    relay.sendSample("sms/words", false);
    relay.sendSample("sms/confirm", false);

    assertThat(events("500112")).containsExactly("BOOKED", "REPLY_UNKNOWN", "CONFIRMED");
  }

  @Test
  void thePhoneOfTheSandboxWritesBack() {
    start();
    hear("new", "a", START);
    String number = relay.messages("sms").get(0).path("number").asText();
    String address = "/api/sandbox/messages/" + number + "/reply?text=";

    assertThat(relay.operate(address + "c").statusCode()).isEqualTo(200);
    assertThat(relay.operate(address).statusCode()).isEqualTo(400);
    assertThat(relay.operate("/api/sandbox/messages/77/reply?text=c").statusCode()).isEqualTo(404);
    relay.awaitIdleInbox();
    assertThat(events("a")).containsExactly("BOOKED", "CONFIRMED");
  }

  // --- off

  @Test
  void whereRepliesAreOffNobodyIsAskedAndNothingIsHeard() {
    start("relay.replies", "false");
    hear("new", "a", START);

    assertThat(lastText()).doesNotContain("Reply");
    assertThat(phone.lastLinks()).isEmpty();
    byte[] form = phone.form("SM1", "C");
    assertThat(phone.send(form, phone.signed(form)).statusCode()).isEqualTo(404);
  }

  // --- the words of this class

  private void hear(String sample, String visit, Instant start) {
    relay.hear("redox-scheduling", Coming.scheduling(sample, visit, start, message -> {}));
    relay.awaitIdleOutbox();
  }

  private List<String> events(String visit) {
    return relay.events("redox-scheduling", visit);
  }

  private String lastText() {
    List<JsonNode> texts = relay.messages("sms");
    return texts.get(texts.size() - 1).path("text").asText();
  }

  private JsonNode lastWebhook() {
    List<JsonNode> all = relay.messages("webhook");
    return RunningRelay.json(all.get(all.size() - 1).path("text").asText());
  }

  private JsonNode lastMail(String to) {
    List<JsonNode> mails = mailsTo(to);
    return mails.get(mails.size() - 1);
  }

  private List<JsonNode> staffMails() {
    return mailsTo(DESK).stream()
        .filter(mail -> !mail.path("subject").asText().startsWith("Appointment moved"))
        .toList();
  }

  private List<JsonNode> mailsTo(String to) {
    return relay.messages("email").stream()
        .filter(mail -> mail.path("to").asText().contains(to))
        .toList();
  }
}
