package io.appointmentrelay.acceptance;

import static io.appointmentrelay.acceptance.RunningRelay.texts;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.standardwebhooks.Webhook;
import io.appointmentrelay.acceptance.FlakyEnds.Http;
import io.appointmentrelay.acceptance.FlakyEnds.Http.Received;
import io.appointmentrelay.acceptance.FlakyEnds.Http.Reply;
import io.appointmentrelay.acceptance.FlakyEnds.Smtp;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.http.HttpHeaders;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Mail servers, gateways and receivers that refuse, fail, lie and disappear. */
class DeliveryTroubleTest {

  private static final String SECRET = "whsec_c2FuZGJveC1zZWNyZXQtb2YtdGhlLXJlbGF5";
  private static final int ATTEMPTS = 3;
  private static final Reply OK = new Reply(200, "");
  private static final AtomicInteger VISITS = new AtomicInteger();

  private static CapturedLogs logs;
  private static Smtp smtp;
  private static Http gateway;
  private static Http receiver;
  private static RunningRelay relay;

  @BeforeAll
  static void start() {
    logs = CapturedLogs.open();
    smtp = new Smtp(0);
    gateway = new Http();
    receiver = new Http().otherwise(request -> OK);
    relay =
        RunningRelay.with("relay.channel.email.host", "localhost")
            .set("relay.channel.email.port", String.valueOf(smtp.port()))
            .set("relay.channel.sms.base-url", gateway.address())
            .set("relay.channel.webhook.url", receiver.address() + "/hook?of=clinic")
            .set("relay.channel.webhook.secret", SECRET)
            .set("relay.retry.outbox", ATTEMPTS + " attempts, 20ms..200ms")
            .start();
  }

  @BeforeEach
  void forget() {
    relay.awaitIdleOutbox();
    smtp.forget();
    gateway.forget();
    receiver.forget();
  }

  @AfterAll
  static void stop() {
    try {
      relay.assertAccountedFor();
      relay.close();
      for (String secret : List.of(Coming.EMAIL, Coming.PHONE, "Casey", "quoted", "sandbox-sms")) {
        assertThat(logs.with(secret)).describedAs(secret).isEmpty();
      }
    } finally {
      smtp.close();
      gateway.close();
      receiver.close();
      logs.close();
    }
  }

  // --- SMTP

  @Test
  void aMailThatIsPutOffIsSentAgainUnderTheSameMessageId() throws Exception {
    smtp.rejectsMessage(451);
    JsonNode delivery = settled(book(), "email");

    assertThat(delivery.path("status").asText()).isEqualTo("sent");
    assertThat(delivery.path("attempts").asInt()).isEqualTo(2);
    assertThat(smtp.received()).hasSize(2);
    assertThat(smtp.received().get(0).getMessageID())
        .isEqualTo(smtp.received().get(1).getMessageID())
        .matches("<delivery-\\d+\\.\\S+@appointment-relay>");
  }

  @Test
  void aRecipientThatIsPutOffIsAskedAgain() {
    smtp.rejectsRecipient(450);
    JsonNode delivery = settled(book(), "email");

    assertThat(delivery.path("status").asText()).isEqualTo("sent");
    assertThat(smtp.asked()).containsExactly(Coming.EMAIL, Coming.EMAIL);
  }

  @Test
  void aRecipientThatIsRefusedForGoodIsAskedOnce() {
    smtp.rejectsRecipient(550);
    JsonNode delivery = settled(book(), "email");

    assertDeadAtOnce(delivery, "SMTP 550");
    assertThat(smtp.asked()).hasSize(1);
  }

  @Test
  void aMailThatIsRefusedForGoodIsSentOnce() {
    smtp.rejectsMessage(554);
    JsonNode delivery = settled(book(), "email");

    assertDeadAtOnce(delivery, "SMTP 554");
    assertThat(smtp.received()).hasSize(1);
  }

  @Test
  void aMailServerThatGreetsWith421CostsTimeAndNoAttempts() throws Exception {
    try (ServerSocket busy = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      Thread server = new Thread(() -> greetWith421(busy), "busy-mail-server");
      server.setDaemon(true);
      server.start();
      try (RunningRelay alone =
          RunningRelay.with("relay.channel.email.host", "127.0.0.1")
              .set("relay.channel.email.port", String.valueOf(busy.getLocalPort()))
              .set("relay.retry.outbox", "2 attempts, 20ms..100ms")
              .start()) {
        alone.hear("redox-scheduling", Coming.booked("busy", 5));
        await()
            .atMost(Duration.ofSeconds(20))
            .until(() -> delivery(alone, "busy", "email").path("attempts").asInt() >= 4);

        JsonNode waiting = delivery(alone, "busy", "email");
        assertThat(waiting.path("status").asText()).isIn("planned", "sending");
      }
    }
  }

