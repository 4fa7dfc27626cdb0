package io.appointmentrelay.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A webhook whose target is a machine of this network, or sends it on to one. */
class WebhookTargetTest {

  private final AtomicInteger heard = new AtomicInteger();
  private final AtomicInteger sentOn = new AtomicInteger();
  private HttpServer server;

  @BeforeEach
  void listen() throws IOException {
    server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
    server.createContext(
        "/hook",
        exchange -> {
          heard.incrementAndGet();
          exchange.getResponseHeaders().add("Location", address() + "/inside");
          exchange.sendResponseHeaders(307, -1);
          exchange.close();
        });
    server.createContext(
        "/inside",
        exchange -> {
          sentOn.incrementAndGet();
          exchange.sendResponseHeaders(204, -1);
          exchange.close();
        });
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private String address() {
    return "http://localhost:" + server.getAddress().getPort();
  }

  @Test
  void isNotConnectedToUnlessItIsAllowed() {
    JsonNode delivery = webhookOf("false");

    assertThat(delivery.path("status").asText()).isEqualTo("planned");
    assertThat(delivery.path("reason").asText()).contains("private address");
    assertThat(heard).hasValue(0);
  }

  @Test
  void isNotFollowedToWhereItSendsOn() {
    JsonNode delivery = webhookOf("true");

    assertThat(delivery.path("status").asText()).isEqualTo("dead");
    assertThat(heard.get()).isPositive();
    assertThat(sentOn).hasValue(0);
  }

  private static JsonNode delivery(RunningRelay relay) {
    List<JsonNode> all = relay.items("/api/deliveries?channel=webhook&appointment=target-1");
    return all.get(all.size() - 1);
  }

  private static boolean wasTried(JsonNode delivery) {
    return !delivery.path("reason").asText("").isEmpty()
        && !delivery.path("status").asText().equals("sending");
  }

  private JsonNode webhookOf(String allowPrivate) {
    RunningRelay.Setup setup =
        RunningRelay.with("relay.channel.webhook.url", address() + "/hook")
            .set("relay.channel.webhook.allow-private", allowPrivate);
    try (RunningRelay relay = setup.start()) {
      relay.hear(
          "redox-scheduling",
          Coming.scheduling("new", "target-1", Coming.inDays(5), message -> {}));
      // What was seen, not what is read after it: the next try may have begun by then.
      return await()
          .atMost(Duration.ofSeconds(20))
          .until(() -> delivery(relay), WebhookTargetTest::wasTried);
    }
  }
}
