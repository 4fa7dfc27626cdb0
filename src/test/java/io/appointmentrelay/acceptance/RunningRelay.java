package io.appointmentrelay.acceptance;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.appointmentrelay.FreePort;
import io.appointmentrelay.Relay;
import io.appointmentrelay.command.SendSample;
import io.appointmentrelay.intake.SourceKinds;
import io.appointmentrelay.settings.Settings;
import io.appointmentrelay.settings.SettingsReader;
import io.appointmentrelay.store.RawBody;
import io.appointmentrelay.store.RawStore;
import io.appointmentrelay.store.StoreAddress;
import io.appointmentrelay.store.TestStore;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

/**
 * The whole product in this JVM, on a new store: posts to it as senders do, and looks at it through
 * the operator's API alone.
 */
final class RunningRelay implements AutoCloseable {

  static final String TOKEN = "sandbox-token";
  static final ObjectMapper JSON = new ObjectMapper();

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private final Relay relay;
  private final Path data;
  private final Clock clock;
  private boolean stopped;

  private RunningRelay(Relay relay, Path data, Clock clock) {
    this.relay = relay;
    this.data = data;
    this.clock = clock;
  }

  /** What may differ from the shipped product in its sandbox. */
  static final class Setup {
    private final Map<String, String> settings = new LinkedHashMap<>();
    private Path routes = Path.of("routes");
    private Clock clock = Clock.systemUTC();
    private Path left;

    Setup set(String name, String value) {
      settings.put(name, value);
      return this;
    }

    Setup routes(Path directory) {
      routes = directory;
      return this;
    }

    /** What an earlier relay has left. */
    Setup on(Path data) {
      left = data;
      return this;
    }

    Setup clock(Clock other) {
      clock = other;
      return this;
    }

