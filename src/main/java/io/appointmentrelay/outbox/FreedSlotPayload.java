package io.appointmentrelay.outbox;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.appointmentrelay.appointment.AppointmentEvent;
import io.appointmentrelay.appointment.AppointmentRecord;
import io.appointmentrelay.appointment.FreedSlot;
import io.appointmentrelay.appointment.Party;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The JSON of a freed slot as systems get it. Fields are only ever added; it names no patient. */
final class FreedSlotPayload {

  static final String TYPE = "slot.freed";

  private FreedSlotPayload() {}

  static String json(AppointmentEvent event, FreedSlot slot) {
    AppointmentRecord record = event.after();
    ZoneId zone = record.details().zone();
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("type", TYPE);
    json.put("timestamp", event.at().truncatedTo(ChronoUnit.MILLIS).toString());
    ObjectNode data = json.putObject("data");
    data.put("notification", event.notification()).put("source", event.source());
    data.put("event", event.kind().name());
    if (record.test()) {
      data.put("test", true);
    }
    ObjectNode freed = data.putObject("slot");
    optional(freed, "start", time(slot.start(), zone));
    optional(freed, "end", time(slot.end(), zone));
    party(freed, "practitioner", slot.practitioner());
    party(freed, "location", slot.location());
    AppointmentRecord left = Objects.requireNonNullElse(event.replaced(), record);
    data.putObject("appointment").put("identifier", left.identifier());
    return json.toString();
  }

  private static void party(ObjectNode slot, String field, @Nullable Party party) {
    if (party != null) {
      slot.put(field, party.shown());
      optional(slot, field + "Reference", party.reference());
    }
  }

  private static void optional(ObjectNode node, String field, @Nullable String value) {
    if (value != null) {
      node.put(field, value);
    }
  }

  private static @Nullable String time(@Nullable Instant at, @Nullable ZoneId zone) {
    return at == null
        ? null
        : DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(
            at.atZone(zone == null ? ZoneOffset.UTC : zone));
  }
}
