package io.appointmentrelay.enrichment;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/** Asks a server which appointments have changed since a time, by its own clock. */
final class ChangedSince {

  /** What is written at one time may become visible a little later. */
  private static final Duration OVERLAP = Duration.ofSeconds(10);

  /** Whoever searches for the first time looks back so far: clocks differ. */
  private static final Duration FIRST_LOOK = Duration.ofHours(1);

  private final FhirServer server;

  ChangedSince(FhirServer server) {
    this.server = server;
  }

  /** What has changed shortly before a first notification came. */
  List<JsonNode> atFirst(Instant receivedAt) {
    return since(receivedAt.minus(FIRST_LOOK));
  }

  /** What has changed since, the oldest change first, and a little of what was before. */
  List<JsonNode> since(Instant time) {
    Instant from = time.minus(OVERLAP).truncatedTo(ChronoUnit.MILLIS);
    return server.everything(
        Question.of("Appointment")
            .with("_lastUpdated", "ge" + from)
            .with("_sort", "_lastUpdated")
            .with("_count", "100")
            .whole());
  }
}
