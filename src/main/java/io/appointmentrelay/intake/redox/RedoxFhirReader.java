package io.appointmentrelay.intake.redox;

import com.fasterxml.jackson.databind.JsonNode;
import io.appointmentrelay.appointment.AppointmentNotice;
import io.appointmentrelay.appointment.Notice;
import io.appointmentrelay.appointment.OtherNotice;
import io.appointmentrelay.intake.NotificationReader;
import io.appointmentrelay.intake.Part;
import io.appointmentrelay.intake.ReadingContext;
import io.appointmentrelay.intake.UnreadableNotification;
import io.appointmentrelay.intake.fhir.BundleIndex;
import io.appointmentrelay.intake.fhir.FhirAppointment;
import io.appointmentrelay.intake.fhir.Identifier;
import io.appointmentrelay.intake.fhir.LenientTime;
import io.appointmentrelay.intake.fhir.Participant;
import io.appointmentrelay.intake.json.Json;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads Redox's FHIR message bundles: one part per Appointment entry. It never validates, because
 * none of Redox's own examples is valid (CONTRACTS §1.8); a bundle without a named event, or an
 * appointment event without an appointment that has an identifier, is unreadable.
 */
public final class RedoxFhirReader implements NotificationReader {

  @Override
  public List<Part> glance(byte[] body) {
    RedoxBundle bundle = RedoxBundle.of(body);
    if (bundle == null || bundle.event() == null) {
      return List.of(Part.UNREADABLE);
    }
    String event = bundle.event();
    if (!RedoxEventName.isOfAppointment(event)) {
      return List.of(new Part(event, null, keyPrefix(bundle, body)));
    }
    if (!bundle.holdsReadableNumber()) {
      return List.of(new Part(event, null, null));
    }
    return appointments(bundle, event, keyPrefix(bundle, body));
  }

  @Override
  public Notice read(byte[] body, int part, ReadingContext context) throws UnreadableNotification {
    RedoxBundle bundle = RedoxBundle.of(body);
    if (bundle == null) {
      throw new UnreadableNotification(
          "Redox sends a FHIR message Bundle as one JSON object",
          "this notification is something else",
          "It is parked; replay it after the sender is corrected.");
    }
    if (bundle.event() == null) {
      throw new UnreadableNotification(
          "A message Bundle holds a MessageHeader whose eventUri or eventCoding names the event",
          "this one names none",
          "It is parked; check that the source's kind is redox-fhir, then replay it.");
    }
    if (!RedoxEventName.isOfAppointment(bundle.event())) {
      return new OtherNotice(bundle.event());
    }
    if (!bundle.holdsReadableNumber()) {
      throw new UnreadableNotification(
          "A Bundle of event "
              + bundle.event()
              + " holds 1 to "
              + RedoxBundle.MOST_APPOINTMENTS
              + " Appointments",
          "this one holds " + bundle.appointments().size(),
          "It is parked; replay it after the sender is corrected.");
    }
    return appointment(bundle, bundle.event(), bundle.appointments().get(part), context);
  }

  private static List<Part> appointments(RedoxBundle bundle, String event, String keyPrefix) {
    List<Part> parts = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    for (JsonNode entry : bundle.appointments()) {
      Identifier identifier = VisitIdentifier.of(entry);
      if (identifier == null) {
        parts.add(new Part(event, null, null));
        continue;
      }
      String key = keyPrefix + " " + identifier.token();
      // Two entries for one visit are two parts, not a part and its repeat.
      String unique = seen.add(key) ? key : key + " " + parts.size();
      parts.add(new Part(event, identifier.value(), DeduplicationKey.of(unique)));
    }
    return parts;
  }

  private static String keyPrefix(RedoxBundle bundle, byte[] body) {
    String id = Json.text(bundle.root(), "id");
    if (id == null) {
      return DeduplicationKey.ofBody(body);
    }
    String timestamp = Json.text(bundle.root(), "timestamp");
    return DeduplicationKey.of(id + " " + timestamp + " " + bundle.event());
  }

  private static Notice appointment(
      RedoxBundle bundle, String event, JsonNode entry, ReadingContext context)
      throws UnreadableNotification {
    Identifier identifier = VisitIdentifier.of(entry);
    if (identifier == null) {
      throw new UnreadableNotification(
          "An Appointment is known by an identifier, by its fullUrl or by its id",
          "this one has none that lasts beyond the message",
          "It is parked; ask the sender to include the visit number, then replay it.");
    }
    JsonNode appointment = entry.path("resource");
    ZoneId zone = context.zone();
    BundleIndex index = new BundleIndex(bundle.root());
    List<Participant> participants = Participant.of(appointment, index);
    BundlePatient patient = new BundlePatient(bundle, index, zone);
    return new AppointmentNotice(
        event,
        identifier.value(),
        identifier.system(),
        FhirAppointment.status(appointment),
        FhirAppointment.details(appointment, participants, zone),
        FhirAppointment.oldStart(appointment, zone),
        replaced(appointment, identifier),
        patient.of(participants),
        patient.identifiers(participants),
        eventTime(bundle, context),
        bundle.isTest(appointment));
  }

  /** A visit number that did not change replaces nothing. */
  private static @Nullable String replaced(JsonNode appointment, Identifier identifier) {
    Identifier old = FhirAppointment.replaced(appointment);
    return old == null || old.value().equals(identifier.value()) ? null : old.value();
  }

  /** A clock that runs ahead of ours would make everything after it stale. */
  private static @Nullable Instant eventTime(RedoxBundle bundle, ReadingContext context) {
    Instant timestamp = LenientTime.exact(Json.text(bundle.root(), "timestamp"));
    boolean ahead = timestamp != null && timestamp.isAfter(context.receivedAt());
    return ahead ? null : timestamp;
  }
}
