package io.appointmentrelay.intake.redox;

import com.fasterxml.jackson.databind.JsonNode;
import io.appointmentrelay.appointment.AppointmentNotice;
import io.appointmentrelay.appointment.Details;
import io.appointmentrelay.appointment.Notice;
import io.appointmentrelay.appointment.OtherNotice;
import io.appointmentrelay.intake.NotificationReader;
import io.appointmentrelay.intake.Part;
import io.appointmentrelay.intake.ReadingContext;
import io.appointmentrelay.intake.UnreadableNotification;
import io.appointmentrelay.intake.fhir.FhirStatus;
import io.appointmentrelay.intake.fhir.LenientTime;
import io.appointmentrelay.intake.fhir.VisitLength;
import io.appointmentrelay.intake.json.Json;
import io.appointmentrelay.intake.json.SafeText;
import java.time.Instant;
import java.util.List;

/**
 * Reads the Scheduling events of Redox's Data Model: always one part. A message without an event
 * type, or about a visit without a visit number, is unreadable.
 */
public final class RedoxSchedulingReader implements NotificationReader {

  @Override
  public List<Part> glance(byte[] body) {
    SchedulingMessage message = SchedulingMessage.of(body);
    if (message == null || message.event() == null) {
      return List.of(Part.UNREADABLE);
    }
    String event = message.event();
    if (!message.isOfVisit()) {
      return List.of(new Part(event, null, message.deduplicationKey(body)));
    }
    String visitNumber = message.visitNumber();
    String key = visitNumber == null ? null : message.deduplicationKey(body);
    return List.of(new Part(event, visitNumber, message.replaced(), key));
  }

  @Override
  public Notice read(byte[] body, int part, ReadingContext context) throws UnreadableNotification {
    SchedulingMessage message = SchedulingMessage.of(body);
    if (message == null) {
      throw new UnreadableNotification(
          "Redox sends a Data Model message as one JSON object",
          "this notification is something else",
          "It is parked; replay it after the sender is corrected.");
    }
    if (message.event() == null) {
      throw new UnreadableNotification(
          "A Data Model message names its event in Meta.EventType",
          "this one names none",
          "It is parked; check that the source's kind is redox-scheduling, then replay it.");
    }
    if (message.isOfSlots()) {
      return SchedulingSlots.of(message, context);
    }
    return message.isOfVisit()
        ? visit(message, message.event(), context)
        : new OtherNotice(message.event());
  }

  private static Notice visit(SchedulingMessage message, String event, ReadingContext context)
      throws UnreadableNotification {
    String visitNumber = message.visitNumber();
    if (visitNumber == null) {
      throw new UnreadableNotification(
          "A Scheduling message is known by its Visit.VisitNumber",
          "this " + event + " has none",
          "It is parked; ask the sender to map the visit number, then replay it.");
    }
    JsonNode visit = message.root().path("Visit");
    return new AppointmentNotice(
        event,
        visitNumber,
        null,
        event.equals(SchedulingMessage.POLLED) ? status(visit) : null,
        details(visit, context),
        LenientTime.instant(Json.text(visit, "OldDateTime"), context.zone()),
        message.replaced(),
        SchedulingPatient.of(message.root().path("Patient")),
        // Meta.EventDateTime is the time of delivery, new on each attempt (CONTRACTS §4).
        null,
        message.isTest());
  }

  /** What Redox answers when it is asked has no event; a visit that says nothing else is booked. */
  private static String status(JsonNode visit) {
    boolean isOff =
        Json.text(visit, "CancelDateTime") != null || Json.text(visit, "CancelReason") != null;
    String said = Json.text(visit, "Status");
    String status = FhirStatus.of(said);
    if (status != null) {
      return status;
    }
    return switch (said == null ? "" : SafeText.letters(said)) {
      case "completed", "complete", "checkedout", "exited" -> "fulfilled";
      default -> isOff ? "cancelled" : "booked";
    };
  }

  private static Details details(JsonNode visit, ReadingContext context) {
    Instant start = LenientTime.instant(Json.text(visit, "VisitDateTime"), context.zone());
    String type = Json.text(visit, "Type");
    return new Details(
        start,
        VisitLength.endAfter(start, visit.path("Duration")),
        null,
        SchedulingParty.location(visit.path("Location")),
        SchedulingParty.provider(visit.path("VisitProvider"), visit.path("AttendingProvider")),
        type != null ? type : Json.text(visit, "Reason"),
        null,
        null);
  }
}
