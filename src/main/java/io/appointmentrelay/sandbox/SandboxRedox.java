package io.appointmentrelay.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import java.util.UUID;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;

/**
 * Answers as Redox does when it is asked by the Data Model: logs in by key and secret, names free
 * slots every half hour of the first three days from tomorrow's beginning, and one booked visit on
 * the first of them; takes slots that are pushed. Whoever has logged in is let in.
 */
public final class SandboxRedox implements Processor {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String TOKEN = UUID.randomUUID().toString();

  private final Clock clock;

  public SandboxRedox(Clock clock) {
    this.clock = clock;
  }

  @Override
  public void process(Exchange exchange) throws IOException {
    String path = exchange.getMessage().getHeader(Exchange.HTTP_PATH, "", String.class);
    String shown = exchange.getMessage().getHeader("Authorization", "", String.class);
    byte[] body =
        Objects.requireNonNullElse(exchange.getMessage().getBody(byte[].class), new byte[0]);
    if (path.endsWith("/auth/authenticate")) {
      ObjectNode token = JsonNodeFactory.instance.objectNode().put("accessToken", TOKEN);
      answer(exchange, 200, token.put("expires", now().plus(1, ChronoUnit.HOURS).toString()));
      return;
    }
    if (!shown.equals("Bearer " + TOKEN)) {
      answer(exchange, 401, JsonNodeFactory.instance.objectNode().put("message", "log in first"));
      return;
    }
    try {
      JsonNode message = JSON.readTree(body);
      switch (message.path("Meta").path("EventType").asText()) {
        case "AvailableSlots" -> answer(exchange, 200, slots(message));
        case "Booked" -> answer(exchange, 200, visits(message));
        case "PushSlots" -> answer(exchange, 200, response("PushSlotsResponse"));
        default -> answer(exchange, 400, error("unknown event"));
      }
    } catch (IOException | DateTimeException e) {
      answer(exchange, 400, error("not understood"));
    }
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.SECONDS);
  }

  private Instant tomorrow() {
    return now().truncatedTo(ChronoUnit.DAYS).plus(Duration.ofHours(24 + 15));
  }

  private ObjectNode slots(JsonNode asked) {
    ObjectNode answer = response("AvailableSlotsResponse");
    answer.putArray("AvailableSlots");
    for (int day = 0; day < 3; day++) {
      for (int half = 0; half < 4; half++) {
        Instant at = tomorrow().plus(Duration.ofDays(day)).plus(Duration.ofMinutes(30L * half));
        if (isWithin(asked, at)) {
          ObjectNode slot = answer.withArray("AvailableSlots").addObject();
          slot.put("ID", "sandbox-" + day + "-" + half).put("DateTime", at.toString());
          slot.put("Duration", 30).put("Reason", "Office Visit");
          slot.set("Provider", provider());
          slot.set("Location", location());
        }
      }
    }
    return answer;
  }

  private ObjectNode visits(JsonNode asked) {
    ObjectNode answer = response("BookedResponse");
    answer.putArray("Visits");
    if (isWithin(asked, tomorrow())) {
      ObjectNode visit = answer.withArray("Visits").addObject();
      visit.put("VisitNumber", "sandbox-900001").put("VisitDateTime", tomorrow().toString());
      visit.put("Duration", 30).put("Status", "Booked").put("Reason", "Office Visit");
      visit.set("VisitProvider", provider());
      visit.set("Location", location());
      ObjectNode patient = visit.putObject("Patient");
      patient.withArray("Identifiers").addObject().put("ID", "0000000112").put("IDType", "MR");
    }
    return answer;
  }

  private static boolean isWithin(JsonNode asked, Instant at) {
    Instant from = OffsetDateTime.parse(asked.path("StartDateTime").asText()).toInstant();
    Instant to = OffsetDateTime.parse(asked.path("EndDateTime").asText()).toInstant();
    return !at.isBefore(from) && at.isBefore(to);
  }

  private static ObjectNode provider() {
    return JsonNodeFactory.instance
        .objectNode()
        .put("ID", "4356789876")
        .put("IDType", "NPI")
        .put("FirstName", "Pat")
        .put("LastName", "Granite");
  }

  private static ObjectNode location() {
    return JsonNodeFactory.instance
        .objectNode()
        .put("Facility", "Good Health Clinic")
        .put("Department", "Family Medicine");
  }

  private static ObjectNode response(String event) {
    ObjectNode answer = JsonNodeFactory.instance.objectNode();
    answer.putObject("Meta").put("DataModel", "Scheduling").put("EventType", event);
    return answer;
  }

  private static ObjectNode error(String text) {
    ObjectNode answer = response("Error");
    ((ObjectNode) answer.path("Meta"))
        .withArray("Errors")
        .addObject()
        .put("ID", 4)
        .put("Text", text)
        .put("Type", "client")
        .put("Module", "sandbox");
    return answer;
  }

  private static void answer(Exchange exchange, int status, JsonNode body) throws IOException {
    Answer.put(exchange, status, "application/json", JSON.writeValueAsString(body));
  }
}
