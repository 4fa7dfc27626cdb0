package io.appointmentrelay.intake.redox;

import com.fasterxml.jackson.databind.JsonNode;
import io.appointmentrelay.intake.fhir.TestMark;
import io.appointmentrelay.intake.json.Json;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A message bundle taken apart as far as the door needs it.
 *
 * @param event what the MessageHeader says happened; absent if there is no header or it says
 *     nothing
 * @param appointments the entries with an Appointment, in their order
 */
record RedoxBundle(
    JsonNode root, JsonNode header, @Nullable String event, List<JsonNode> appointments) {

  /** Each is read for itself from the whole body, so a thousand would keep us busy for minutes. */
  static final int MOST_APPOINTMENTS = 500;

  /** The bundle, or null if the bytes are no JSON object. */
  static @Nullable RedoxBundle of(byte[] body) {
    JsonNode root = Json.object(body);
    if (root == null) {
      return null;
    }
    JsonNode header = root.path("none");
    List<JsonNode> appointments = new ArrayList<>();
    // The MessageHeader should come first, and does not always.
    for (JsonNode entry : Json.items(root.path("entry"))) {
      JsonNode resource = entry.path("resource");
      JsonNode type = resource.path("resourceType");
      if (type.isTextual() && type.textValue().equals("Appointment")) {
        appointments.add(entry);
      } else if (type.isTextual() && type.textValue().equals("MessageHeader")) {
        header = header.isMissingNode() ? resource : header;
      }
    }
    return new RedoxBundle(root, header, RedoxEventName.of(header), appointments);
  }

  /** Whether there are appointments, and not too many. */
  boolean holdsReadableNumber() {
    return !appointments.isEmpty() && appointments.size() <= MOST_APPOINTMENTS;
  }

  /** Whether the sender marks the bundle or the appointment as test traffic. */
  boolean isTest(JsonNode appointment) {
    return TestMark.isOn(root) || TestMark.isOn(header) || TestMark.isOn(appointment);
  }
}
