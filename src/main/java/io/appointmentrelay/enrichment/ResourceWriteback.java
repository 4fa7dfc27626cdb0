package io.appointmentrelay.enrichment;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.appointmentrelay.appointment.AppointmentRecord;
import io.appointmentrelay.appointment.NotWritten;
import io.appointmentrelay.appointment.Reason;
import io.appointmentrelay.appointment.RefusedByOtherEnd;
import io.appointmentrelay.appointment.StatusGroup;
import io.appointmentrelay.appointment.UnusableAnswer;
import io.appointmentrelay.appointment.Writeback;
import io.appointmentrelay.appointment.WritebackOrder;
import io.appointmentrelay.intake.fhir.FhirAppointment;
import io.appointmentrelay.intake.fhir.Identifier;
import io.appointmentrelay.intake.fhir.LenientTime;
import io.appointmentrelay.intake.fhir.Participant;
import io.appointmentrelay.intake.fhir.PolledNotification;
import io.appointmentrelay.intake.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One answer to a FHIR server that keeps Appointments: read, decided by what it says, and written
 * for the version that was read alone. What it holds beside the answer goes back byte for byte as
 * far as JSON means anything. Where it says "written already", nothing is.
 */
final class ResourceWriteback {

  private static final int TIMES = 3;
  private static final String JSON_PATCH = "application/json-patch+json";

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final ObjectReader READER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxNestingDepth(200).build())
                  .build())
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          .build()
          .reader();

  private final FhirServer server;
  private final Findings findings;
  private final WritebackOrder order;
  private final AppointmentRecord record;

  ResourceWriteback(FhirServer server, Findings findings, WritebackOrder order) {
    this.server = server;
    this.findings = findings;
    this.order = order;
    this.record = order.appointment();
  }

  /**
   * An Appointment as the server has it.
   *
   * @param version its version; absent: the server does not say
   */
  private record Kept(ObjectNode resource, @Nullable String version) {
    String status() {
      return Objects.requireNonNullElse(FhirAppointment.status(resource), "booked");
    }
  }

  /** Writes it; returns the version that holds it, or that held it already. */
  String write() {
    AppointmentAtServer place = new AppointmentAtServer(server, order);
    String id = place.asId();
    if (id != null) {
      String path = path(id);
      FhirServer.Reply shown = get(path);
      if (shown.status() != 404) {
        return write(path, shown);
      }
    }
    String path = path(place.byIdentifier());
    return write(path, get(path));
  }

  private static String path(String id) {
    return "/Appointment/" + id;
  }

  private String write(String path, FhirServer.Reply shown) {
    for (int time = 0; time < TIMES; time++) {
      Kept kept = kept(time == 0 ? shown : get(path));
      if (isThere(kept)) {
        return done(kept);
      }
      objectIfMoot(kept);
      FhirServer.Reply reply = put(path, kept);
      if (reply.isDone()) {
        return written(path, reply);
      }
      if (!isOvertaken(reply)) {
        throw refused("HTTP " + reply.status());
      }
    }
    throw new UnusableAnswer(
        "The FHIR server of source "
            + order.source()
            + " was expected to keep an appointment for as long as it takes to answer it; found it changed "
            + TIMES
            + " times. It is tried again later");
  }

  /** 412 by FHIR; some say 409, or 423 while another writes. */
  private static boolean isOvertaken(FhirServer.Reply reply) {
    return reply.status() == 412 || reply.status() == 409 || reply.status() == 423;
  }

  private FhirServer.Reply get(String path) {
    return server.send("GET", path, null, null, null);
  }

  private Kept kept(FhirServer.Reply reply) {
    if (!reply.isDone()) {
      throw refused("HTTP " + reply.status() + " to the question how it is");
    }
    ObjectNode resource = appointment(reply.body());
    if (resource == null) {
      throw new UnusableAnswer(
          "The FHIR server of source "
              + order.source()
              + " was expected to show an appointment; found something else. It is asked again later");
    }
    String versionId = Json.text(resource.path("meta"), "versionId");
    String version = versionId == null ? null : "W/\"" + versionId + "\"";
    return new Kept(resource, reply.etag() == null ? version : reply.etag());
  }

  private static @Nullable ObjectNode appointment(byte[] body) {
    try {
      return READER.readTree(body) instanceof ObjectNode object
              && "Appointment".equals(Json.text(object, "resourceType"))
          ? object
          : null;
    } catch (IOException unreadable) {
      // Jackson's message quotes the body.
      return null;
    }
  }

  /** Whether the answer is there already: of an earlier attempt, or by somebody's hand. */
  private boolean isThere(Kept kept) {
    String status = kept.status();
    if (order.action() == Writeback.CANCEL) {
      return StatusGroup.of(status) == StatusGroup.CANCELLED;
    }
    if (StatusGroup.of(status) != StatusGroup.OPEN) {
      return false;
    }
    List<Integer> patients = patients(kept.resource());
    boolean isAccepted = patients.size() == 1 && "accepted".equals(status(kept, patients.get(0)));
    return server.dialect() == Dialect.CANVAS ? !isUnconfirmed(status) : isAccepted;
  }

  /** Canvas's words for an appointment that nobody has confirmed (CONTRACTS §5). */
  private static boolean isUnconfirmed(String status) {
    return status.equals("proposed") || status.equals("pending");
  }

  private static @Nullable String status(Kept kept, int participant) {
    return Json.text(kept.resource().path("participant").path(participant), "status");
  }

  private void objectIfMoot(Kept kept) {
    String status = kept.status();
    StatusGroup group = StatusGroup.of(status);
    Instant start = LenientTime.instant(Json.text(kept.resource(), "start"), zone());
    Instant known = record.details().start();
    boolean moved = start != null && known != null && !start.equals(known);
    if (group == StatusGroup.OPEN && !moved) {
      return;
    }
    takeIn(kept);
    if (group == StatusGroup.CANCELLED || group == StatusGroup.NOSHOW) {
      throw new NotWritten(Reason.CANCELLED_MEANWHILE, "it has the status " + status);
    }
    if (group == StatusGroup.PRESENT) {
      throw new NotWritten(Reason.VISIT_OVER, "it has the status " + status);
    }
    throw new NotWritten(Reason.MOVED_MEANWHILE, "it has another start");
  }

  private java.time.ZoneId zone() {
    return record.details().zone() == null ? ZoneOffset.UTC : record.details().zone();
  }

  private FhirServer.Reply put(String path, Kept kept) {
    boolean mayPatch = server.dialect() != Dialect.CANVAS;
    if (kept.version() == null && mayPatch) {
      // Without a version only a patch that tests what it changes loses nobody's work.
      FhirServer.Reply patched = patch(path, kept);
      if (!isUnknown(patched)) {
        return patched;
      }
    }
    byte[] body = edited(kept).toString().getBytes(StandardCharsets.UTF_8);
    FhirServer.Reply reply = server.send("PUT", path, Answers.FHIR_JSON, kept.version(), body);
    boolean patchInstead = kept.version() != null && mayPatch && isUnknown(reply);
    return patchInstead ? patch(path, kept) : reply;
  }

  /** The server has no such interaction. */
  private static boolean isUnknown(FhirServer.Reply reply) {
    return reply.status() == 405 || reply.status() == 415;
  }

  private FhirServer.Reply patch(String path, Kept kept) {
    byte[] body = patch(kept).toString().getBytes(StandardCharsets.UTF_8);
    return server.send("PATCH", path, JSON_PATCH, kept.version(), body);
  }

  private ObjectNode edited(Kept kept) {
    ObjectNode copy = kept.resource().deepCopy();
    boolean cancels = order.action() == Writeback.CANCEL;
    Integer patient = patient(kept);
    if (patient != null && copy.path("participant").path(patient) instanceof ObjectNode person) {
      person.put("status", cancels ? "declined" : "accepted");
    }
    if (cancels) {
      copy.put("status", "cancelled");
      copy.set("cancelationReason", byThePatient());
    } else if (server.dialect() == Dialect.CANVAS) {
      copy.put("status", "booked");
    }
    return copy;
  }

  private ArrayNode patch(Kept kept) {
    ArrayNode patch = JSON.arrayNode();
    for (String tested : List.of("status", "start")) {
      JsonNode now = kept.resource().path(tested);
      if (!now.isMissingNode()) {
        operation(patch, "test", "/" + tested, now);
      }
    }
    boolean cancels = order.action() == Writeback.CANCEL;
    Integer patient = patient(kept);
    if (patient != null) {
      String participant = "/participant/" + patient;
      JsonNode person = kept.resource().path("participant").path(patient);
      operation(patch, "test", participant + "/actor", person.path("actor"));
      operation(
          patch, "add", participant + "/status", JSON.textNode(cancels ? "declined" : "accepted"));
    }
    if (cancels) {
      operation(patch, "replace", "/status", JSON.textNode("cancelled"));
      operation(patch, "add", "/cancelationReason", byThePatient());
    }
    return patch;
  }

  private static void operation(ArrayNode patch, String name, String path, JsonNode value) {
    patch.addObject().put("op", name).put("path", path).set("value", value);
  }

  /** The patient's place among the participants; only Canvas may leave it out. */
  private @Nullable Integer patient(Kept kept) {
    List<Integer> patients = patients(kept.resource());
    if (patients.size() == 1) {
      return patients.get(0);
    }
    boolean needless = patients.isEmpty() && server.dialect() == Dialect.CANVAS;
    if (needless || (patients.isEmpty() && order.action() == Writeback.CANCEL)) {
      return null;
    }
    throw refused(patients.size() + " participants that are the patient");
  }

  private static List<Integer> patients(ObjectNode resource) {
    List<Participant> participants = FhirAppointment.participants(resource);
    List<Integer> patients = new ArrayList<>();
    for (int i = 0; i < participants.size(); i++) {
      if (participants.get(i).isPatient()) {
        patients.add(i);
      }
    }
    return patients;
  }

  /** FHIR's own code for a cancellation by the patient. */
  static ObjectNode byThePatient() {
    ObjectNode reason = JSON.objectNode();
    reason
        .withArray("coding")
        .addObject()
        .put("system", "http://terminology.hl7.org/CodeSystem/appointment-cancellation-reason")
        .put("code", "pat")
        .put("display", "Patient");
    return reason;
  }

  /** A yes is believed when the server shows what was written. */
  private String written(String path, FhirServer.Reply reply) {
    boolean shows = appointment(reply.body()) != null;
    Kept now = kept(shows ? reply : get(path));
    if (!isThere(now)) {
      throw new UnusableAnswer(
          "The FHIR server of source "
              + order.source()
              + " was expected to show the answer that it has taken; found it without. It is tried again later");
    }
    return done(now);
  }

  private String done(Kept kept) {
    if (order.action() == Writeback.CANCEL) {
      // The EHR says itself that the visit is off: nobody need wait for its notification.
      takeIn(kept);
    }
    return Objects.requireNonNullElse(kept.version(), order.key());
  }

  /** What the EHR says of the visit's state and time, as if it had sent it. */
  private void takeIn(Kept kept) {
    ObjectNode state = JSON.objectNode().put("resourceType", "Appointment");
    for (String field : List.of("id", "status", "start", "end")) {
      JsonNode value = kept.resource().path(field);
      if (!value.isMissingNode()) {
        state.set(field, value);
      }
    }
    Identifier identifier = new Identifier(record.system(), record.identifier());
    findings.takeIn(
        order.heardAs(),
        PolledNotification.of(identifier, record.revision(), record.test(), state, null));
  }

  private RefusedByOtherEnd refused(String found) {
    return new RefusedByOtherEnd(
        "The FHIR server of source "
            + order.source()
            + " was expected to take an answer to an appointment; found "
            + found
            + ". Enter it by hand, or correct the cause and retry");
  }
}