    RunningRelay start() {
      try {
        Path data = left == null ? Files.createTempDirectory("relay-acceptance") : left;
        return new RunningRelay(Relay.start(settings(data), routes, clock), data, clock);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private Settings settings(Path data) {
      Properties given = new Properties();
      given.put("relay.data-dir", data.toString());
      TestStore.settings(data).forEach(given::put);
      given.put("relay.http.host", "127.0.0.1");
      given.put("relay.http.port", "0");
      given.put("relay.console.port", String.valueOf(freePort()));
      given.put("relay.source.redox-fhir.kind", "redox-fhir");
      given.put("relay.source.redox-scheduling.kind", "redox-scheduling");
      given.put("relay.source.canvas.kind", "canvas");
      given.put("relay.retry.inbox", "3 attempts, 20ms..100ms");
      given.put("relay.retry.outbox", "3 attempts, 20ms..200ms");
      given.putAll(settings);
      return SettingsReader.read(data.resolve("none"), Map.of(), given, SourceKinds.names());
    }
  }

  static Setup with(String name, String value) {
    return new Setup().set(name, value);
  }

  static Setup shipped() {
    return new Setup();
  }

  /** The sandbox's own addresses are made from the console's port, so it must be known before. */
  static int freePort() {
    return FreePort.any();
  }

  int httpPort() {
    return relay.httpPort();
  }

  int consolePort() {
    return relay.consolePort();
  }

  // --- as senders do

  static HttpRequest.Builder request(URI address) {
    return HttpRequest.newBuilder(address).timeout(PATIENCE);
  }

  URI webhook(String sourceAndQuery) {
    return URI.create("http://127.0.0.1:" + httpPort() + "/webhooks/" + sourceAndQuery);
  }

  HttpRequest notification(String source, byte[] body) {
    return request(webhook(source))
        .header("Authorization", "Bearer " + TOKEN)
        .header("Content-Type", "application/json")
        .POST(BodyPublishers.ofByteArray(body))
        .build();
  }

  static HttpResponse<String> ask(HttpRequest request) {
    try {
      return HTTP.send(request, BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  int post(String source, byte[] body) {
    return ask(notification(source, body)).statusCode();
  }

  CompletableFuture<Integer> postLater(String source, byte[] body) {
    return HTTP.sendAsync(notification(source, body), BodyHandlers.discarding())
        .thenApply(HttpResponse::statusCode);
  }

  /** Posts what must be taken, and waits until it has run. */
  void hear(String source, byte[] body) {
    assertThat(post(source, body)).isEqualTo(200);
    awaitIdleInbox();
  }

  void hear(String source, String body) {
    hear(source, body.getBytes(UTF_8));
  }

  /** Posts a shipped sample as the command does. */
  void sendSample(String name, boolean asIs) {
    StringWriter said = new StringWriter();
    URI console = URI.create("http://127.0.0.1:" + consolePort());
    URI base = URI.create("http://127.0.0.1:" + httpPort());
    int status =
        new SendSample(clock, console)
            .run(
                name,
                base,
                source -> source.equals("sms") ? Phone.TOKEN : TOKEN,
                asIs,
                new PrintWriter(said, true));
    assertThat(status).describedAs(said.toString()).isZero();
    awaitIdleInbox();
  }

  // --- as an operator does

  HttpResponse<String> askConsole(String path) {
    return ask(request(console(path)).GET().build());
  }

  JsonNode api(String path) {
    HttpResponse<String> answer = askConsole(path);
    assertThat(answer.statusCode()).describedAs(path).isEqualTo(200);
    return json(answer.body());
  }

  HttpResponse<String> operate(String path) {
    return ask(
        request(console(path))
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.noBody())
            .build());
  }

  HttpResponse<String> operate(String method, String path, String body) {
    return ask(
        request(console(path))
            .header("Content-Type", "application/json")
            .method(method, BodyPublishers.ofString(body))
            .build());
  }

  private URI console(String path) {
    return URI.create("http://127.0.0.1:" + consolePort() + path);
  }

  /** All pages of a list. */
  List<JsonNode> items(String path) {
    List<JsonNode> items = new ArrayList<>();
    String next = null;
    do {
      String page = next == null ? "" : (path.contains("?") ? "&" : "?") + "after=" + encoded(next);
      JsonNode answer = api(path + page);
      answer.path("items").forEach(items::add);
      next = answer.path("next").textValue();
    } while (next != null);
    return items;
  }

  JsonNode appointment(String source, String identifier) {
    return api("/api/appointments/" + source + "/" + encoded(identifier));
  }

  /** What happened to an appointment, in order. */
  List<String> events(String source, String identifier) {
    return texts(appointment(source, identifier).path("timeline"), "event");
  }

  List<JsonNode> deliveries() {
    return items("/api/deliveries?limit=200");
  }

  /** What the sandbox's ends got on a channel, the oldest first. */
  List<JsonNode> messages(String channel) {
    List<JsonNode> messages = new ArrayList<>(items("/api/sandbox/messages?channel=" + channel));
    messages.sort(Comparator.comparingLong(message -> message.path("number").asLong()));
    return messages;
  }

  List<JsonNode> notifications() {
    List<JsonNode> all = new ArrayList<>(items("/api/notifications?limit=200"));
    all.sort(Comparator.comparingLong(RunningRelay::number));
    return all;
  }

  JsonNode lastNotification() {
    return api("/api/notifications?limit=1").path("items").path(0);
  }

  private static long number(JsonNode notification) {
    String id = notification.path("id").asText();
    int hyphen = id.indexOf('-');
    return Long.parseLong(id.substring(0, hyphen)) * 1_000
        + Long.parseLong(id.substring(hyphen + 1));
  }

  void awaitIdleInbox() {
    await()
        .atMost(PATIENCE)
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(20))
        .until(() -> items("/api/notifications?status=received").isEmpty());
  }

  /** Waits until no delivery is due or on its way. */
  void awaitIdleOutbox() {
    await()
        .atMost(PATIENCE)
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(50))
        .until(() -> deliveries().stream().noneMatch(this::isUnderWay));
  }

  private boolean isUnderWay(JsonNode delivery) {
    String status = delivery.path("status").asText();
    boolean due = !java.time.Instant.parse(delivery.path("due").asText()).isAfter(clock.instant());
    boolean waits = delivery.path("reason").asText().equals("waits for the EHR");
    return status.equals("sending") || (status.equals("planned") && (due || waits));
  }

  /** The ledger adds up: nothing came in and vanished. */
  void assertAccountedFor() {
    assertAccountedFor(TestStore.address(data));
  }

  static void assertAccountedFor(StoreAddress address) {
    StringWriter said = new StringWriter();
    int status = new io.appointmentrelay.command.Audit().run(address, new PrintWriter(said, true));
    assertThat(status).describedAs(said.toString()).isZero();
  }

  /** What somebody sees who has the store and not the relay. */
  String everythingKept() {
    return RawStore.of(data);
  }

  /** A copy of the store as it is at this moment: what a process that died now would leave. */
  Path asIfItDied(String... afterwards) {
    try {
      Path copy = Files.createTempDirectory("relay-acceptance");
      TestStore.copy(data, copy);
      try (Connection store = TestStore.connect(copy);
          Statement statement = store.createStatement()) {
        for (String sql : afterwards) {
          statement.execute(sql);
        }
      }
      return copy;
    } catch (IOException | SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The bytes of a notification as they are kept; the API shows them as text. */
  byte[] keptBytes(String notificationId) {
    long message = Long.parseLong(notificationId.substring(0, notificationId.indexOf('-')));
    try (Connection store = TestStore.connect(data);
        PreparedStatement query = store.prepareStatement("SELECT body FROM message WHERE id = ?")) {
      query.setLong(1, message);
      try (ResultSet rows = query.executeQuery()) {
        assertThat(rows.next()).isTrue();
        return RawBody.inflated(rows.getBytes(1));
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  static JsonNode json(String text) {
    try {
      return JSON.readTree(text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static List<String> texts(Iterable<JsonNode> nodes, String field) {
    List<String> texts = new ArrayList<>();
    nodes.forEach(node -> texts.add(node.path(field).asText()));
    return texts;
  }

  static String encoded(String text) {
    return URLEncoder.encode(text, UTF_8).replace("+", "%20");
  }

  /** The configured sources of which nothing is taken in. */
  List<String> unheardSources() {
    return relay.unheardSources();
  }

  /** Stops it in good order; what it has kept stays. */
  Path stop() {
    stopped = true;
    relay.close();
    return data;
  }

  Path data() {
    return data;
  }

  @Override
  public void close() {
    if (stopped) {
      return;
    }
    relay.close();
    try (Stream<Path> files = Files.walk(data)) {
      files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