  /** The reader of the mail that was taken would go to a visit that is off. */
  @Test
  void whoMayHaveReadOfABookingIsToldOfItsCancellation() throws Exception {
    try (ServerSocket mute = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      List<String> subjects = new CopyOnWriteArrayList<>();
      Thread server = new Thread(() -> takeAndHangUp(mute, subjects), "mute-mail-server");
      server.setDaemon(true);
      server.start();
      try (RunningRelay alone =
          RunningRelay.with("relay.channel.email.host", "127.0.0.1")
              .set("relay.channel.email.port", String.valueOf(mute.getLocalPort()))
              .set("relay.retry.outbox", "9 attempts, 1s..1s")
              .start()) {
        alone.hear("redox-scheduling", Coming.booked("mute", 5));
        await().atMost(Duration.ofSeconds(20)).until(() -> !subjects.isEmpty());
        alone.hear(
            "redox-scheduling",
            Coming.scheduling("cancel", "mute", Coming.inDays(5), message -> {}));

        await()
            .atMost(Duration.ofSeconds(20))
            .untilAsserted(
                () ->
                    assertThat(subjects)
                        .anySatisfy(subject -> assertThat(subject).contains("cancelled")));
      }
    }
  }

  private static void takeAndHangUp(ServerSocket mute, List<String> subjects) {
    while (!mute.isClosed()) {
      try (Socket connection = mute.accept();
          BufferedReader in =
              new BufferedReader(new InputStreamReader(connection.getInputStream(), US_ASCII))) {
        OutputStream out = connection.getOutputStream();
        out.write("220 mute\r\n".getBytes(US_ASCII));
        boolean isMail = false;
        String line = in.readLine();
        while (line != null && !(isMail && line.equals("."))) {
          if (line.startsWith("Subject: ")) {
            subjects.add(line);
          }
          if (!isMail) {
            isMail = line.equals("DATA");
            out.write((isMail ? "354 go on\r\n" : "250 fine\r\n").getBytes(US_ASCII));
          }
          line = in.readLine();
        }
      } catch (IOException closed) {
        // Closed by the test, or a connection that broke.
      }
    }
  }

  private static void greetWith421(ServerSocket busy) {
    while (!busy.isClosed()) {
      try (Socket connection = busy.accept()) {
        connection.getOutputStream().write("421 too busy\r\n".getBytes(US_ASCII));
      } catch (IOException closed) {
        return;
      }
    }
  }

  @Test
  void aMailServerThatIsAwayCostsTimeAndNoAttempts() {
    int port = RunningRelay.freePort();
    try (RunningRelay alone =
        RunningRelay.with("relay.channel.email.host", "localhost")
            .set("relay.channel.email.port", String.valueOf(port))
            .set("relay.retry.outbox", "2 attempts, 20ms..100ms")
            .start()) {
      alone.hear("redox-scheduling", Coming.booked("away", 5));
      await()
          .atMost(Duration.ofSeconds(20))
          .until(() -> delivery(alone, "away", "email").path("attempts").asInt() >= 4);
      JsonNode waiting = delivery(alone, "away", "email");
      assertThat(waiting.path("status").asText()).isIn("planned", "sending");

      try (Smtp back = new Smtp(port)) {
        await()
            .atMost(Duration.ofSeconds(20))
            .until(() -> delivery(alone, "away", "email").path("status").asText().equals("sent"));
        assertThat(back.received()).hasSize(1);
      }
    }
  }

