package io.appointmentrelay.intake.canvas;

import com.fasterxml.jackson.databind.JsonNode;
import io.appointmentrelay.appointment.Notice;
import io.appointmentrelay.appointment.OtherNotice;
import io.appointmentrelay.intake.NotificationReader;
import io.appointmentrelay.intake.Part;
import io.appointmentrelay.intake.ReadingContext;
import io.appointmentrelay.intake.UnreadableNotification;
import io.appointmentrelay.intake.json.Json;
import java.util.List;

/**
 * Reads Canvas's appointment notifications, in Canvas's own format and in the sync plugin's: always
 * one part, never with a de-duplication key, because the cycle cancelled, reverted, cancelled
 * repeats its bytes and means it (CONTRACTS §1.12). Without exactly one event a notification is
 * unreadable; without the appointment's id it is for the route to find out.
 */
public final class CanvasReader implements NotificationReader {

  @Override
  public List<Part> glance(byte[] body) {
    JsonNode root = Json.object(body);
    if (root == null) {
      return List.of(Part.UNREADABLE);
    }
    CanvasEvent event = CanvasEvent.of(root);
    String appointment =
        event.plugin() ? PluginFormat.appointmentId(root) : FlagFormat.appointmentId(root);
    return List.of(new Part(event.label(), appointment, null));
  }

  @Override
  public Notice read(byte[] body, int part, ReadingContext context) throws UnreadableNotification {
    JsonNode root = Json.object(body);
    if (root == null) {
      throw new UnreadableNotification(
          "Canvas sends a notification as one JSON object",
          "this one is something else",
          "It is parked; replay it after the sender is corrected.");
    }
    CanvasEvent event = CanvasEvent.of(root);
    String label = event.label();
    if (label == null) {
      throw new UnreadableNotification(
          "Canvas sets exactly one of " + CanvasEvent.FLAGS + " to true",
          "this notification set " + event.labels(),
          "It is parked; replay it after the sender is corrected.");
    }
    if (!event.isOfAppointment()) {
      return new OtherNotice(label);
    }
    return event.plugin()
        ? PluginFormat.notice(root, label, context)
        : FlagFormat.notice(root, label, context);
  }
}
