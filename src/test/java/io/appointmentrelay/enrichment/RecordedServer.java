package io.appointmentrelay.enrichment;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A server that answers as it is told, word by word: what real servers do beside the standard. */
final class RecordedServer implements AutoCloseable {

  /** What came: {@code GET /Patient/1}, and the form or nothing. */
  record Asked(String line, String body, String authorization) {}

  /** Answers one request. */
  interface Script {
    void answer(HttpExchange exchange, Asked asked) throws IOException;
  }

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Queue<Asked> asked = new ConcurrentLinkedQueue<>();
  private volatile Script script = (exchange, request) -> send(exchange, 404, "");

  RecordedServer() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(threads);
    server.createContext("/", this::take);
    server.start();
  }

  private void take(HttpExchange exchange) throws IOException {
    String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
    Asked request =
        new Asked(
            exchange.getRequestMethod() + " " + exchange.getRequestURI(),
            body,
            exchange.getRequestHeaders().getFirst("Authorization"));
    asked.add(request);
    try (exchange) {
      script.answer(exchange, request);
    }
  }

  RecordedServer does(Script next) {
    script = next;
    return this;
  }

  /** Answers everything with this. */
  RecordedServer answers(int status, String body) {
    return does((exchange, request) -> send(exchange, status, body));
  }

  static void send(HttpExchange exchange, int status, String body) throws IOException {
    send(exchange, status, "application/fhir+json", body);
  }

  static void send(HttpExchange exchange, int status, String type, String body) throws IOException {
    byte[] bytes = body.getBytes(UTF_8);
    exchange.getResponseHeaders().set("Content-Type", type);
    exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  List<Asked> asked() {
    return List.copyOf(asked);
  }

  URI url() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
