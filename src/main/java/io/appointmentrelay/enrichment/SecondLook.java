package io.appointmentrelay.enrichment;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.appointmentrelay.appointment.AppointmentRecord;
import io.appointmentrelay.appointment.Details;
import io.appointmentrelay.appointment.Party;
import io.appointmentrelay.appointment.PatientProfile;
import io.appointmentrelay.appointment.StatusGroup;
import io.appointmentrelay.intake.fhir.FhirAppointment;
import io.appointmentrelay.intake.fhir.FhirPatient;
import io.appointmentrelay.intake.fhir.Identifier;
import io.appointmentrelay.intake.fhir.Participant;
import io.appointmentrelay.intake.fhir.PolledNotification;
import io.appointmentrelay.intake.json.Json;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Asks a source's FHIR server again for an appointment and its patient, and compares the answer
 * with what is known. What the server does not know, or knows twice, says nothing.
 */
public final class SecondLook {

  /**
   * An answer that differs from what is known.
   *
   * @param notification for the inbox
   * @param answer equal for equal answers, whatever they differ from
   */
  public record Difference(byte[] notification, int answer) {}

  private final Supplier<FhirServers> servers;

  /**
   * Builds it; nothing is asked yet.
   *
   * @param servers asked for each time: they are built when the ports are known
   */
  public SecondLook(Supplier<FhirServers> servers) {
    this.servers = servers;
  }

  /** Whether there is a server to ask for appointments of this source. */
  public boolean canAsk(String source) {
    return servers.get().of(source) != null;
  }

  /**
   * The answer as a notification of our own, if it differs from the record in what a person would
   * be told or where they are told it; else null. Waits for the server; fails as {@link FhirServer}
   * does.
   *
   * @param zone of the source, for times without an offset
   */
  public @Nullable Difference whatDiffers(AppointmentRecord record, ZoneId zone) {
    FhirServer server = servers.get().of(record.source());
    if (server == null) {
      return null;
    }
    JsonNode appointment = appointment(record, server);
    JsonNode patient = patient(record, appointment, server);
    boolean visitDiffers = appointment != null && differs(record, appointment, zone);
    boolean personDiffers = patient != null && differs(record.patient(), patient, zone);
    if (!visitDiffers && !personDiffers) {
      return null;
    }
    Identifier identifier = new Identifier(record.system(), record.identifier());
    JsonNode visit = visitDiffers ? appointment : null;
    JsonNode person = personDiffers ? patient : null;
    return new Difference(
        PolledNotification.of(
            new PolledNotification.Subject(
                identifier, record.revision(), record.test(), time(record, visit), false),
            visit,
            person),
        Objects.hash(visit, person));
  }

  /**
   * An answer that does not say how old it is, is as old as what it was held against: what is heard
   * meanwhile is newer.
   */
  private static @Nullable Instant time(AppointmentRecord record, @Nullable JsonNode visit) {
    boolean says = visit != null && Json.text(visit.path("meta"), "lastUpdated") != null;
    return says ? null : record.eventTime();
  }

  private static @Nullable JsonNode appointment(AppointmentRecord record, FhirServer server) {
    String system = record.system();
    if (system == null && server.dialect() == Dialect.REDOX) {
      // A bare number may be anybody's: without its system it finds the wrong visit.
      return null;
    }
    String name = system == null ? record.identifier() : system + "|" + record.identifier();
    List<JsonNode> found = server.appointments(name);
    return found.size() == 1 && PatientLookUp.isMeant(found.get(0), name)
        ? comparable(found.get(0), record.details())
        : null;
  }

  /**
   * The Appointment without the people and places that it calls differently than the notification
   * did: by an id where that had an identifier. They may be the same, and no patient is to be told
   * of a change that is none.
   */
  static JsonNode comparable(JsonNode appointment, Details known) {
    if (!(appointment.path("participant") instanceof ArrayNode all)) {
      return appointment;
    }
    List<Participant> read = FhirAppointment.participants(appointment);
    ObjectNode copy = appointment.deepCopy();
    ArrayNode kept = copy.putArray("participant");
    for (int i = 0; i < all.size(); i++) {
      Participant participant = read.get(i);
      boolean isPlace = participant.isLocation();
      Party before = isPlace ? known.location() : known.practitioner();
      boolean concerns = isPlace || participant.isPractitioner();
      if (!concerns || before == null || sameForm(before.reference(), participant)) {
        kept.add(all.get(i));
      }
    }
    return copy;
  }

  private static boolean sameForm(@Nullable String known, Participant participant) {
    Identifier now = participant.identifier();
    return known != null && now != null && system(known).equals(system(now.token()));
  }

  private static String system(String reference) {
    return reference.substring(0, Math.max(0, reference.indexOf('|')));
  }

  private static @Nullable JsonNode patient(
      AppointmentRecord record, @Nullable JsonNode appointment, FhirServer server) {
    PatientProfile known = record.patient();
    if (known == null) {
      return null;
    }
    for (String name : names(known, appointment)) {
      List<JsonNode> found = server.patients(name);
      if (found.size() == 1 && PatientLookUp.isMeant(found.get(0), name)) {
        return found.get(0);
      }
      if (found.size() > 1) {
        return null;
      }
    }
    return null;
  }

  private static List<String> names(PatientProfile known, @Nullable JsonNode appointment) {
    List<String> names = new ArrayList<>();
    if (known.reference() != null) {
      names.add(known.reference());
    }
    if (appointment != null) {
      for (Participant participant : FhirAppointment.participants(appointment)) {
        Identifier identifier = participant.identifier();
        if (participant.isPatient() && identifier != null && !names.contains(identifier.token())) {
          names.add(identifier.token());
        }
      }
    }
    return names;
  }

  private static boolean differs(AppointmentRecord record, JsonNode appointment, ZoneId zone) {
    StatusGroup known = record.statusGroup();
    String status = FhirAppointment.status(appointment);
    StatusGroup now = status == null ? known : StatusGroup.of(status);
    boolean isOpenAgain = now == StatusGroup.OPEN && known != StatusGroup.OPEN;
    if (known == StatusGroup.REPLACED || isOpenAgain) {
      // The sender's word that a visit is over stands: only "booked" or "restored" revives it.
      return false;
    }
    return known != now || record.details().differsIn(FhirAppointment.alone(appointment, zone));
  }

  private static boolean differs(@Nullable PatientProfile known, JsonNode patient, ZoneId zone) {
    return known != null
        && !known.updatedBy(FhirPatient.profile(null, patient, zone)).equals(known);
  }
}
