package io.appointmentrelay.faults;

import io.appointmentrelay.faults.Weather.Fhir;
import io.appointmentrelay.faults.Weather.Hook;
import io.appointmentrelay.faults.Weather.Sms;
import io.appointmentrelay.process.Arrival;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The clinic's own system, its SMS gateway and its EHR's FHIR server, each as bad as the weather.
 * The gateway lists what it took, as Twilio does. The EHR knows people, and no visits.
 */
final class FaultyHttp implements AutoCloseable {

  private static final int USUALLY_MILLIS = 25;

  private final Vertx vertx = Vertx.vertx();
  private final List<Taken> webhooks = new CopyOnWriteArrayList<>();
  private final List<Taken> texts = new CopyOnWriteArrayList<>();
  private final JsonArray listed = new JsonArray();
  private final List<HttpServerRequest> hanging = new ArrayList<>();
  private final Tally tally;
  private final int port;
  private volatile Weather weather = Weather.FAIR;

  FaultyHttp(Tally tally) {
    this.tally = tally;
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

  void weather(Weather next) {
    weather = next;
    vertx.runOnContext(
        nothing -> {
          hanging.forEach(request -> request.connection().close());
          hanging.clear();
        });
  }

  private void receive(HttpServerRequest request) {
    if (request.path().startsWith("/fhir")) {
      fhir(request);
    } else if (request.path().startsWith("/webhook")) {
      request.body().onSuccess(body -> webhook(request, body.toString()));
    } else if (request.method().name().equals("GET")) {
      list(request);
    } else {
      request.body().onSuccess(body -> text(request, body.toString()));
    }
  }

  private void webhook(HttpServerRequest request, String content) {
    if (weather.hook() == Hook.SAYS_503) {
      tally.add("fault: webhook answered 503");
      answer(request, 503, "text/plain", "later");
      return;
    }
    boolean answers = weather.hook() == Hook.FAIR;
    webhooks.add(
        new Taken(
            new Arrival(request.getHeader("webhook-id"), "", "", content, System.nanoTime()),
            answers));
    if (answers) {
      answer(request, 200, "text/plain", "ok");
    } else {
      tally.add("fault: webhook taken and not answered");
      hanging.add(request);
    }
  }

  private void text(HttpServerRequest request, String content) {
    if (weather.sms() == Sms.SAYS_429) {
      tally.add("fault: SMS gateway answered 429");
      request.response().putHeader("Retry-After", "1");
      answer(request, 429, "application/json", "{}");
      return;
    }
    if (weather.sms() == Sms.SAYS_500) {
      tally.add("fault: SMS gateway answered 500");
      answer(request, 500, "text/html", "<p>oops");
      return;
    }
    boolean answers = weather.sms() == Sms.FAIR;
    Map<String, String> form = form(content);
    JsonObject text =
        new JsonObject()
            .put("sid", "SM" + (listed.size() + 1))
            .put("to", form.get("To"))
            .put("body", form.get("Body"));
    listed.add(text);
    texts.add(
        new Taken(
            new Arrival(
                text.getString("sid"), form.get("To"), "", form.get("Body"), System.nanoTime()),
            answers));
    if (answers) {
      answer(request, 201, "application/json", text.encode());
    } else {
      tally.add("fault: SMS taken and not answered");
      hanging.add(request);
    }
  }

  private void list(HttpServerRequest request) {
    if (weather.sms() != Sms.FAIR) {
      tally.add("fault: SMS gateway could not be asked what it took");
      answer(request, 503, "text/plain", "later");
      return;
    }
    JsonArray found = new JsonArray();
    listed.stream()
        .map(JsonObject.class::cast)
        .filter(text -> text.getString("to").equals(request.getParam("To")))
        .forEach(found::add);
    answer(request, 200, "application/json", new JsonObject().put("messages", found).encode());
  }

  private void fhir(HttpServerRequest request) {
    switch (weather.fhir()) {
      case SAYS_503 -> {
        tally.add("fault: FHIR server answered 503");
        answer(request, 503, "text/plain", "later");
      }
      case HANGS -> {
        tally.add("fault: FHIR server hung");
        hanging.add(request);
      }
      case CLOSES -> {
        tally.add("fault: FHIR server closed the connection");
        request.connection().close();
      }
      default -> {
        int millis = USUALLY_MILLIS;
        if (weather.fhir() == Fhir.IS_SLOW) {
          tally.add("fault: FHIR server took 9 s for an answer");
          millis = 9_000;
        }
        String id = request.path().substring(request.path().lastIndexOf('/') + 1);
        if (request.path().contains("/Patient/")) {
          answer(request, millis, 200, "application/fhir+json", patient(id));
        } else {
          answer(
              request,
              millis,
              404,
              "application/fhir+json",
              "{\"resourceType\":\"OperationOutcome\",\"issue\":[{\"severity\":\"error\",\"code\":\"not-found\"}]}");
        }
      }
    }
  }

  private static String patient(String id) {
    return new JsonObject()
        .put("resourceType", "Patient")
        .put("id", id)
        .put("active", true)
        .put(
            "telecom",
            new JsonArray()
                .add(
                    new JsonObject()
                        .put("system", "email")
                        .put("value", id + "@patients-of-the-clinic.net")))
        .encode();
  }

  private void answer(HttpServerRequest request, int status, String type, String body) {
    answer(request, USUALLY_MILLIS, status, type, body);
  }

  private void answer(HttpServerRequest request, int millis, int status, String type, String body) {
    vertx.setTimer(
        ThreadLocalRandom.current().nextInt(millis / 2, millis),
        due -> {
          if (!request.response().closed()) {
            request.response().setStatusCode(status).putHeader("Content-Type", type).end(body);
          }
        });
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

  int port() {
    return port;
  }

  List<Taken> webhooks() {
    return webhooks;
  }

  /** By the ids that the gateway gave them. */
  List<Taken> texts() {
    return texts;
  }

  @Override
  public void close() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }
}
