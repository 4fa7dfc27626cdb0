package io.appointmentrelay.outbox;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.appointmentrelay.appointment.AppointmentEvent;
import io.appointmentrelay.appointment.AppointmentRecord;
import io.appointmentrelay.appointment.Change;
import io.appointmentrelay.appointment.Details;
import io.appointmentrelay.appointment.Party;
import io.appointmentrelay.appointment.Writeback;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * The JSON of an event as systems get it: type, timestamp, data, as Standard Webhooks asks. Fields
 * are only ever added. It names the patient by the sender's reference alone.
 */
final class EventPayload {

  private static final JsonFactory JSON = new JsonFactory();

  private EventPayload() {}

  static String json(AppointmentEvent event) {
    StringWriter text = new StringWriter(768);
    try (JsonGenerator json = JSON.createGenerator(text)) {
      json.writeStartObject();
      json.writeStringField("type", "appointment." + event.kind().word());
      json.writeStringField("timestamp", event.at().truncatedTo(ChronoUnit.MILLIS).toString());
      json.writeObjectFieldStart("data");
      json.writeStringField("notification", event.notification());
      json.writeStringField("source", event.source());
      json.writeStringField("event", event.kind().name());
      if (event.after().test()) {
        json.writeBooleanField("test", true);
      }
      appointment(json, event.after());
      changes(json, event);
      json.writeEndObject();
      json.writeEndObject();
    } catch (IOException impossible) {
      throw new UncheckedIOException("Writing to memory does not fail", impossible);
    }
    return text.toString();
  }

  /** That an answer did not reach the EHR: somebody must see to it. */
  static String writebackFailed(
      long delivery, Writeback answer, AppointmentRecord record, String reason, Instant at) {
    StringWriter text = new StringWriter(768);
    try (JsonGenerator json = JSON.createGenerator(text)) {
      json.writeStartObject();
      json.writeStringField("type", "writeback.failed");
      json.writeStringField("timestamp", at.truncatedTo(ChronoUnit.MILLIS).toString());
      json.writeObjectFieldStart("data");
      json.writeStringField("delivery", String.valueOf(delivery));
      json.writeStringField("source", record.source());
      json.writeStringField("action", answer.word());
      json.writeStringField("reason", reason);
      if (record.test()) {
        json.writeBooleanField("test", true);
      }
      appointment(json, record);
      json.writeEndObject();
      json.writeEndObject();
    } catch (IOException impossible) {
      throw new UncheckedIOException("Writing to memory does not fail", impossible);
    }
    return text.toString();
  }

  private static void appointment(JsonGenerator json, AppointmentRecord record) throws IOException {
    Details details = record.details();
    json.writeObjectFieldStart("appointment");
    json.writeStringField("identifier", record.identifier());
    optional(json, "system", record.system());
    json.writeStringField("status", record.status());
    optional(json, "start", time(details.start(), details.zone()));
    optional(json, "end", time(details.end(), details.zone()));
    optional(json, "location", shown(details.location()));
    optional(json, "practitioner", shown(details.practitioner()));
    optional(json, "type", details.type());
    optional(json, "modality", details.modality());
    optional(json, "link", details.link());
    optional(json, "patient", record.patient() == null ? null : record.patient().reference());
    json.writeNumberField("version", record.version());
    optional(json, "replaces", record.replaces());
    json.writeEndObject();
  }

  private static void changes(JsonGenerator json, AppointmentEvent event) throws IOException {
    json.writeArrayFieldStart("changes");
    for (Change change : event.changes()) {
      json.writeStartObject();
      json.writeStringField("field", change.field());
      optional(json, "before", change.before());
      optional(json, "after", change.after());
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private static void optional(JsonGenerator json, String field, @Nullable String value)
      throws IOException {
    if (value != null) {
      json.writeStringField(field, value);
    }
  }

  private static @Nullable String shown(@Nullable Party party) {
    return party == null ? null : party.shown();
  }

  private static @Nullable String time(@Nullable Instant at, @Nullable ZoneId zone) {
    return at == null
        ? null
        : DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(
            at.atZone(zone == null ? ZoneOffset.UTC : zone));
  }
}
