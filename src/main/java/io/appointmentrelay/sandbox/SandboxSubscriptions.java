package io.appointmentrelay.sandbox;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.appointmentrelay.sandbox.SandboxWrites.Answered;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A FHIR server's Subscriptions: made, prolonged, deleted, read and found by url, with {@code
 * $status} and {@code $events}. A new one of the R5 backport is active once its handshake was
 * answered. An event is sent once; what does not arrive is kept, to be asked for. Tells nobody
 * beyond this machine.
 */
final class SandboxSubscriptions {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern PATH =
      Pattern.compile(".*/Subscription(?:/([A-Za-z0-9.-]{1,64}))?(?:/(\\$status|\\$events))?/?");
  private static final Set<String> HERE = Set.of("127.0.0.1", "localhost", "[::1]");

  private final Clock clock;
  private final Map<String, SandboxSubscription> all = new ConcurrentSkipListMap<>();
  // One thread, while there is anything to tell: events keep their order.
  private final ThreadPoolExecutor teller =
      new ThreadPoolExecutor(
          0,
          1,
          1,
          TimeUnit.SECONDS,
          new LinkedBlockingQueue<>(),
          task -> {
            Thread thread = new Thread(task, "sandbox-subscriptions");
            thread.setDaemon(true);
            return thread;
          });
  private int made;

  SandboxSubscriptions(Clock clock) {
    this.clock = clock;
  }

  /**
   * Something happened to a visit: every Subscription counts it, and tells it unless it is lost.
   */
  void happened(ObjectNode visit, boolean isLost) {
    for (SandboxSubscription one : all.values()) {
      if (one.isOver(clock.instant())) {
        one.off();
      } else {
        long number = one.count(visit, clock.instant());
        if (!isLost) {
          teller.execute(() -> one.tell(number));
        }
      }
    }
  }

  /** Answers a request below {@code …/Subscription}. */
  Answered answer(String method, String path, List<String[]> parameters, byte @Nullable [] body) {
    Matcher address = PATH.matcher(path);
    if (!address.matches()) {
      return refused(404, "not-found");
    }
    String id = address.group(1);
    SandboxSubscription known = id == null ? null : all.get(id);
    if (method.equals("POST") && id == null) {
      return kept(null, body);
    }
    if (id == null) {
      return method.equals("GET") ? found(parameters) : refused(405, "not-supported");
    }
    if (known == null) {
      return refused(404, "not-found");
    }
    return switch (method) {
      case "PUT" -> kept(known, body);
      case "DELETE" -> {
        all.remove(id);
        yield new Answered(200, known.shown());
      }
      default -> shown(known, address.group(2), parameters);
    };
  }

  private static Answered shown(
      SandboxSubscription known, @Nullable String operation, List<String[]> parameters) {
    if (operation == null) {
      return new Answered(200, known.shown());
    }
    if (operation.equals("$status")) {
      ObjectNode set = SandboxNotification.of(known, "query-status", List.of());
      return new Answered(200, set.put("type", "searchset"));
    }
    long since = number(parameters, "eventsSinceNumber", 1);
    long until = number(parameters, "eventsUntilNumber", Long.MAX_VALUE);
    return new Answered(
        200, SandboxNotification.of(known, "query-event", known.events(since, until)));
  }

  private synchronized Answered kept(@Nullable SandboxSubscription before, byte @Nullable [] body) {
    if (!(read(body) instanceof ObjectNode wanted)
        || !wanted.path("resourceType").asText().equals("Subscription")) {
      return refused(400, "structure");
    }
    if (!isHere(wanted.path("channel").path("endpoint").asText())) {
      return refused(422, "business-rule");
    }
    String id = before == null ? "sandbox-" + ++made : before.id();
    SandboxSubscription now = new SandboxSubscription(id, wanted, before);
    all.put(id, now);
    teller.execute(now::greet);
    return new Answered(before == null ? 201 : 200, now.shown());
  }

  /** The sandbox lets nothing leave this machine. */
  private static boolean isHere(String endpoint) {
    try {
      URI address = URI.create(endpoint);
      return "http".equals(address.getScheme()) && HERE.contains(String.valueOf(address.getHost()));
    } catch (IllegalArgumentException noAddress) {
      return false;
    }
  }

  private Answered found(List<String[]> parameters) {
    List<SandboxSubscription> matches = new ArrayList<>();
    for (SandboxSubscription one : all.values()) {
      boolean isMeant =
          parameters.stream()
              .filter(parameter -> parameter[0].equals("url"))
              .allMatch(parameter -> parameter[1].equals(one.endpoint()));
      if (isMeant) {
        matches.add(one);
      }
    }
    ObjectNode set = JSON.createObjectNode();
    set.put("resourceType", "Bundle").put("type", "searchset").put("total", matches.size());
    matches.forEach(one -> set.withArray("entry").addObject().set("resource", one.shown()));
    return new Answered(200, set);
  }

  private static long number(List<String[]> parameters, String name, long otherwise) {
    for (String[] parameter : parameters) {
      if (parameter[0].equals(name) && parameter[1].matches("\\d{1,15}")) {
        return Long.parseLong(parameter[1]);
      }
    }
    return otherwise;
  }

  private static @Nullable JsonNode read(byte @Nullable [] body) {
    try {
      return body == null ? null : JSON.readTree(body);
    } catch (JsonProcessingException unreadable) {
      return null;
    } catch (IOException impossible) {
      throw new java.io.UncheckedIOException(impossible);
    }
  }

  private static Answered refused(int status, String code) {
    return new Answered(status, SandboxFhirServer.outcome(code, "not taken"));
  }
}
