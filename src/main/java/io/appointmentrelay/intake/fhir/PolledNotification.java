package io.appointmentrelay.intake.fhir;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.appointmentrelay.appointment.AppointmentNotice;
import io.appointmentrelay.appointment.PatientProfile;
import io.appointmentrelay.intake.NotificationReader;
import io.appointmentrelay.intake.Part;
import io.appointmentrelay.intake.ReadingContext;
import io.appointmentrelay.intake.UnreadableNotification;
import io.appointmentrelay.intake.json.Json;
import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an EHR answered when it was asked, as a notification of our own: a FHIR Bundle of type
 * collection with the Appointment and the Patient, that begins with bytes no sender's does. Whoever
 * may speak for the source may send one too.
 */
public final class PolledNotification implements NotificationReader {

  private static final String SYSTEM = "urn:appointment-relay:event";
  private static final byte[] BEGINNING =
      ("{\"resourceType\":\"Bundle\",\"type\":\"collection\",\"meta\":{\"tag\":[{\"system\":\""
              + SYSTEM
              + "\",\"code\":\""
              + AppointmentNotice.POLLED
              + "\"}")
          .getBytes(StandardCharsets.UTF_8);

  /** FHIR's mark of test data (HL7 v3 ActReason). */
  private static final String TEST_SYSTEM = "http://terminology.hl7.org/CodeSystem/v3-ActReason";

  private static final String TEST = "HTEST";

  /** Whether the bytes are one. */
  public static boolean is(byte[] body) {
    return body.length > BEGINNING.length
        && Arrays.equals(body, 0, BEGINNING.length, BEGINNING, 0, BEGINNING.length);
  }

  /**
   * Writes one. Two of the same answer to what is known at the same revision are equal.
   *
   * @param identifier what the appointment is known by
   * @param revision of the record that the answer differs from
   * @param test whether the appointment is test traffic
   */
  public static byte[] of(
      Identifier identifier,
      int revision,
      boolean test,
      @Nullable JsonNode appointment,
      @Nullable JsonNode patient) {
    ObjectNode bundle = JsonNodeFactory.instance.objectNode();
    bundle.put("resourceType", "Bundle").put("type", "collection");
    ObjectNode meta = bundle.putObject("meta");
    meta.withArray("tag").addObject().put("system", SYSTEM).put("code", AppointmentNotice.POLLED);
    if (test) {
      meta.withArray("security").addObject().put("system", TEST_SYSTEM).put("code", TEST);
    }
    bundle.put("id", "revision-" + revision);
    ObjectNode name = bundle.putObject("identifier");
    if (identifier.system() != null) {
      name.put("system", identifier.system());
    }
    name.put("value", identifier.value());
    for (JsonNode resource : new JsonNode[] {appointment, patient}) {
      if (resource != null) {
        bundle.withArray("entry").addObject().set("resource", resource);
      }
    }
    return bundle.toString().getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public List<Part> glance(byte[] body) {
    JsonNode bundle = Json.object(body);
    Identifier identifier = bundle == null ? null : Identifier.of(bundle.path("identifier"));
    if (identifier == null) {
      return List.of(Part.UNREADABLE);
    }
    String answer = new String(body, StandardCharsets.UTF_8);
    return List.of(new Part(AppointmentNotice.POLLED, identifier.value(), answer));
  }

  @Override
  public AppointmentNotice read(byte[] body, int part, ReadingContext context)
      throws UnreadableNotification {
    JsonNode bundle = Json.object(body);
    Identifier identifier = bundle == null ? null : Identifier.of(bundle.path("identifier"));
    if (bundle == null || identifier == null) {
      throw new UnreadableNotification(
          "A polled notification is a FHIR Bundle that names its appointment by identifier",
          "this one does not",
          "It is parked; nothing is lost, the EHR is asked again before the next message.");
    }
    JsonNode appointment = resource(bundle, "Appointment");
    JsonNode patient = resource(bundle, "Patient");
    ZoneId zone = context.zone();
    PatientProfile profile =
        patient.isMissingNode() ? null : FhirPatient.profile(null, patient, zone);
    return new AppointmentNotice(
        AppointmentNotice.POLLED,
        identifier.value(),
        identifier.system(),
        FhirAppointment.status(appointment),
        FhirAppointment.alone(appointment, zone),
        null,
        null,
        profile,
        List.of(),
        LenientTime.instant(Json.text(appointment.path("meta"), "lastUpdated"), zone),
        TEST.equals(Json.text(bundle.path("meta").path("security").path(0), "code")));
  }

  private static JsonNode resource(JsonNode bundle, String type) {
    for (JsonNode entry : Json.items(bundle.path("entry"))) {
      if (type.equals(Json.text(entry.path("resource"), "resourceType"))) {
        return entry.path("resource");
      }
    }
    return bundle.path("none");
  }
}
