package io.appointmentrelay.acceptance;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.appointmentrelay.intake.reply.TwilioSignature;
import java.net.URI;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What strangers and a confused gateway may send to the doors of replies: nothing that is not
 * signed is kept, nothing that is signed stops the relay, and no number, word or token is in a log.
 */
class HostileRepliesTest {

  private static final String WORDS = "fragment-of-a-reply-9c2";

  private static CapturedLogs logs;
  private static RunningRelay relay;
  private static Phone phone;
  private static List<URI> links;

  @BeforeAll
  static void start() {
    logs = CapturedLogs.open();
    relay = RunningRelay.with("relay.staff.email", "desk@clinic.org").start();
    phone = new Phone(relay, Coming.PHONE);
    relay.hear("redox-scheduling", Coming.booked("asked", 5));
    relay.awaitIdleOutbox();
    links = phone.lastLinks();
  }

  @AfterAll
  static void nothingOfThemIsInALog() {
    try {
      relay.awaitIdleInbox();
      relay.awaitIdleOutbox();
      relay.assertAccountedFor();
      relay.close();
      assertThat(logs.lines()).isNotEmpty();
      for (String secret :
          List.of(WORDS, Coming.PHONE, Coming.PHONE.substring(4), Phone.TOKEN, "Casey", "desk@")) {
        assertThat(logs.with(secret)).describedAs(secret).isEmpty();
      }
      for (URI link : links) {
        String path = link.getPath();
        assertThat(logs.with(path.substring(path.lastIndexOf('/') + 1))).isEmpty();
      }
    } finally {
      logs.close();
    }
  }

  // --- who does not sign

  @Test
  void withoutTheRightSignatureNothingIsKept() {
    int before = relay.notifications().size();
    byte[] form = phone.form("SM1", WORDS);
    String right = phone.signed(form);
    String ofOther =
        TwilioSignature.of("another-token", relay.webhook("sms").toString(), form).orElseThrow();

    assertThat(phone.send(form).statusCode()).isEqualTo(401);
    assertThat(phone.send(form, ofOther).statusCode()).isEqualTo(401);
    assertThat(phone.send(form, "").statusCode()).isEqualTo(401);
    assertThat(phone.send(form, right, right).statusCode()).isEqualTo(401);
    assertThat(phone.send(phone.form("SM2", WORDS), right).statusCode()).isEqualTo(401);
    assertThat(relay.notifications()).hasSize(before);
  }

  @Test
  void noTokenOfASourceOpensTheDoor() {
    byte[] form = phone.form("SM1", WORDS);
    for (String token : List.of(RunningRelay.TOKEN, Phone.TOKEN)) {
      HttpResponse<String> answer =
          RunningRelay.ask(
              RunningRelay.request(relay.webhook("sms"))
                  .header("Authorization", "Bearer " + token)
                  .header("verification-token", token)
                  .POST(java.net.http.HttpRequest.BodyPublishers.ofByteArray(form))
                  .build());
      assertThat(answer.statusCode()).isEqualTo(401);
    }
  }

  @Test
  void noChallengeIsEchoedAndTheOtherDoorIsNone() {
    assertThat(
            RunningRelay.ask(
                    RunningRelay.request(relay.webhook("sms?challenge=" + WORDS)).GET().build())
                .body())
        .doesNotContain(WORDS);
    assertThat(relay.post("link", "confirm 1 1 email".getBytes(UTF_8))).isEqualTo(404);
  }

  @Test
  void aLargeFormIsNotReadToTheEnd() {
    byte[] large = phone.form("SM1", WORDS.repeat(5_000));
    assertThat(phone.send(large, phone.signed(large)).statusCode()).isEqualTo(413);
    assertThat(phone.send(large).statusCode()).isEqualTo(401);
  }

  // --- who signs, and makes no sense

  static Stream<Arguments> signed() {
    String from = "&From=%2B16085550112&Body=";
    return Stream.of(
        of("nothing"),
        of("no sender", "Body=" + WORDS),
        of("an empty sender", "From=&Body=" + WORDS),
        of("a sender that is no number", "From=" + WORDS + "&Body=" + WORDS),
        of("a sender of 10,000 digits", "From=%2B" + "7".repeat(10_000) + "&Body=C"),
        of("no words", "MessageSid=a" + from),
        of("words of 30,000 letters", "MessageSid=b" + from + "x".repeat(30_000) + WORDS),
        of("markup", "MessageSid=c" + from + "%3Cscript%3E" + WORDS + "%3C%2Fscript%3E"),
        of("a template", "MessageSid=d" + from + "%7B%7B7*7%7D%7D%24%7B7*7%7D" + WORDS),
        of("lines and headers", "MessageSid=e" + from + "a%0D%0ATo%3A+x%40y.z%0D%0A" + WORDS),
        of("NUL and controls", "MessageSid=f" + from + "%00%01%1B" + WORDS),
        of("what turns lines around", "MessageSid=g" + from + "%E2%80%AE" + WORDS),
        of("half a character", "MessageSid=h" + from + "%ED%A0%80" + WORDS),
        of("JSON", "{\"From\":\"+16085550112\",\"Body\":\"" + WORDS + "\"}"),
        of("two senders", "MessageSid=i&From=%2B16085550112&From=%2B16085550113&Body=" + WORDS),
        of("an id of 10,000 letters", "MessageSid=" + "x".repeat(10_000) + from + WORDS),
        of("the form of a link's answer", "confirm 1 1 email"));
  }

