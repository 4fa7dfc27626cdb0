package io.appointmentrelay.enrichment;

import com.fasterxml.jackson.databind.JsonNode;
import io.appointmentrelay.appointment.UnusableAnswer;
import io.appointmentrelay.intake.subscription.FoundAppointment;
import io.appointmentrelay.intake.subscription.SubscriptionReader;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Asks a source's FHIR server for events of a subscription that did not come: by their numbers,
 * else for what has changed since. Waits for the server; fails as {@link FhirServer} does.
 */
public final class MissedEvents {

  private final FhirServer server;

  MissedEvents(FhirServer server) {
    this.server = server;
  }

  /** The events as the server would have sent them; empty: it does not keep them. */
  public Optional<byte[]> numbered(String subscription, long first, long last) {
    if (!FhirServer.ID.matcher(subscription).matches()) {
      return Optional.empty();
    }
    String path =
        "/Subscription/"
            + subscription
            + "/$events?eventsSinceNumber="
            + first
            + "&eventsUntilNumber="
            + last;
    try {
      return server.raw(path).filter(SubscriptionReader::tellsEvents);
    } catch (UnusableAnswer refused) {
      return Optional.empty();
    }
  }

  /**
   * What has changed since, as notifications of our own.
   *
   * @param id tells these findings apart from others of the same state
   */
  public List<byte[]> changedSince(Instant time, String id) {
    List<JsonNode> found = new ChangedSince(server).since(time);
    return found.stream().map(appointment -> FoundAppointment.of(appointment, id)).toList();
  }
}