  @Test
  void aMailIsWellFormedInEveryLanguage() throws Exception {
    book(
        message -> {
          ((ObjectNode) message.path("Patient").path("Demographics")).put("Language", "es");
          ((ObjectNode) message.path("Visit").path("Location")).put("Facility", "Clínica Ñandú");
        });
    relay.awaitIdleOutbox();

    assertThat(smtp.received()).hasSize(1);
    jakarta.mail.internet.MimeMessage mail = smtp.received().get(0);
    assertThat(mail.getHeader("To", ",")).isEqualTo(Coming.EMAIL);
    assertThat(mail.getContentType()).startsWith("multipart/alternative");
    jakarta.mail.Multipart parts = (jakarta.mail.Multipart) mail.getContent();
    assertThat(parts.getCount()).isEqualTo(3);
    assertThat(parts.getBodyPart(0).getContentType()).startsWith("text/plain");
    assertThat(parts.getBodyPart(0).getContent().toString()).contains("Clínica Ñandú");
    assertThat(parts.getBodyPart(1).getContentType()).startsWith("text/html");
    assertThat(parts.getBodyPart(1).getContent().toString()).contains("Ñandú");
    assertThat(parts.getBodyPart(2).getContentType()).startsWith("text/calendar; method=REQUEST");
    for (jakarta.mail.Header header : java.util.Collections.list(mail.getAllHeaders())) {
      assertThat(header.getName())
          .doesNotStartWithIgnoringCase("Camel")
          .doesNotContain("breadcrumb");
    }
  }

  // --- HTTP

  @ParameterizedTest
  @ValueSource(ints = {408, 425, 429, 500, 503})
  void whatMayPassIsTriedAgain(int status) {
    gateway.answers(new Reply(status, "quoted " + Coming.PHONE));
    JsonNode delivery = settled(book(), "sms");

    assertThat(delivery.path("status").asText()).isEqualTo("sent");
    assertThat(delivery.path("providerId").asText()).isEqualTo("SM1");
    assertThat(gateway.received()).hasSize(2);
  }

  @Test
  void anEndThatFailsMoreOftenThanItemsMayIsStillTriedAgain() {
    for (int i = 0; i < ATTEMPTS + 2; i++) {
      gateway.answers(new Reply(503, ""));
    }
    JsonNode delivery = settled(book(), "sms");

    assertThat(delivery.path("status").asText()).isEqualTo("sent");
    assertThat(delivery.path("attempts").asInt()).isEqualTo(ATTEMPTS + 3);
  }

  @Test
  void aConnectionThatBreaksIsTriedAgain() {
    receiver.answers(new Reply(0, ""));
    JsonNode delivery = settled(book(), "webhook");

    assertThat(delivery.path("status").asText()).isEqualTo("sent");
  }