  private static Arguments of(String what, String... form) {
    return Arguments.of(what, String.join("", form));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("signed")
  void whatIsSignedIsKeptAndStopsNothing(String what, String form) {
    byte[] bytes = form.getBytes(ISO_8859_1);
    HttpResponse<String> answer = phone.send(bytes, phone.signed(bytes));

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).doesNotContain(WORDS);
    relay.awaitIdleInbox();
    relay.awaitIdleOutbox();
    JsonNode kept = relay.lastNotification();
    assertThat(kept.path("status").asText()).isIn("processed", "parked");
    assertThat(kept.path("reason").asText("")).doesNotContain(WORDS, "16085550112");
    assertThat(relay.events("redox-scheduling", "asked")).doesNotContain("CONFIRMED", "DECLINED");
  }

  @Test
  void whatTheyWroteReachesStaffAsItIsAndNoHeader() {
    phone.text("a\r\nBcc: x@y.z\r\n\r\n<img src=x> {{ 7*7 }} ${7*7} " + WORDS);
    List<JsonNode> mails = relay.messages("email");
    JsonNode mail = mails.get(mails.size() - 1);

    assertThat(mail.path("to").asText()).isEqualTo("desk@clinic.org");
    assertThat(mail.path("text").asText())
        .contains("Wrote: a Bcc: x@y.z <img src=x> {{ 7*7 }} ${7*7} " + WORDS);
    assertThat(mail.path("html").asText()).doesNotContain("<img");
    assertThat(mail.path("headers").toString()).doesNotContain("x@y.z");
  }

  // --- links

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/reply/",
        "/reply/x",
        "/reply/../webhooks/sms",
        "/reply/%2e%2e/%2e%2e/etc/passwd",
        "/reply/AAAAAAAAAAAAAAAAAAAAAAAAAA",
        "/reply/AAAAAAAAAAAAAAAAAAAAAAAAAA/",
        "/reply/%00",
        "/reply/<script>",
        "/reply/${7*7}",
        "/reply/confirm%201%201%20email",
        "/reply"
      })
  void whatIsNoLinkIsNotKnownToWhomever(String path) {
    for (String method : List.of("GET", "HEAD", "POST")) {
      try (RawHttp http = new RawHttp(relay.httpPort())) {
        RawHttp.Answer answer =
            http.lines(method + " " + path + " HTTP/1.1", "Host: x", "Content-Length: 0", "")
                .answer();
        assertThat(answer.status()).isIn(400, 404);
        assertThat(answer.body()).doesNotContain("script", "7*7", "49");
      }
    }
  }

  @Test
  void everyMethodThatIsNotPressingTheButtonChangesNothing() {
    int before = relay.notifications().size();
    String path = links.get(0).getPath();
    for (String method : List.of("GET", "HEAD", "OPTIONS", "PUT", "DELETE", "PATCH", "TRACE")) {
      try (RawHttp http = new RawHttp(relay.httpPort())) {
        RawHttp.Answer answer =
            http.lines(method + " " + path + "?confirm=yes HTTP/1.1", "Host: x", "").answer();
        boolean asks = method.equals("GET") || method.equals("HEAD");
        assertThat(answer.status()).describedAs(method).isEqualTo(asks ? 200 : 405);
        assertThat(answer.headers()).containsEntry("cache-control", "no-store");
      }
    }
    assertThat(relay.notifications()).hasSize(before);
    assertThat(relay.events("redox-scheduling", "asked")).doesNotContain("CONFIRMED");
  }

  @Test
  void aLargeOrEndlessBodyBehindALinkIsNotKept() {
    int before = relay.notifications().size();
    String path = links.get(0).getPath();
    try (RawHttp http = new RawHttp(relay.httpPort())) {
      http.lines("POST " + path + " HTTP/1.1", "Host: x", "Content-Length: 100000", "");
      assertThat(http.text("x".repeat(50_000)).answer().status()).isEqualTo(413);
    }
    assertThat(relay.notifications()).hasSize(before);
  }
}
