package io.appointmentrelay.enrichment;

import com.fasterxml.jackson.databind.JsonNode;
import io.appointmentrelay.appointment.AppointmentNotice;
import io.appointmentrelay.appointment.Notice;
import io.appointmentrelay.appointment.OtherEndUnavailable;
import io.appointmentrelay.appointment.Plan.Verdict;
import io.appointmentrelay.appointment.Run;
import io.appointmentrelay.intake.fhir.LenientTime;
import io.appointmentrelay.intake.json.Json;
import io.appointmentrelay.intake.subscription.FoundAppointment;
import io.appointmentrelay.intake.subscription.SubscriptionLabel;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;

/**
 * {@code searchForChanges}: which appointments have changed, after a notification that does not say
 * it. Each is taken in as a notification of its own before the search counts as done, so that a
 * crash loses none; what is found twice is a duplicate.
 */
final class ChangeSearch extends LookUp {

  private static final int TIMES = 3;

  private final Findings findings;
  private final Duration catchUp;
  private final Clock clock;
  private final Map<String, Searched> searches = new ConcurrentHashMap<>();

  /** One source's searches, one at a time. */
  private static final class Searched {
    private Instant began = Instant.MIN;
  }

  ChangeSearch(FhirServers servers, Findings findings, Duration catchUp, Clock clock) {
    super(servers);
    this.findings = findings;
    this.catchUp = catchUp;
    this.clock = clock;
  }

  @Override
  Notice perform(Notice notice, Run run, @Nullable FhirServer server, Exchange exchange) {
    if (!notice.label().equals(SubscriptionLabel.UNNAMED)) {
      return notice;
    }
    if (server == null) {
      run.plan()
          .add(
              new Verdict.Parked(
                  "A notification that does not say what changed starts a search on the source's FHIR"
                      + " server; none is configured (relay.source."
                      + run.source()
                      + ".fhir.base-url). It is parked; configure it, then replay it."));
      exchange.setRouteStop(true);
      return notice;
    }
    Searched searched = searches.computeIfAbsent(run.source(), source -> new Searched());
    synchronized (searched) {
      if (searched.began.isAfter(run.receivedAt())) {
        run.plan().note("A search that began after its arrival has found what it means.");
        return notice;
      }
      Instant began = clock.instant();
      search(run, server);
      searched.began = began;
    }
    return notice;
  }

  @Override
  AppointmentNotice complete(AppointmentNotice notice, Asking asking) {
    return notice;
  }

  private void search(Run run, FhirServer server) {
    String source = run.source();
    Instant from = findings.searchedUntil(source).orElse(null);
    ChangedSince changes = new ChangedSince(server);
    List<JsonNode> found = from == null ? changes.atFirst(run.receivedAt()) : changes.since(from);
    Instant newest = from;
    for (JsonNode appointment : found) {
      findings.takeIn(source, FoundAppointment.of(appointment, "search-" + run.notification()));
      Instant updated = updated(appointment);
      newest = updated != null && (newest == null || updated.isAfter(newest)) ? updated : newest;
    }
    if (newest != null) {
      findings.searchedUntil(source, newest);
    }
    boolean nothingNew = newest == null || newest.equals(from);
    if (nothingNew && clock.instant().isBefore(run.receivedAt().plus(catchUp))) {
      throw new OtherEndUnavailable(
          "The FHIR server of source "
              + source
              + " was expected to find what it says has changed; found nothing new. It is asked"
              + " again shortly",
          catchUp.dividedBy(TIMES));
    }
    run.plan().note("The search that it started found " + found.size() + " appointments.");
  }

  private static @Nullable Instant updated(JsonNode appointment) {
    return LenientTime.exact(Json.text(appointment.path("meta"), "lastUpdated"));
  }
}
