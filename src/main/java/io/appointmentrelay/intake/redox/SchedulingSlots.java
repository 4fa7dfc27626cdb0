package io.appointmentrelay.intake.redox;

import com.fasterxml.jackson.databind.JsonNode;
import io.appointmentrelay.appointment.OfferedSlot;
import io.appointmentrelay.appointment.SlotsNotice;
import io.appointmentrelay.intake.ReadingContext;
import io.appointmentrelay.intake.UnreadableNotification;
import io.appointmentrelay.intake.fhir.Identifier;
import io.appointmentrelay.intake.fhir.LenientTime;
import io.appointmentrelay.intake.fhir.VisitLength;
import io.appointmentrelay.intake.json.Json;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads PushSlots: slots of practitioners' calendars, some of them offered, some not. */
final class SchedulingSlots {

  /** Where a notification of our own says in Meta which slots were asked for. */
  static final String ASKED = "Asked";

  private SchedulingSlots() {}

  /**
   * All slots of the message. One slot without a readable time makes the whole unreadable, because
   * a batch replaces what was known, and a slot left out would count as taken away.
   */
  static SlotsNotice of(SchedulingMessage message, ReadingContext context)
      throws UnreadableNotification {
    JsonNode slots = message.root().path("Slots");
    if (!slots.isArray()) {
      throw new UnreadableNotification(
          "PushSlots holds a list named Slots",
          "this one holds none",
          "It is parked; replay it after the sender is corrected.");
    }
    List<OfferedSlot> offered = new ArrayList<>();
    for (JsonNode slot : slots) {
      offered.add(slot(slot, offered.size() + 1, context));
    }
    return new SlotsNotice(
        SchedulingMessage.PUSH_SLOTS,
        batch(message.root().path("Meta")),
        offered,
        message.isTest(),
        asked(message.root().path("Meta").path(ASKED), context));
  }

  private static OfferedSlot slot(JsonNode slot, int place, ReadingContext context)
      throws UnreadableNotification {
    Instant start = LenientTime.instant(Json.text(slot, "DateTime"), context.zone());
    if (start == null) {
      throw new UnreadableNotification(
          "Every slot has a DateTime in ISO 8601",
          "slot number " + place + " has none that can be read",
          "It is parked; replay it after the sender is corrected.");
    }
    Identifier id = Identifier.of(null, Json.text(slot, "ID"));
    return new OfferedSlot(
        id == null ? null : id.value(),
        start,
        VisitLength.minutes(slot.path("Duration")),
        Json.text(slot, "Reason"),
        SchedulingParty.provider(slot.path("Provider")),
        SchedulingParty.location(slot.path("Location")));
  }

  private static SlotsNotice.@Nullable Asked asked(JsonNode asked, ReadingContext context) {
    Instant from = LenientTime.instant(Json.text(asked, "From"), context.zone());
    Instant to = LenientTime.instant(Json.text(asked, "To"), context.zone());
    return from == null || to == null
        ? null
        : new SlotsNotice.Asked(from, to, Json.text(asked, "Provider"));
  }

  private static SlotsNotice.@Nullable Batch batch(JsonNode meta) {
    Identifier id = Identifier.of(null, Json.text(meta, "BatchID"));
    Integer current = Json.integer(meta.path("CurrentBatch"));
    Integer total = Json.integer(meta.path("TotalBatches"));
    if (id == null || current == null || total == null || current < 1 || current > total) {
      return null;
    }
    return new SlotsNotice.Batch(id.value(), current, total);
  }
}
