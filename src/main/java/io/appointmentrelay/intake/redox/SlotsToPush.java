package io.appointmentrelay.intake.redox;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.appointmentrelay.appointment.OfferedSlot;
import io.appointmentrelay.appointment.Party;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes slots as PushSlots, in batches. */
public final class SlotsToPush {

  private static final int IN_A_BATCH = 200;

  private SlotsToPush() {}

  /**
   * The messages that together are the list; one without slots, if there are none.
   *
   * @param batch what groups them
   */
  public static List<byte[]> of(
      List<OfferedSlot> slots, @Nullable String destination, String batch, Instant now) {
    int total = Math.max(1, (slots.size() + IN_A_BATCH - 1) / IN_A_BATCH);
    List<byte[]> messages = new ArrayList<>();
    for (int current = 1; current <= total; current++) {
      ObjectNode message =
          SchedulingQuestion.message(SchedulingMessage.PUSH_SLOTS, destination, now);
      // The schema has them as strings.
      ((ObjectNode) message.path("Meta"))
          .put("BatchID", batch)
          .put("CurrentBatch", Integer.toString(current))
          .put("TotalBatches", Integer.toString(total));
      message.putArray("Slots");
      slots
          .subList((current - 1) * IN_A_BATCH, Math.min(current * IN_A_BATCH, slots.size()))
          .forEach(slot -> message.withArray("Slots").add(slot(slot)));
      messages.add(message.toString().getBytes(StandardCharsets.UTF_8));
    }
    return messages;
  }

  private static ObjectNode slot(OfferedSlot slot) {
    ObjectNode json = com.fasterxml.jackson.databind.node.JsonNodeFactory.instance.objectNode();
    json.put("ID", slot.id()).put("DateTime", slot.start().toString());
    json.put("Duration", slot.minutes()).put("Reason", slot.reason());
    Party provider = slot.provider();
    if (provider != null) {
      ObjectNode who =
          provider.reference() == null
              ? json.objectNode()
              : SchedulingQuestion.named(provider.reference());
      json.set("Provider", provider.name() == null ? who : who.put("LastName", provider.name()));
    }
    if (slot.location() != null) {
      json.putObject("Location").put("Facility", slot.location().shown());
    }
    return json;
  }
}
