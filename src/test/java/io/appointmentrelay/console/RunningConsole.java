package io.appointmentrelay.console;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.appointmentrelay.TextPreviews;
import io.appointmentrelay.appointment.EhrAnswer;
import io.appointmentrelay.appointment.EhrQuestion;
import io.appointmentrelay.appointment.OtherEndUnavailable;
import io.appointmentrelay.messaging.Clinic;
import io.appointmentrelay.messaging.Texts;
import io.appointmentrelay.sandbox.SandboxMessages;
import io.appointmentrelay.store.ConsoleReads;
import io.appointmentrelay.store.Ledger;
import io.appointmentrelay.store.PurgeLimits;
import io.appointmentrelay.store.ScriptedLife;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerOptions;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;

/** A console behind a real port, over a real store. */
final class RunningConsole implements AutoCloseable {

  private static final Clinic CLINIC =
      new Clinic("Oak & Elm Clinic", "(608) 555-0142", ZoneId.of("America/Chicago"), "US", null);

  final ScriptedLife life;
  final SandboxMessages messages = new SandboxMessages(ScriptedLife.CLOCK);
  final PrometheusMeterRegistry metrics = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  final List<Long> woken = new CopyOnWriteArrayList<>();
  volatile Health health = Health.of(List.of(check("store", Health.Status.UP)));

  private final Vertx vertx = Vertx.vertx();
  private final HttpClient client = HttpClient.newHttpClient();
  private final int port;

  RunningConsole(Path directory, boolean sandbox) {
    life = new ScriptedLife(directory);
    Console console =
        new Console(
            new Console.Collaborators(
                vertx,
                new ConsoleReads(life.database()),
                new Ledger(life.database()),
                life.store().outbox(),
                life.store().recipients(),
                new BrakeLever(life.store().brake(), "200/PT10M", ScriptedLife.CLOCK),
                "US",
                ZoneId.of("America/Chicago"),
                position -> life.store().inbox().replay(position).thenApply(Optional::isPresent),
                woken::add,
                metrics,
                () -> health,
                sandbox ? messages : null,
                Map.of(ScriptedLife.SOURCE, ScriptedLife.GROUP),
                new TextPreviews(Texts.load(Path.of("routes/channel/texts"), Map.of()), CLINIC),
                (confirm, after) -> {
                  throw new UnsupportedOperationException("no routes here");
                },
                new WritebackDesk(
                    life.store()::appointment,
                    (appointment, answer) -> false,
                    false,
                    (appointment, answer) -> {
                      throw new UnsupportedOperationException("no inbox here");
                    },
                    ScriptedLife.CLOCK),
                new Console.Reconciling(
                    life.store().reconciliations(),
                    (source, from, to) ->
                        source.equals(ScriptedLife.SOURCE)
                            ? Optional.of(
                                life.store()
                                    .reconciliations()
                                    .ask(
                                        source,
                                        null,
                                        from == null ? LocalDate.of(2026, 3, 1) : from,
                                        to == null ? LocalDate.of(2026, 3, 15) : to,
                                        ScriptedLife.CLOCK.instant())
                                    .join())
                            : Optional.empty()),
                new NobodyToAsk(),
                new Housekeeping(
                    life.store(),
                    now -> new PurgeLimits(now, now, now, now),
                    Map.of(ScriptedLife.SOURCE, ScriptedLife.GROUP),
                    ScriptedLife.CLOCK),
                List::of,
                ScriptedLife.CLOCK));
    port =
        vertx
            .createHttpServer(
                new HttpServerOptions()
                    .setHost("127.0.0.1")
                    .setPort(0)
                    .setHttp2ClearTextEnabled(false))
            .requestHandler(console)
            .listen()
            .toCompletionStage()
            .toCompletableFuture()
            .join()
            .actualPort();
  }

  /** An EHR that is never there. */
  private static final class NobodyToAsk implements Asking.Ehrs {
    @Override
    public Set<String> sources() {
      return Set.of("redox-scheduling");
    }

    @Override
    public EhrAnswer slots(EhrQuestion question) {
      throw new OtherEndUnavailable("Nobody was expected to answer; found nobody. Ask again later");
    }

    @Override
    public EhrAnswer booked(EhrQuestion question) {
      return slots(question);
    }

    @Override
    public EhrAnswer push(EhrQuestion question) {
      return slots(question);
    }
  }

  static Health.Check check(String name, Health.Status status) {
    return new Health.Check(name, status, "seen");
  }

  HttpResponse<String> get(String path) {
    return send("GET", path, null, null);
  }

  HttpResponse<String> post(String path) {
    return send("POST", path, "application/json", "{}");
  }

  HttpResponse<String> send(String method, String path, String contentType, String body) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .timeout(Duration.ofSeconds(30))
            .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
    if (contentType != null) {
      request.header("Content-Type", contentType);
    }
    try {
      return client.send(request.build(), BodyHandlers.ofString());
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Sends these bytes and returns all that is answered, for what no client would send. */
  String raw(String request) throws IOException {
    try (Socket socket = new Socket("127.0.0.1", port)) {
      socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      socket.getOutputStream().flush();
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  JsonNode json(String path) {
    HttpResponse<String> response = get(path);
    if (response.statusCode() != 200) {
      throw new AssertionError(path + " answered " + response.statusCode() + response.body());
    }
    return json(response);
  }

  static JsonNode json(HttpResponse<String> response) {
    try {
      return new ObjectMapper().readTree(response.body());
    } catch (IOException e) {
      throw new AssertionError("Not JSON: " + response.body(), e);
    }
  }

  @Override
  public void close() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
    life.close();
  }
}
