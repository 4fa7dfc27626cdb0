package io.appointmentrelay.intake.subscription;

import com.fasterxml.jackson.databind.JsonNode;
import io.appointmentrelay.appointment.AppointmentNotice;
import io.appointmentrelay.appointment.Details;
import io.appointmentrelay.appointment.Notice;
import io.appointmentrelay.appointment.OtherNotice;
import io.appointmentrelay.appointment.PatientProfile;
import io.appointmentrelay.intake.NotificationReader;
import io.appointmentrelay.intake.Part;
import io.appointmentrelay.intake.ReadingContext;
import io.appointmentrelay.intake.UnreadableNotification;
import io.appointmentrelay.intake.fhir.FhirAppointment;
import io.appointmentrelay.intake.fhir.FhirPatient;
import io.appointmentrelay.intake.fhir.Identifier;
import io.appointmentrelay.intake.fhir.LenientTime;
import io.appointmentrelay.intake.fhir.Participant;
import io.appointmentrelay.intake.fhir.TestMark;
import io.appointmentrelay.intake.json.Json;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads what FHIR subscriptions send: one part per event. An event that only names its appointment
 * is a notice that says nothing else, for the route to look it up; one that names none, as an empty
 * body, is {@value SubscriptionLabel#UNNAMED}, for the route to search. A repeat is known by the
 * event's number and time, a resource by its version; the time of an event is that of the resource,
 * else its own.
 */
public final class SubscriptionReader implements NotificationReader {

  private static final Part EMPTY_BODY = new Part(SubscriptionLabel.UNNAMED, null, null);

  @Override
  public List<Part> glance(byte[] body) {
    if (body.length == 0) {
      return List.of(EMPTY_BODY);
    }
    JsonNode root = Json.object(body);
    List<Subject> subjects = root == null ? List.of() : Subject.in(root);
    if (subjects.isEmpty()) {
      return List.of(Part.UNREADABLE);
    }
    if (subjects.size() > Subject.MOST) {
      return List.of(new Part(subjects.get(0).label(), null, null));
    }
    List<Part> parts = new ArrayList<>(subjects.size());
    for (Subject subject : subjects) {
      Identifier name = subject.name();
      parts.add(
          new Part(
              subject.label(),
              name == null ? null : name.value(),
              replaced(subject),
              name == null ? null : subject.deduplicationKey(),
              subject.numbers()));
    }
    return parts;
  }

  @Override
  public Notice read(byte[] body, int part, ReadingContext context) throws UnreadableNotification {
    if (body.length == 0) {
      return new OtherNotice(SubscriptionLabel.UNNAMED);
    }
    JsonNode root = Json.object(body);
    List<Subject> subjects = root == null ? List.of() : Subject.in(root);
    if (subjects.isEmpty()) {
      throw new UnreadableNotification(
          "A FHIR subscription sends nothing, an Appointment, or a Bundle with a SubscriptionStatus"
              + " or the Parameters that stand for it",
          "this notification is something else",
          "It is parked; check what the Subscription's payload is, then replay it.");
    }
    if (subjects.size() > Subject.MOST) {
      throw new UnreadableNotification(
          "A subscription's Bundle tells at most " + Subject.MOST + " events",
          "this one tells " + subjects.size(),
          "It is parked; have the server send fewer at once (maxCount), then ask it for these.");
    }
    Subject subject = subjects.get(part);
    return subject.isAppointment()
        ? appointment(subject, context)
        : new OtherNotice(subject.label());
  }

  /** Whether a server answered with events, of whatever number. */
  public static boolean tellsEvents(byte[] body) {
    JsonNode root = Json.object(body);
    SubscriptionBundle bundle = root == null ? null : SubscriptionBundle.of(root);
    return bundle != null && bundle.tellsEvents() && !bundle.events().isEmpty();
  }

  private static AppointmentNotice appointment(Subject subject, ReadingContext context)
      throws UnreadableNotification {
    Identifier name = subject.name();
    if (name == null) {
      throw new UnreadableNotification(
          "An event's focus names an Appointment by reference or identifier, and an Appointment has"
              + " an id",
          "this one has none that lasts beyond the message",
          "It is parked; ask for the subscription's events again, or look into the EHR.");
    }
    JsonNode resource = subject.appointment();
    if (resource == null || subject.deleted()) {
      return new AppointmentNotice(
          subject.label(),
          name.value(),
          name.system(),
          subject.deleted() ? "entered-in-error" : null,
          Details.NONE,
          null,
          null,
          null,
          eventTime(subject, context),
          TestMark.isOn(subject.root()));
    }
    List<Participant> participants = Participant.of(resource, subject.index());
    Details details = FhirAppointment.details(resource, participants, context.zone());
    return new AppointmentNotice(
        subject.label(),
        name.value(),
        name.system(),
        FhirAppointment.status(resource),
        details.filledFrom(FhirAppointment.alone(resource, context.zone())),
        FhirAppointment.oldStart(resource, context.zone()),
        replaced(subject),
        patient(participants, context),
        eventTime(subject, context),
        TestMark.isOn(subject.root()) || TestMark.isOn(resource));
  }

  private static @Nullable String replaced(Subject subject) {
    JsonNode resource = subject.appointment();
    Identifier name = subject.name();
    Identifier old = resource == null ? null : FhirAppointment.replaced(resource);
    return old == null || name == null || old.value().equals(name.value()) ? null : old.value();
  }

  private static @Nullable PatientProfile patient(
      List<Participant> participants, ReadingContext context) {
    for (Participant participant : participants) {
      Identifier identifier = participant.identifier();
      JsonNode resource = participant.resource();
      String token = identifier == null ? null : identifier.token();
      if (participant.isPatient() && resource != null) {
        return FhirPatient.profile(token, resource, context.zone());
      }
      if (participant.isPatient() && token != null) {
        return PatientProfile.of(token);
      }
    }
    return null;
  }

  /** A clock that runs ahead of ours would make everything after it stale. */
  private static @Nullable Instant eventTime(Subject subject, ReadingContext context) {
    JsonNode resource = subject.appointment();
    SubscriptionEvent event = subject.event();
    Instant updated =
        resource == null
            ? null
            : LenientTime.exact(Json.text(resource.path("meta"), "lastUpdated"));
    Instant told = event == null ? null : LenientTime.exact(event.timestamp());
    Instant time = updated != null && !subject.deleted() ? updated : told;
    return time != null && time.isAfter(context.receivedAt()) ? null : time;
  }
}
