package io.appointmentrelay.enrichment;

import com.fasterxml.jackson.databind.JsonNode;
import io.appointmentrelay.appointment.AppointmentRecord;
import io.appointmentrelay.appointment.UnusableAnswer;
import io.appointmentrelay.intake.fhir.FhirAppointment;
import io.appointmentrelay.intake.fhir.Identifier;
import io.appointmentrelay.intake.fhir.LenientTime;
import io.appointmentrelay.intake.fhir.Participant;
import io.appointmentrelay.intake.json.Json;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Asks a source's FHIR server for all its appointments: those that have changed, those of a day,
 * one by name. Waits for the server, page by page; fails as {@link FhirServer} does.
 */
public final class AppointmentSearch {

  /** What is written at one time may become visible a little later. */
  private static final Duration OVERLAP = Duration.ofSeconds(10);

  private static final Duration PATIENCE = Duration.ofMinutes(10);
  private static final String TYPE = "Appointment";

  private final FhirServer server;
  private boolean refused;

  AppointmentSearch(FhirServer server) {
    this.server = server;
  }

  /** Whether the server may know what has changed since a time; an answer may show otherwise. */
  public boolean mayKnowChanges() {
    return server.dialect().knowsChanges();
  }

  /**
   * What has changed since, the oldest change first, and a little of what was before.
   *
   * @param page takes a page, and says whether to go on
   * @return false: the server refuses the question, or does not understand it
   */
  public boolean changedSince(Instant time, Page page) {
    Instant from = time.minus(OVERLAP).truncatedTo(ChronoUnit.MILLIS);
    Paging pages =
        server.pages(
            Question.of(TYPE)
                .with("_lastUpdated", "ge" + from)
                .with("_sort", "_lastUpdated")
                .with("_count", "100")
                .whole(),
            PATIENCE);
    List<JsonNode> found = first(pages);
    while (found != null) {
      if (!found.stream().allMatch(appointment -> isSince(appointment, from))) {
        return false;
      }
      if (!page.take(found)) {
        return true;
      }
      found = pages.next();
    }
    return !refused;
  }

  private @Nullable List<JsonNode> first(Paging pages) {
    try {
      refused = false;
      return pages.next();
    } catch (UnusableAnswer unknownQuestion) {
      refused = true;
      return null;
    }
  }

  /** Who ignores a condition answers with everything. */
  private static boolean isSince(JsonNode appointment, Instant from) {
    Instant updated = updated(appointment);
    return updated != null && !updated.isBefore(from.truncatedTo(ChronoUnit.SECONDS));
  }

  /** Takes a page of appointments. */
  public interface Page {
    /** False: enough. */
    boolean take(List<JsonNode> appointments);
  }

  /**
   * The appointments that start on a day, as the server counts its days.
   *
   * @param page takes a page, and says whether to go on
   */
  public void ofDay(LocalDate day, ZoneId zone, Page page) {
    Paging pages =
        server.pages(
            Question.of(TYPE)
                .with("date", "ge" + bound(day, zone), "lt" + bound(day.plusDays(1), zone))
                .with("_count", "100")
                .whole(),
            PATIENCE);
    List<JsonNode> found = pages.next();
    while (found != null && page.take(found)) {
      found = pages.next();
    }
  }

  private String bound(LocalDate day, ZoneId zone) {
    return server.dialect().knowsChanges()
        ? day.atStartOfDay(zone).toInstant().toString()
        : day.toString();
  }

  /**
   * What the server has of an appointment that is known.
   *
   * @param isGone it was asked for by a name that it must have, and is not there
   */
  public record Named(@Nullable JsonNode appointment, boolean isGone) {}

  /** Asks for one by its name. */
  public Named named(AppointmentRecord record) {
    String system = record.system();
    if (system == null && server.dialect() == Dialect.REDOX) {
      // A bare number may be anybody's.
      return new Named(null, false);
    }
    String name = system == null ? record.identifier() : system + "|" + record.identifier();
    boolean canBeAsked = name.indexOf('|') >= 0 || FhirServer.ID.matcher(name).matches();
    if (!canBeAsked) {
      return new Named(null, false);
    }
    List<JsonNode> found = server.whole(TYPE, name);
    boolean isOne = found.size() == 1 && PatientLookUp.isMeant(found.get(0), name);
    return new Named(isOne ? found.get(0) : null, found.isEmpty());
  }

  /** The patient of an appointment; null if there is not exactly one, or they may not be asked. */
  @Nullable JsonNode patientOf(JsonNode appointment) {
    for (Participant participant : FhirAppointment.participants(appointment)) {
      Identifier identifier = participant.identifier();
      if (participant.isPatient() && identifier != null) {
        return patient(identifier.token());
      }
    }
    return null;
  }

  private @Nullable JsonNode patient(String name) {
    try {
      List<JsonNode> found = server.patients(name);
      return found.size() == 1 && PatientLookUp.isMeant(found.get(0), name) ? found.get(0) : null;
    } catch (UnusableAnswer refusedOne) {
      return null;
    }
  }

  /** Whether the server is asked for visits by identifier alone, whatever their ids are. */
  boolean knowsIdentifiersOnly() {
    return server.dialect() == Dialect.REDOX;
  }

  /** When the server last changed it; null if it does not say. */
  public static @Nullable Instant updated(JsonNode appointment) {
    return LenientTime.exact(Json.text(appointment.path("meta"), "lastUpdated"));
  }
}
