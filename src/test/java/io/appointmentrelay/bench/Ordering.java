package io.appointmentrelay.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.appointmentrelay.command.Samples;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** Bookings, each moved at once, told to a receiver that refuses every twentieth webhook. */
final class Ordering {

  private static final int PAIRS = 750;
  private static final int REFUSED_PERCENT = 5;
  private static final long PATIENCE_MILLIS = TimeUnit.MINUTES.toMillis(3);

  private Ordering() {}

  static Figure measure() throws Exception {
    Map<String, List<Integer>> told = new ConcurrentHashMap<>();
    Random random = new Random(1);
    HttpServer receiver =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    receiver.setExecutor(Executors.newFixedThreadPool(16));
    receiver.createContext("/", exchange -> receive(exchange, told, random));
    receiver.start();
    try (StartedRelay relay =
        new StartedRelay.Setup().webhooksTo(receiver.getAddress().getPort()).start()) {
      String booked = sample("redox-fhir/booked");
      String moved = sample("redox-fhir/rescheduled");
      List<CompletableFuture<?>> posts = new ArrayList<>();
      HttpClient http = HttpClient.newHttpClient();
      for (int pair = 0; pair < PAIRS; pair++) {
        String visit = "order-" + pair;
        HttpRequest second = request(relay, moved, visit);
        posts.add(
            http.sendAsync(request(relay, booked, visit), BodyHandlers.discarding())
                .thenCompose(taken -> http.sendAsync(second, BodyHandlers.discarding())));
      }
      posts.forEach(CompletableFuture::join);
      long end = System.currentTimeMillis() + PATIENCE_MILLIS;
      while (told.values().stream().mapToInt(List::size).sum() < 2 * PAIRS
          && System.currentTimeMillis() < end) {
        TimeUnit.MILLISECONDS.sleep(50);
      }
    } finally {
      receiver.stop(0);
    }
    long inversions = told.values().stream().filter(Ordering::isInverted).count();
    long missing = 2L * PAIRS - told.values().stream().mapToInt(List::size).sum();
    if (missing != 0) {
      throw new IllegalStateException(missing + " webhooks are missing or too many.");
    }
    return Figure.alone(
        "webhooks out of order, " + PAIRS + " pairs, 5 % refused", inversions, "", "0");
  }

  private static boolean isInverted(List<Integer> versions) {
    for (int i = 1; i < versions.size(); i++) {
      if (versions.get(i) < versions.get(i - 1)) {
        return true;
      }
    }
    return false;
  }

  private static void receive(HttpExchange exchange, Map<String, List<Integer>> told, Random random)
      throws IOException {
    JsonNode appointment =
        new ObjectMapper().readTree(exchange.getRequestBody()).path("data").path("appointment");
    boolean refused;
    synchronized (random) {
      refused = random.nextInt(100) < REFUSED_PERCENT;
    }
    if (!refused) {
      told.computeIfAbsent(
              appointment.path("identifier").asText(), visit -> new CopyOnWriteArrayList<>())
          .add(appointment.path("version").asInt());
    }
    exchange.sendResponseHeaders(refused ? 503 : 200, -1);
    exchange.close();
  }

  private static String sample(String name) {
    return new String(Samples.shipped().named(name).orElseThrow().body(), StandardCharsets.UTF_8);
  }

  private static HttpRequest request(StartedRelay relay, String body, String visit) {
    return HttpRequest.newBuilder(relay.webhooks("redox-fhir"))
        .header("Authorization", "Bearer sandbox-token")
        .POST(
            BodyPublishers.ofString(
                body.replace("321654654", visit)
                    .replaceAll(
                        "\"id\"\\s*:\\s*\"Scheduling", "\"id\": \"" + visit + "-Scheduling")))
        .build();
  }
}
