package io.appointmentrelay.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/** One Subscription of the make-believe FHIR server, with the events that it has counted. */
final class SandboxSubscription {

  private static final String CONTENT =
      "http://hl7.org/fhir/uv/subscriptions-backport/StructureDefinition/backport-payload-content";
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  /** One that happened. */
  record Event(long number, Instant at, ObjectNode visit) {}

  private static final class Client {
    private static final HttpClient HTTP =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(PATIENCE)
            .build();
  }

  private final String id;
  private final ObjectNode resource;
  private final ConcurrentNavigableMap<Long, Event> events;
  private volatile String status = "requested";

  /**
   * @param before whose place it takes, with its events; absent: nobody's
   */
  SandboxSubscription(String id, ObjectNode wanted, @Nullable SandboxSubscription before) {
    this.id = id;
    this.resource = wanted.deepCopy();
    this.events = before == null ? new ConcurrentSkipListMap<>() : before.events;
  }

  String id() {
    return id;
  }

  String status() {
    return status;
  }

  String topic() {
    return resource.path("criteria").asText();
  }

  String endpoint() {
    return resource.path("channel").path("endpoint").asText();
  }

  /** As anybody may see it: without the headers, in which the token is. */
  ObjectNode shown() {
    ObjectNode shown = resource.deepCopy();
    shown.put("id", id).put("status", status);
    shown.withObject("/channel").remove("header");
    return shown;
  }

  boolean isOver(Instant now) {
    String end = resource.path("end").asText();
    return !end.isEmpty() && java.time.OffsetDateTime.parse(end).toInstant().isBefore(now);
  }

  void off() {
    status = "off";
  }

  /** Gives what happened its number. */
  long count(ObjectNode visit, Instant at) {
    synchronized (events) {
      long number = last() + 1;
      events.put(number, new Event(number, at, visit));
      return number;
    }
  }

  long last() {
    return events.isEmpty() ? 0 : events.lastKey();
  }

  List<Event> events(long since, long until) {
    return since > until
        ? List.of()
        : List.copyOf(events.subMap(since, true, until, true).values());
  }

  /** {@code empty}, {@code id-only} or {@code full-resource}; absent: it is of plain R4. */
  @Nullable String content() {
    for (JsonNode extension : resource.path("channel").path("_payload").path("extension")) {
      if (extension.path("url").asText().equals(CONTENT)) {
        return extension.path("valueCode").asText("id-only");
      }
    }
    return null;
  }

  /** Makes itself known; plain R4 knows no such thing. */
  void greet() {
    if (content() == null) {
      status = "active";
      return;
    }
    String greeting = SandboxNotification.of(this, "handshake", List.of()).toString();
    status = isTaken("POST", endpoint(), BodyPublishers.ofString(greeting)) ? "active" : "error";
  }

  /** Tells an event, once. */
  void tell(long number) {
    Event event = Objects.requireNonNull(events.get(number), "an event that was counted");
    boolean isTaken;
    if (content() != null) {
      String told = SandboxNotification.of(this, "event-notification", List.of(event)).toString();
      isTaken = isTaken("POST", endpoint(), BodyPublishers.ofString(told));
    } else if (resource.path("channel").has("payload")) {
      String address = endpoint() + "/Appointment/" + event.visit().path("id").asText();
      isTaken = isTaken("PUT", address, BodyPublishers.ofString(event.visit().toString()));
    } else {
      isTaken = isTaken("POST", endpoint(), BodyPublishers.noBody());
    }
    status = isTaken ? "active" : "error";
  }

  private boolean isTaken(String method, String address, BodyPublisher body) {
    try {
      HttpRequest.Builder request =
          HttpRequest.newBuilder(URI.create(address))
              .timeout(PATIENCE)
              .header("Content-Type", "application/fhir+json")
              .method(method, body);
      for (JsonNode header : resource.path("channel").path("header")) {
        String line = header.asText();
        int colon = line.indexOf(':');
        if (colon > 0) {
          request.header(line.substring(0, colon).strip(), line.substring(colon + 1).strip());
        }
      }
      return Client.HTTP.send(request.build(), BodyHandlers.discarding()).statusCode() < 300;
    } catch (IOException | IllegalArgumentException notReached) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
