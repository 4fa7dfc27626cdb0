package io.appointmentrelay.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.appointmentrelay.acceptance.FlakyEnds.Http;
import io.appointmentrelay.acceptance.FlakyEnds.Http.Received;
import io.appointmentrelay.acceptance.FlakyEnds.Http.Reply;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.Predicate;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The process ends after a message has left and before its carrier's answer is written down. */
class InDoubtTest {

  private static final Reply NONE = new Reply(200, "{\"messages\":[]}");

  private final MovableClock clock = MovableClock.at("2027-03-01T18:00:00Z");
  private final CountDownLatch died = new CountDownLatch(1);
  private final Http gateway = new Http();
  private final Http receiver = new Http();
  private volatile Reply listed = NONE;

  @BeforeEach
  void answerOnlyWhenItIsTooLate() {
    gateway.otherwise(
        request -> {
          if (request.method().equals("GET")) {
            return listed;
          }
          await(died);
          return new Reply(201, "{\"sid\":\"SM-new\"}");
        });
    receiver.otherwise(
        request -> {
          await(died);
          return new Reply(200, "");
        });
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @AfterEach
  void close() {
    died.countDown();
    gateway.close();
    receiver.close();
  }

  private RunningRelay.Setup setup() {
    return RunningRelay.shipped()
        .clock(clock)
        .set("relay.channel.sms.base-url", gateway.address())
        .set("relay.channel.webhook.url", receiver.address() + "/hook");
  }

  /** Books a visit, and dies while both ends have what they were sent and do not answer. */
  private Path diesInTheMiddle() {
    try (RunningRelay relay = setup().start()) {
      relay.hear("redox-scheduling", booking());
      Awaitility.await()
          .atMost(Duration.ofSeconds(20))
          .until(() -> posts(gateway).size() == 1 && posts(receiver).size() == 1);
      Path left = relay.asIfItDied();
      died.countDown();
      return left;
    }
  }

  private byte[] booking() {
    Instant start = Instant.parse("2027-03-20T15:00:00Z");
    return Coming.scheduling("new", "doubt", start, message -> {});
  }

  private static List<Received> posts(Http end) {
    return end.received().stream().filter(request -> request.method().equals("POST")).toList();
  }

  private static String field(Received post, String name) {
    for (String pair : post.text().split("&")) {
      if (pair.startsWith(name + "=")) {
        return URLDecoder.decode(pair.substring(name.length() + 1), StandardCharsets.UTF_8);
      }
    }
    return "";
  }

  /** As Twilio lists what it has taken. */
  private static Reply list(Received post) {
    ObjectNode answer = RunningRelay.JSON.createObjectNode();
    ArrayNode messages = answer.putArray("messages");
    messages.addObject().put("sid", "SM-other").put("to", Coming.PHONE).put("body", "Else.");
    ObjectNode one = messages.addObject();
    one.put("sid", "SM-first").put("to", field(post, "To")).put("body", field(post, "Body"));
    return new Reply(200, answer.toString());
  }

  private static JsonNode booked(RunningRelay relay, String channel) {
    return relay.deliveries().stream()
        .filter(delivery -> delivery.path("channel").asText().equals(channel))
        .filter(
            delivery ->
                channel.equals("webhook") || delivery.path("text").asText().equals("booked"))
        .findFirst()
        .orElseThrow();
  }

  private static void awaitStatus(RunningRelay relay, String channel, String status) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> booked(relay, channel).path("status").asText().equals(status));
  }

  @Test
  void aTextThatTheGatewayHasIsNotSentAgain() {
    Path left = diesInTheMiddle();
    listed = list(posts(gateway).get(0));
    clock.advance(Duration.ofSeconds(11));

    try (RunningRelay relay = setup().on(left).start()) {
      awaitStatus(relay, "sms", "sent");

      assertThat(booked(relay, "sms").path("providerId").asText()).isEqualTo("SM-first");
      assertThat(posts(gateway)).hasSize(1);
      assertThat(asked().path()).contains("To=%2B16085550112").contains("DateSent%3E=2027-03-01");
      // Who has read it is told of what comes next.
      listed = NONE;
      relay.hear(
          "redox-scheduling",
          Coming.scheduling("cancel", "doubt", Instant.parse("2027-03-20T15:00:00Z"), m -> {}));
      relay.awaitIdleOutbox();
      assertThat(field(posts(gateway).get(1), "Body")).contains("cancelled");
      relay.assertAccountedFor();
    }
  }

  private Received asked() {
    return gateway.received().stream()
        .filter(request -> request.method().equals("GET"))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void aTextThatTheGatewayDoesNotHaveIsSentAgain() {
    Path left = diesInTheMiddle();
    clock.advance(Duration.ofSeconds(11));

    try (RunningRelay relay = setup().on(left).start()) {
      awaitStatus(relay, "sms", "sent");

      assertThat(posts(gateway)).hasSize(2);
      assertThat(posts(gateway).get(1).text()).isEqualTo(posts(gateway).get(0).text());
      assertThat(booked(relay, "sms").path("attempts").asInt()).isEqualTo(2);
    }
  }

  @Test
  void aTextThatTheGatewayTookAndDidNotAnswerIsNotSentAgainByTheSameProcessEither() {
    died.countDown();
    gateway.answers(new Reply(0, ""));
    try (RunningRelay relay = setup().start()) {
      relay.hear("redox-scheduling", booking());
      awaitStatus(relay, "sms", "uncertain");
      listed = list(posts(gateway).get(0));
      clock.advance(Duration.ofSeconds(11));
      awaitStatus(relay, "sms", "sent");

      assertThat(booked(relay, "sms").path("providerId").asText()).isEqualTo("SM-first");
      assertThat(posts(gateway)).hasSize(1);
      relay.assertAccountedFor();
    }
  }

  @Test
  void aGatewayThatIsNotThereLeavesNoDoubt() {
    died.countDown();
    gateway.close();
    try (RunningRelay relay = setup().start()) {
      relay.hear("redox-scheduling", booking());
      JsonNode tried =
          Awaitility.await()
              .atMost(Duration.ofSeconds(20))
              .until(
                  () -> booked(relay, "sms"),
                  text -> text.path("reason").asText().startsWith("no answer: "));

      assertThat(tried.path("status").asText()).isEqualTo("planned");
    }
  }

  @Test
  void aGatewayThatHasJustTakenATextIsGivenTimeToListIt() {
    Path left = diesInTheMiddle();
    // A slow start must not use up the gateway's time.
    clock.stop();

    try (RunningRelay relay = setup().on(left).start()) {
      awaitStatus(relay, "webhook", "sent");
      assertThat(booked(relay, "sms").path("status").asText()).isEqualTo("uncertain");
      assertThat(gateway.received()).noneMatch(request -> request.method().equals("GET"));

      listed = list(posts(gateway).get(0));
      clock.advance(Duration.ofSeconds(11));
      awaitStatus(relay, "sms", "sent");
      assertThat(posts(gateway)).hasSize(1);
    }
  }

  @Test
  void aGatewayThatCannotBeAskedNowIsAskedAgainLater() {
    Path left = diesInTheMiddle();
    listed = new Reply(503, "");
    clock.advance(Duration.ofSeconds(11));

    try (RunningRelay relay = setup().on(left).start()) {
      Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> asks() == 1);
      assertThat(booked(relay, "sms").path("status").asText()).isEqualTo("uncertain");
      assertThat(relay.operate(path(relay, "sms", "retry")).statusCode()).isEqualTo(409);

      listed = list(posts(gateway).get(0));
      clock.advance(Duration.ofSeconds(31));
      awaitStatus(relay, "sms", "sent");
      assertThat(posts(gateway)).hasSize(1);
    }
  }

  private long asks() {
    return gateway.received().stream().filter(request -> request.method().equals("GET")).count();
  }

  @Test
  void whereTheGatewayKnowsNoListTheSettingDecides() {
    Path left = diesInTheMiddle();
    listed = new Reply(404, "");
    clock.advance(Duration.ofSeconds(11));

    try (RunningRelay relay =
        setup().on(left).set("relay.channel.sms.on-uncertain", "hold").start()) {
      awaitHeld(relay, "sms");
      assertThat(posts(gateway)).hasSize(1);
      assertThat(relay.operate(path(relay, "sms", "cancel")).statusCode()).isEqualTo(200);
      assertThat(booked(relay, "sms").path("status").asText()).isEqualTo("cancelled");
      relay.assertAccountedFor();
    }
  }

  @Test
  void anEventInDoubtIsSentAgainUnderTheSameId() {
    Path left = diesInTheMiddle();

    try (RunningRelay relay = setup().on(left).start()) {
      awaitStatus(relay, "webhook", "sent");

      assertThat(posts(receiver)).hasSize(2);
      assertThat(posts(receiver).get(1).header("webhook-id"))
          .isEqualTo(posts(receiver).get(0).header("webhook-id"));
    }
  }

  @Test
  void anEventInDoubtThatIsHeldWaitsForAnOperator() {
    Path left = diesInTheMiddle();

    try (RunningRelay relay =
        setup().on(left).set("relay.channel.webhook.on-uncertain", "hold").start()) {
      awaitHeld(relay, "webhook");
      assertThat(posts(receiver)).hasSize(1);

      assertThat(relay.operate(path(relay, "webhook", "retry")).statusCode()).isEqualTo(200);
      awaitStatus(relay, "webhook", "sent");
      assertThat(posts(receiver)).hasSize(2);
      relay.assertAccountedFor();
    }
  }

  private static String path(RunningRelay relay, String channel, String verb) {
    return "/api/deliveries/" + booked(relay, channel).path("id").asText() + "/" + verb;
  }

  private static void awaitHeld(RunningRelay relay, String channel) {
    Predicate<JsonNode> held =
        delivery ->
            delivery.path("status").asText().equals("uncertain")
                && delivery.path("reason").asText().equals("in doubt");
    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> held.test(booked(relay, channel)));
  }
}
