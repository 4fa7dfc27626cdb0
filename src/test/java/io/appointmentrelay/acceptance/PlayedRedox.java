package io.appointmentrelay.acceptance;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** Redox's end behind a real port: logs in both ways, and answers what a test puts ready. */
final class PlayedRedox implements AutoCloseable {

  /** What was asked. */
  record Request(String path, String authorization, String body) {
    JsonNode json() {
      return RunningRelay.json(body);
    }
  }

  private record Reply(int status, String body) {}

  final List<Request> requests = new CopyOnWriteArrayList<>();
  final AtomicInteger logins = new AtomicInteger();
  volatile String validToken = "none";

  private final Map<String, Queue<Reply>> replies = new ConcurrentHashMap<>();
  private final HttpServer server;

  PlayedRedox() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.createContext("/", this::answer);
    server.start();
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** What is answered next to such an event. */
  PlayedRedox answers(String event, int status, String body) {
    replies
        .computeIfAbsent(event, key -> new ConcurrentLinkedQueue<>(new ArrayDeque<>()))
        .add(new Reply(status, body));
    return this;
  }

  List<Request> asked(String event) {
    return requests.stream()
        .filter(request -> request.path().equals("/endpoint"))
        .filter(request -> request.json().at("/Meta/EventType").asText().equals(event))
        .toList();
  }

  private void answer(HttpExchange exchange) throws IOException {
    String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
    String path = exchange.getRequestURI().getPath();
    String shown = exchange.getRequestHeaders().getFirst("Authorization");
    requests.add(new Request(path, shown, body));
    Reply reply = reply(path, shown, body);
    byte[] bytes = reply.body().getBytes(UTF_8);
    exchange.getResponseHeaders().add("Content-Type", "application/json");
    exchange.sendResponseHeaders(reply.status(), bytes.length == 0 ? -1 : bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  private Reply reply(String path, String shown, String body) {
    if (path.equals("/auth/authenticate") || path.equals("/v2/auth/token")) {
      validToken = "token-" + logins.incrementAndGet();
      return new Reply(
          200,
          "{\"accessToken\":\"%s\",\"access_token\":\"%s\",\"expires_in\":300,\"expires\":\"2040-01-01T00:00:00.000Z\"}"
              .formatted(validToken, validToken));
    }
    if (!("Bearer " + validToken).equals(shown)) {
      return new Reply(401, "{}");
    }
    Queue<Reply> ready = replies.get(RunningRelay.json(body).at("/Meta/EventType").asText());
    Reply next = ready == null ? null : ready.poll();
    return next == null ? new Reply(500, "") : next;
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
