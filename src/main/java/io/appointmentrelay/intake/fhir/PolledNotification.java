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
import java.time.Instant;
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

  private static final String AT_FIRST = "at-first";
  private static final String UNKNOWN = "revision-0";

  /**
   * What is asked about.
   *
   * @param identifier what the appointment is known by, or is to be
   * @param revision of the record that the answer differs from; 0: nothing is known
   * @param test whether the appointment is test traffic
   * @param time as of when the answer holds; absent: as the Appointment says, else of the arrival
   * @param atFirst whether it was there before its source was first listened to
   */
  public record Subject(
      Identifier identifier, int revision, boolean test, @Nullable Instant time, boolean atFirst) {}

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
    return of(new Subject(identifier, revision, test, null, false), appointment, patient);
  }

  /** Writes one. Two of the same answer to what is known at the same revision are equal. */
  public static byte[] of(
      Subject subject, @Nullable JsonNode appointment, @Nullable JsonNode patient) {
    Identifier identifier = subject.identifier();
    ObjectNode bundle = JsonNodeFactory.instance.objectNode();
    bundle.put("resourceType", "Bundle").put("type", "collection");
    ObjectNode meta = bundle.putObject("meta");
    meta.withArray("tag").addObject().put("system", SYSTEM).put("code", AppointmentNotice.POLLED);
    if (subject.atFirst()) {
      meta.withArray("tag").addObject().put("system", SYSTEM).put("code", AT_FIRST);
    }
    if (subject.test()) {
      meta.withArray("security").addObject().put("system", TEST_SYSTEM).put("code", TEST);
    }
    bundle.put("id", "revision-" + subject.revision());
    if (subject.time() != null) {
      bundle.put("timestamp", subject.time().toString());
    }
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
    return List.of(
        new Part(AppointmentNotice.POLLED, identifier.value(), replaced(bundle), answer));
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
    boolean isUnknown = UNKNOWN.equals(Json.text(bundle, "id"));
    return new AppointmentNotice(
        label(bundle),
        identifier.value(),
        identifier.system(),
        FhirAppointment.status(appointment),
        FhirAppointment.alone(appointment, zone),
        null,
        replaced(bundle),
        profile(isUnknown ? reference(appointment) : null, patient, zone),
        List.of(),
        time(bundle, appointment, zone),
        TEST.equals(Json.text(bundle.path("meta").path("security").path(0), "code")));
  }

  private static String label(JsonNode bundle) {
    String second = Json.text(bundle.path("meta").path("tag").path(1), "code");
    return AT_FIRST.equals(second) ? AppointmentNotice.POLLED_AT_FIRST : AppointmentNotice.POLLED;
  }

  private static @Nullable Instant time(JsonNode bundle, JsonNode appointment, ZoneId zone) {
    Instant said = LenientTime.exact(Json.text(bundle, "timestamp"));
    return said != null
        ? said
        : LenientTime.instant(Json.text(appointment.path("meta"), "lastUpdated"), zone);
  }

  /** Whose place it takes is asked of what was not known; the others have said it. */
  private static @Nullable String replaced(@Nullable JsonNode bundle) {
    if (bundle == null || !UNKNOWN.equals(Json.text(bundle, "id"))) {
      return null;
    }
    JsonNode appointment = resource(bundle, "Appointment");
    Identifier old = FhirAppointment.replaced(appointment);
    String replaced = old == null ? FhirAppointment.previous(appointment) : old.value();
    Identifier own = Identifier.of(bundle.path("identifier"));
    return own == null || own.value().equals(replaced) ? null : replaced;
  }

  private static @Nullable PatientProfile profile(
      @Nullable String reference, JsonNode patient, ZoneId zone) {
    PatientProfile named = reference == null ? null : PatientProfile.of(reference);
    if (patient.isMissingNode()) {
      return named;
    }
    PatientProfile found = FhirPatient.profile(null, patient, zone);
    return named == null ? found : named.updatedBy(found);
  }

  private static @Nullable String reference(JsonNode appointment) {
    for (Participant participant : FhirAppointment.participants(appointment)) {
      Identifier identifier = participant.identifier();
      if (participant.isPatient() && identifier != null) {
        return identifier.token();
      }
    }
    return null;
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
