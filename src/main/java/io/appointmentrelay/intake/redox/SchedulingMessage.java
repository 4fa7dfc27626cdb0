package io.appointmentrelay.intake.redox;

import com.fasterxml.jackson.databind.JsonNode;
import io.appointmentrelay.appointment.AppointmentNotice;
import io.appointmentrelay.intake.fhir.Identifier;
import io.appointmentrelay.intake.json.Json;
import io.appointmentrelay.intake.json.SafeText;
import org.jspecify.annotations.Nullable;

/**
 * A message of Redox's Data Model taken apart as far as the door needs it.
 *
 * @param event Meta.EventType in Redox's spelling; another data model's event carries the model's
 *     name before a dot; absent if there is none
 */
record SchedulingMessage(JsonNode root, @Nullable String event) {

  static final String PUSH_SLOTS = "PushSlots";

  /** What Redox answered of a visit when it was asked; our own word. */
  static final String POLLED = AppointmentNotice.POLLED;

  /** The message, or null if the bytes are no JSON object. */
  static @Nullable SchedulingMessage of(byte[] body) {
    JsonNode root = Json.object(body);
    return root == null ? null : new SchedulingMessage(root, event(root.path("Meta")));
  }

  /** Whether the event speaks of one visit. */
  boolean isOfVisit() {
    return event != null
        && switch (event) {
          case "New", "Modification", "Reschedule", "Cancel", "NoShow", POLLED -> true;
          default -> false;
        };
  }

  boolean isOfSlots() {
    return PUSH_SLOTS.equals(event);
  }

  /** The visit number, which is the key; null if it is not said. */
  @Nullable String visitNumber() {
    Identifier number = Identifier.of(null, Json.text(root.path("Visit"), "VisitNumber"));
    return number == null ? null : number.value();
  }

  /** The visit number before; null if there was none, or the same: that replaces nothing. */
  @Nullable String replaced() {
    Identifier old = Identifier.of(null, Json.text(root.path("Visit"), "OldVisitNumber"));
    return old == null || old.value().equals(visitNumber()) ? null : old.value();
  }

  /** Redox's log id, whose AttemptID changes with each attempt while it does not; else the body. */
  String deduplicationKey(byte[] body) {
    for (JsonNode log : Json.items(root.path("Meta").path("Logs"))) {
      String id = Json.text(log, "ID");
      return id == null ? DeduplicationKey.ofBody(body) : DeduplicationKey.of(id);
    }
    return DeduplicationKey.ofBody(body);
  }

  boolean isTest() {
    return Boolean.TRUE.equals(Json.flag(root.path("Meta").path("Test")));
  }

  private static @Nullable String event(JsonNode meta) {
    String said = Json.text(meta, "EventType");
    if (said == null) {
      return null;
    }
    String model = Json.text(meta, "DataModel");
    // Orders, referrals and results have an event New too.
    if (model != null && !model.equalsIgnoreCase("Scheduling")) {
      return SafeText.label(model + "." + said);
    }
    return switch (SafeText.letters(said)) {
      case "new" -> "New";
      case "modification" -> "Modification";
      case "reschedule" -> "Reschedule";
      case "cancel" -> "Cancel";
      case "noshow" -> "NoShow";
      case "pushslots" -> PUSH_SLOTS;
      case POLLED -> POLLED;
      default -> SafeText.label(said);
    };
  }
}