  @ParameterizedTest
  @ValueSource(ints = {429, 503})
  void theOtherEndsWishToWaitIsHonoured(int status) {
    gateway.answers(new Reply(status, "", "Retry-After", "2"));
    settled(book(), "sms");

    assertThat(gateway.received()).hasSize(2);
    long waited = gateway.received().get(1).nanos() - gateway.received().get(0).nanos();
    assertThat(Duration.ofNanos(waited)).isBetween(Duration.ofMillis(1_900), Duration.ofSeconds(8));
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 410})
  void whatIsRefusedForGoodIsDeadAtOnce(int status) {
    gateway.answers(new Reply(status, "{\"message\":\"quoted " + Coming.PHONE + "\"}"));
    JsonNode delivery = settled(book(), "sms");

    assertDeadAtOnce(delivery, "HTTP " + status);
    assertThat(gateway.received()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(ints = {302, 308})
  void aRedirectIsNotFollowed(int status) {
    gateway.answers(new Reply(status, "", "Location", receiver.address() + "/elsewhere"));
    receiver.answers(new Reply(status, "", "Location", gateway.address() + "/elsewhere"));
    String visit = book();

    assertDeadAtOnce(settled(visit, "sms"), "HTTP " + status);
    assertDeadAtOnce(settled(visit, "webhook"), "HTTP " + status);
    assertThat(gateway.received()).noneMatch(request -> request.path().contains("elsewhere"));
    assertThat(receiver.received()).noneMatch(request -> request.path().contains("elsewhere"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<html>Please log in to the guest network</html>",
        "",
        "[]",
        "{}",
        "null",
        "\"x\""
      })
  void aPageInThePlaceOfAnAnswerIsNoSuccess(String page) {
    for (int i = 0; i < ATTEMPTS; i++) {
      gateway.answers(new Reply(200, page, "Content-Type", "text/html"));
    }
    JsonNode delivery = settled(book(), "sms");

    assertThat(delivery.path("status").asText()).describedAs(delivery.toString()).isEqualTo("dead");
    assertThat(delivery.path("attempts").asInt()).isEqualTo(ATTEMPTS);
    assertThat(delivery.path("providerId").isNull()).isTrue();
  }

  @Test
  void theGatewayGetsAFormAndThePassword() {
    settled(book(), "sms");

    Received request = gateway.received().get(0);
    assertThat(request.method()).isEqualTo("POST");
    assertThat(request.path()).isEqualTo("/2010-04-01/Accounts/ACsandbox/Messages.json");
    assertThat(request.header("Content-Type")).startsWith("application/x-www-form-urlencoded");
    assertThat(request.header("Authorization")).startsWith("Basic ");
    assertThat(request.text()).contains("To=%2B16085550112", "From=%2B13125550100", "Body=");
    assertThat(request.headers().keySet())
        .noneMatch(name -> name.toLowerCase(java.util.Locale.ROOT).startsWith("camel"));
  }

  // --- webhooks

  @Test
  void aWebhookIsSignedAndKeepsItsIdOverRetries() throws Exception {
    receiver.answers(new Reply(500, ""), new Reply(429, ""), new Reply(0, ""));
    String visit =
        book(
            message -> {
              ((ObjectNode) message.path("Visit").path("Location"))
                  .put("Facility", "Clínica Ñandú 診");
              ((ObjectNode) message.path("Visit").path("VisitProvider"))
                  .put("LastName", "Müller 😀");
            });
    JsonNode delivery = settled(visit, "webhook");

    assertThat(delivery.path("status").asText()).isEqualTo("sent");
    assertThat(receiver.received()).hasSize(4);
    List<String> ids = new ArrayList<>();
    for (Received request : receiver.received()) {
      ids.add(request.header("webhook-id"));
      new Webhook(SECRET)
          .verify(request.text(), HttpHeaders.of(request.headers(), (name, value) -> true));
      assertThat(request.path()).isEqualTo("/hook?of=clinic");
      assertThat(request.header("Content-Type")).startsWith("application/json");
    }
    assertThat(ids).containsOnly(ids.get(0));
    JsonNode event = RunningRelay.json(receiver.received().get(0).text());
    assertThat(event.path("type").asText()).isEqualTo("appointment.booked");
    assertThat(event.toString()).contains("Clínica Ñandú 診", "Müller 😀");
    assertThat(event.toString()).doesNotContain("Casey").doesNotContain(Coming.EMAIL);
  }

  @ParameterizedTest
  @ValueSource(ints = {410})
  void aWebhookThatIsRefusedForGoodIsDeadAndDoesNotHoldUpTheNext(int status) {
    receiver.answers(new Reply(status, ""));
    String visit = book();
    assertDeadAtOnce(settled(visit, "webhook"), "HTTP " + status);

    cancel(visit);
    relay.awaitIdleOutbox();
    assertThat(receiver.received()).hasSize(2);
    assertThat(receiver.received().get(1).text()).contains("appointment.cancelled");
  }

  @Test
  void eventsOfAnAppointmentArriveInOrderHoweverOftenTheyAreRefused() {
    Random random = new Random(7);
    receiver.otherwise(
        request -> {
          int dice;
          synchronized (random) {
            dice = random.nextInt(100);
          }
          return dice < 15
              ? new Reply(503, "")
              : dice < 25 ? new Reply(429, "") : dice < 30 ? new Reply(0, "") : OK;
        });
    Map<String, List<Integer>> taken = new HashMap<>();
    int visits = 20;
    int moves = 15;
    try {
      for (int move = 0; move < moves; move++) {
        List<java.util.concurrent.CompletableFuture<Integer>> posted = new ArrayList<>();
        for (int visit = 0; visit < visits; visit++) {
          String sample = move == 0 ? "new" : "modification";
          posted.add(
              relay.postLater(
                  "redox-scheduling",
                  Coming.scheduling(
                      sample, "ordered-" + visit, Coming.inDays(5 + move), message -> {})));
        }
        posted.forEach(status -> assertThat(status.join()).isEqualTo(200));
      }
      relay.awaitIdleInbox();
      await()
          .atMost(Duration.ofSeconds(60))
          .until(
              () ->
                  // In one list: between two of them what is sent may become planned again.
                  relay.items("/api/deliveries?channel=webhook&limit=200").stream()
                      .noneMatch(DeliveryTroubleTest::waits));
    } finally {
      receiver.otherwise(request -> OK);
    }
    Map<String, Received> lastTry = new HashMap<>();
    receiver.received().forEach(request -> lastTry.put(request.header("webhook-id"), request));
    lastTry.values().stream()
        .sorted(java.util.Comparator.comparingLong(Received::nanos))
        .map(request -> RunningRelay.json(request.text()).path("data").path("appointment"))
        .forEach(
            appointment ->
                taken
                    .computeIfAbsent(
                        appointment.path("identifier").asText(), key -> new ArrayList<>())
                    .add(appointment.path("version").asInt()));
    assertThat(taken).hasSize(visits);
    assertThat(taken.values())
        .allSatisfy(
            versions -> assertThat(versions).hasSize(moves).isSorted().doesNotHaveDuplicates());
    assertThat(receiver.received().size()).isGreaterThan(visits * moves);
  }

  // --- the operator

  @Test
  void aDeadDeliveryIsRetriedByTheOperatorUnderTheSameId() {
    receiver.answers(new Reply(410, ""));
    JsonNode dead = settled(book(), "webhook");
    String address = "/api/deliveries/" + dead.path("id").asText();

    assertThat(relay.operate(address + "/cancel").statusCode()).isEqualTo(409);
    assertThat(relay.operate(address + "/retry").statusCode()).isEqualTo(200);
    relay.awaitIdleOutbox();

    JsonNode sent = relay.api(address);
    assertThat(sent.path("status").asText()).isEqualTo("sent");
    assertThat(texts(headers(), "id"))
        .containsOnly(receiver.received().get(0).header("webhook-id"));
    assertThat(relay.operate(address + "/retry").statusCode()).isEqualTo(409);
    assertThat(relay.operate(address + "/cancel").statusCode()).isEqualTo(409);
  }

  private static List<JsonNode> headers() {
    return receiver.received().stream()
        .map(
            request ->
                (JsonNode)
                    RunningRelay.JSON.createObjectNode().put("id", request.header("webhook-id")))
        .toList();
  }

  @Test
  void aPlannedDeliveryIsCancelledByTheOperator() {
    String visit = book();
    relay.awaitIdleOutbox();
    JsonNode planned =
        relay.items("/api/deliveries?status=planned&appointment=" + visit).stream()
            .findFirst()
            .orElseThrow();
    String address = "/api/deliveries/" + planned.path("id").asText();

    assertThat(relay.operate(address + "/retry").statusCode()).isEqualTo(409);
    assertThat(relay.operate(address + "/cancel").statusCode()).isEqualTo(200);
    assertThat(relay.api(address).path("status").asText()).isEqualTo("cancelled");
    assertThat(relay.operate(address + "/cancel").statusCode()).isEqualTo(409);
  }

  @Test
  void unknownDeliveriesAreSaidToBeUnknown() {
    assertThat(relay.operate("/api/deliveries/999999999/retry").statusCode()).isEqualTo(404);
    assertThat(relay.operate("/api/deliveries/x/cancel").statusCode()).isEqualTo(400);
  }

  private static void assertDeadAtOnce(JsonNode delivery, String reason) {
    assertThat(delivery.path("status").asText()).isEqualTo("dead");
    assertThat(delivery.path("reason").asText()).isEqualTo(reason);
    assertThat(delivery.path("attempts").asInt()).isEqualTo(1);
  }

  private static String book() {
    return book(message -> {});
  }

  private static String book(java.util.function.Consumer<ObjectNode> edit) {
    String visit = "trouble-" + VISITS.incrementAndGet();
    relay.hear("redox-scheduling", Coming.scheduling("new", visit, Coming.inDays(5), edit));
    return visit;
  }

  private static void cancel(String visit) {
    relay.hear(
        "redox-scheduling", Coming.scheduling("cancel", visit, Coming.inDays(5), message -> {}));
  }

  /** The news of a visit on a channel, when it is neither waiting nor on its way any more. */
  private static JsonNode settled(String visit, String channel) {
    await().atMost(Duration.ofSeconds(20)).until(() -> !waits(delivery(relay, visit, channel)));
    return delivery(relay, visit, channel);
  }

  private static boolean waits(JsonNode delivery) {
    return List.of("planned", "sending").contains(delivery.path("status").asText());
  }

  private static JsonNode delivery(RunningRelay relay, String visit, String channel) {
    List<JsonNode> all =
        relay.items("/api/deliveries?channel=" + channel + "&appointment=" + visit);
    return all.get(all.size() - 1);
  }
}
