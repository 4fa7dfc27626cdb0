package io.appointmentrelay.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;

/**
 * A clinic that does what it is told: {@code POST /sandbox/clinic/<visit>/booked}, {@code moved} or
 * {@code cancelled}. Who has a Subscription hears of it, who polls finds it. With {@code
 * ?lost=true} the event is numbered and kept, and never sent.
 */
public final class SandboxClinic implements Processor {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern ORDER =
      Pattern.compile(".*/sandbox/clinic/([A-Za-z0-9.-]{1,64})/(booked|moved|cancelled)/?");

  private final Clock clock;
  private final List<JsonNode> visits = new CopyOnWriteArrayList<>();
  private final SandboxSubscriptions subscriptions;

  SandboxClinic(Clock clock) {
    this.clock = clock;
    this.subscriptions = new SandboxSubscriptions(clock);
  }

  /** Its visits as they are now, which may be written to. */
  List<JsonNode> visits() {
    return visits;
  }

  SandboxSubscriptions subscriptions() {
    return subscriptions;
  }

  /** Whether a visit of that id is known. */
  boolean knows(String id) {
    return visits.stream().anyMatch(one -> isCalled(one, id));
  }

  @Override
  public void process(Exchange exchange) throws Exception {
    String path = exchange.getMessage().getHeader(Exchange.HTTP_PATH, "", String.class);
    String query = exchange.getMessage().getHeader(Exchange.HTTP_QUERY, "", String.class);
    Matcher order = ORDER.matcher(path);
    if (!order.matches()) {
      answer(exchange, 404, SandboxFhirServer.outcome("not-found", "booked, moved or cancelled"));
      return;
    }
    boolean books = order.group(2).equals("booked");
    if (!books && !knows(order.group(1))) {
      answer(exchange, 404, SandboxFhirServer.outcome("not-found", "book it first"));
      return;
    }
    ObjectNode visit = changed(order.group(1), order.group(2));
    subscriptions.happened(visit, query.contains("lost=true"));
    answer(exchange, 200, visit);
  }

  private synchronized ObjectNode changed(String id, String what) {
    Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
    Instant usual = now.truncatedTo(ChronoUnit.HOURS).plus(Duration.ofDays(7));
    JsonNode before = visits.stream().filter(one -> isCalled(one, id)).findFirst().orElse(null);
    Instant start = before == null ? usual : Instant.parse(before.path("start").asText());
    Instant later = what.equals("moved") ? start.plus(Duration.ofHours(2)) : start;
    String status = what.equals("cancelled") ? "cancelled" : "booked";
    String created = before == null ? now.toString() : before.path("created").asText();
    ObjectNode visit = SandboxVisits.visit(id, Instant.parse(created), now, status, later);
    int version = before == null ? 0 : before.path("meta").path("versionId").asInt();
    visit.withObject("/meta").put("versionId", String.valueOf(version + 1));
    visits.removeIf(one -> isCalled(one, id));
    visits.add(visit);
    return visit;
  }

  private static boolean isCalled(JsonNode visit, String id) {
    return visit.path("id").asText().equals(id);
  }

  private static void answer(Exchange exchange, int status, JsonNode body) throws Exception {
    Answer.put(exchange, status, "application/fhir+json", JSON.writeValueAsString(body));
  }
}
