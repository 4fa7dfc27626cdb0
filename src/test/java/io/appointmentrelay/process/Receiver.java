package io.appointmentrelay.process;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The clinic's own system and its SMS gateway: takes a while for each request, as real ones do, so
 * that something is always in flight, then answers well.
 */
final class Receiver implements AutoCloseable {

  private static final int USUALLY_MILLIS = 25;

  private final Vertx vertx = Vertx.vertx();
  private final List<Arrival> webhooks = new CopyOnWriteArrayList<>();
  private final List<Arrival> texts = new CopyOnWriteArrayList<>();
  private final JsonArray listed = new JsonArray();
  private final AtomicInteger inFlight = new AtomicInteger();
  private final int port;
  private volatile int slowestMillis = USUALLY_MILLIS;

  Receiver() {
    port =
        vertx
            .createHttpServer()
            .requestHandler(this::receive)
            .listen(0, "127.0.0.1")
            .toCompletionStage()
            .toCompletableFuture()
            .join()
            .actualPort();
  }

  private void receive(HttpServerRequest request) {
    if (request.method().equals(HttpMethod.GET)) {
      list(request);
      return;
    }
    request.body(
        body -> {
          if (body.failed()) {
            return;
          }
          String content = body.result().toString();
          boolean isWebhook = request.path().startsWith("/webhook");
          if (isWebhook) {
            webhooks.add(
                new Arrival(request.getHeader("webhook-id"), "", "", content, System.nanoTime()));
          } else {
            Map<String, String> form = form(content);
            texts.add(
                new Arrival(form.get("Body"), form.get("To"), "", content, System.nanoTime()));
            listed.add(
                new JsonObject()
                    .put("sid", "SM" + (listed.size() + 1))
                    .put("to", form.get("To"))
                    .put("body", form.get("Body")));
          }
          String answer = isWebhook ? "ok" : listed.getJsonObject(listed.size() - 1).encode();
          inFlight.incrementAndGet();
          vertx.setTimer(
              ThreadLocalRandom.current().nextInt(slowestMillis / 2, slowestMillis),
              due -> {
                inFlight.decrementAndGet();
                if (!request.response().closed()) {
                  request
                      .response()
                      .putHeader("Content-Type", isWebhook ? "text/plain" : "application/json")
                      .end(answer);
                }
              });
        });
  }

  /** What the gateway has taken for a number, as Twilio lists it; all on one event loop. */
  private void list(HttpServerRequest request) {
    JsonArray found = new JsonArray();
    listed.stream()
        .map(JsonObject.class::cast)
        .filter(text -> text.getString("to").equals(request.getParam("To")))
        .forEach(found::add);
    request
        .response()
        .putHeader("Content-Type", "application/json")
        .end(new JsonObject().put("messages", found).encode());
  }

  private static Map<String, String> form(String content) {
    Map<String, String> fields = new TreeMap<>();
    for (String field : content.split("&")) {
      int equals = field.indexOf('=');
      fields.put(
          field.substring(0, equals),
          URLDecoder.decode(field.substring(equals + 1), StandardCharsets.UTF_8));
    }
    return fields;
  }

  /** How long an answer takes, at most; half of it at least. */
  void takes(int millis) {
    slowestMillis = millis;
  }

  int port() {
    return port;
  }

  List<Arrival> webhooks() {
    return webhooks;
  }

  List<Arrival> texts() {
    return texts;
  }

  /** How many requests are not answered yet. */
  int inFlight() {
    return inFlight.get();
  }

  @Override
  public void close() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }
}
