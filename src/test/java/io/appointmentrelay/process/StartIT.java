package io.appointmentrelay.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.appointmentrelay.FreePort;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A start either succeeds, and then at once completely, or ends with a sentence to act on. */
class StartIT {

  /**
   * Of work on processors, of which a busy machine takes three times what a quiet one does. How
   * long it takes a person to wait is measured by the bench, not here.
   */
  private static final Duration START_AT_MOST = Duration.ofSeconds(20);

  @TempDir private Path directory;
  private Installation installation;

  @BeforeEach
  void install() throws IOException {
    installation = Installation.in(directory);
  }

  @Test
  void aPortInUseStopsTheStart() throws Exception {
    try (ServerSocket taken = new ServerSocket(0)) {
      Finished start =
          installation.set("relay.http.port", String.valueOf(taken.getLocalPort())).run();

      assertRefused(start, "relay.http.port", "in use", String.valueOf(taken.getLocalPort()));
    }
  }

  @Test
  void theConsolesPortInUseStopsTheStart() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Finished start =
          installation.set("relay.console.port", String.valueOf(taken.getLocalPort())).run();

      assertRefused(start, "relay.console.port", "in use");
    }
  }

  @Test
  void everyWrongSettingIsNamedAtOnce() throws Exception {
    Finished start =
        installation
            .set("relay.http.port", "eighty")
            .set("relay.clinic.zone", "Mars/Olympus")
            .set("relay.messaging.settle", "soon")
            .set("relay.htpp.port", "8080")
            .run();

    assertRefused(
        start, "relay.http.port", "relay.clinic.zone", "relay.messaging.settle", "relay.htpp.port");
  }

  @Test
  void withoutTheSandboxTheMailServerIsAskedFor() throws Exception {
    assertRefused(installation.set("relay.sandbox", "false").run(), "relay.channel.email.host");
  }

  @Test
  void aBrokenRouteIsNamedWithItsLine() throws Exception {
    Path route = directory.resolve("routes/appointment/booked.camel.yaml");
    String text = Files.readString(route);
    Files.writeString(route, text.replaceFirst("uri: outbox:sms", "urii: outbox:sms"));

    int line = text.substring(0, text.indexOf("uri: outbox:sms")).split("\n").length;
    Finished start = installation.run();

    assertRefused(start, "booked.camel.yaml");
    assertThat(start.printed()).containsPattern("\\b(" + (line - 1) + "|" + line + ")\\b");
  }

  @Test
  void aRouteThatIsNoYamlIsNamedWithItsLine() throws Exception {
    Path route = directory.resolve("routes/channel/sms.camel.yaml");
    Files.writeString(route, "- route: [unclosed\n", StandardOpenOption.APPEND);

    Finished start = installation.run();

    assertRefused(start, "sms.camel.yaml");
    assertThat(start.printed()).containsPattern("line \\d+|:\\d+");
  }

  @Test
  void aBrokenTextIsNamedWithItsLine() throws Exception {
    Path text = directory.resolve("routes/channel/texts/cancelled.en.sms.txt");
    Files.writeString(text, "Hello {{ clinic\n");

    Finished start = installation.run();

    assertRefused(start, "cancelled.en.sms.txt");
    assertThat(start.printed()).containsPattern("line \\d+|:\\d+");
  }

  @Test
  void thePortForSendersRefusesUntilEverythingBehindItIsReady() throws Exception {
    int port = FreePort.any();
    installation.set("relay.http.port", String.valueOf(port));
    List<String> early = new ArrayList<>();
    HttpClient client = HttpClient.newHttpClient();
    HttpRequest request = booking(port);

    try (RelayProcess relay = installation.start()) {
      await("the first answer")
          .atMost(Duration.ofSeconds(60))
          .pollInterval(Duration.ofMillis(2))
          .until(
              () -> {
                try {
                  int status = client.send(request, BodyHandlers.discarding()).statusCode();
                  early.add(String.valueOf(status));
                  return true;
                } catch (ConnectException refused) {
                  return !relay.isAlive();
                }
              });
      long took = System.nanoTime() - relay.spawnedNanos();
      Duration worked = relay.processorTime();
      System.out.printf(
          "StartIT: %d ms from java to the first 200, %d ms on processors%n",
          TimeUnit.NANOSECONDS.toMillis(took), worked.toMillis());

      assertThat(early).as(relay.printed()).containsExactly("200");
      assertThat(worked).isLessThan(START_AT_MOST);
      aSecondProcessIsRefused();
      assertThat(relay.isAlive()).isTrue();
    }
  }

  @Test
  void theLogCanBeOneJsonObjectALineWithTheIdsItSpeaksOf() throws Exception {
    installation.set("relay.log.format", "json").set("relay.http.port", "0");
    installation.set("relay.console.port", "0");
    try (RelayProcess relay = installation.start().awaitReady()) {
      HttpRequest nonsense =
          HttpRequest.newBuilder(relay.senders().resolve("/webhooks/canvas"))
              .header("Authorization", "Bearer sandbox-token")
              .POST(BodyPublishers.ofString("{\"quarkington\":1}"))
              .build();
      HttpClient.newHttpClient().send(nonsense, BodyHandlers.discarding());
      await("it says what is parked")
          .atMost(Duration.ofSeconds(30))
          .until(() -> relay.printed().contains("is parked"));

      List<JsonNode> lines = new ArrayList<>();
      for (String line : relay.printed().split("\n")) {
        lines.add(new ObjectMapper().readTree(line));
      }
      JsonNode last = lines.get(lines.size() - 1);
      assertThat(last.path("level").asText()).isEqualTo("INFO");
      assertThat(last.path("timestamp").isIntegralNumber()).isTrue();
      assertThat(last.path("formattedMessage").asText()).contains("is parked");
      assertThat(last.path("kvpList"))
          .isEqualTo(
              new ObjectMapper().readTree("[{\"notification\":\"1-1\"},{\"source\":\"canvas\"}]"));
      assertThat(relay.printed()).doesNotContain("quarkington");
    }
  }

  private void aSecondProcessIsRefused() throws Exception {
    Finished second = installation.set("relay.http.port", "0").run();

    assertRefused(second, "one process", "relay.db");
  }

  private static HttpRequest booking(int port) {
    String body = new LifeGenerator(5).next(1).get(0).posts().get(0).body();
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/webhooks/canvas"))
        .header("Authorization", "Bearer sandbox-token")
        .POST(BodyPublishers.ofString(body))
        .build();
  }

  private static void assertRefused(Finished start, String... words) {
    assertThat(start.printed()).contains(words).doesNotContain("\tat ", "Exception in thread");
    assertThat(start.printed()).as("nobody is invited").doesNotContain("Ready after");
    assertThat(start.status()).isEqualTo(1);
  }
}
