package io.appointmentrelay.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The visits of a clinic that tells nobody anything, for who polls it: one that was there before,
 * and one that is booked ten seconds after the start, moved after half a minute, and cancelled
 * after a minute.
 */
final class SandboxVisits {

  private static final Duration BOOKED = Duration.ofSeconds(10);
  private static final Duration MOVED = Duration.ofSeconds(30);
  private static final Duration CANCELLED = Duration.ofSeconds(60);

  private final Clock clock;
  private @Nullable Instant firstAsked;

  SandboxVisits(Clock clock) {
    this.clock = clock;
  }

  private synchronized Instant begun() {
    if (firstAsked == null) {
      firstAsked = clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }
    return firstAsked;
  }

  /** As they are now. */
  List<JsonNode> now() {
    Instant begun = begun();
    Instant start = begun.truncatedTo(ChronoUnit.HOURS).plus(6, ChronoUnit.DAYS);
    List<JsonNode> visits = new ArrayList<>();
    Instant old = begun.minus(Duration.ofDays(20));
    visits.add(visit("sandbox-poll-1", old, old, "booked", start));
    Duration age = Duration.between(begun, clock.instant());
    Instant booked = begun.plus(BOOKED);
    Instant later = start.plus(Duration.ofHours(2));
    if (age.compareTo(CANCELLED) >= 0) {
      visits.add(visit("sandbox-poll-2", booked, begun.plus(CANCELLED), "cancelled", later));
    } else if (age.compareTo(MOVED) >= 0) {
      visits.add(visit("sandbox-poll-2", booked, begun.plus(MOVED), "booked", later));
    } else if (age.compareTo(BOOKED) >= 0) {
      visits.add(visit("sandbox-poll-2", booked, booked, "booked", start));
    }
    return visits;
  }

  static ObjectNode visit(
      String id, Instant created, Instant updated, String status, Instant start) {
    ObjectNode visit = JsonNodeFactory.instance.objectNode();
    visit.put("resourceType", "Appointment").put("id", id);
    visit.putObject("meta").put("lastUpdated", updated.toString());
    visit.put("status", status).put("created", created.toString());
    visit.put("start", start.toString());
    visit.put("end", start.plus(Duration.ofMinutes(30)).toString());
    for (String actor :
        List.of(
            "Patient/sandbox-robin",
            "Practitioner/sandbox-granite",
            "Location/sandbox-family-medicine")) {
      ObjectNode participant = visit.withArray("participant").addObject();
      participant.put("status", "accepted").putObject("actor").put("reference", actor);
    }
    return visit;
  }

  /** Whether a time is as {@code ge…} or {@code lt…} asks; what it does not know does not hold. */
  static boolean holds(@Nullable String time, String asked) {
    try {
      Instant bound = Instant.parse(asked.substring(2));
      Instant then = Instant.parse(String.valueOf(time));
      return asked.startsWith("ge")
          ? !then.isBefore(bound)
          : asked.startsWith("lt") && then.isBefore(bound);
    } catch (java.time.DateTimeException | StringIndexOutOfBoundsException e) {
      return false;
    }
  }
}
