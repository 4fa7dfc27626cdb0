package io.appointmentrelay.enrichment;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.appointmentrelay.appointment.AppointmentRecord;
import io.appointmentrelay.appointment.Details;
import io.appointmentrelay.appointment.OtherEndUnavailable;
import io.appointmentrelay.appointment.Party;
import io.appointmentrelay.appointment.PatientProfile;
import io.appointmentrelay.appointment.RefusedByOtherEnd;
import io.appointmentrelay.appointment.UnusableAnswer;
import io.appointmentrelay.appointment.Writeback;
import io.appointmentrelay.appointment.WritebackOrder;
import io.appointmentrelay.intake.json.Json;
import io.appointmentrelay.intake.json.SafeText;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * Answers to Redox: a FHIR message to {@code Appointment/$appointment-update} or {@code
 * $appointment-cancel} (CONTRACTS §3). Redox takes it and passes it on; what came of it tells the
 * EHR. Every attempt is the same message, by the ids of its bundle and header, and asks for a state
 * and not for a step: twice is as once.
 */
public final class RedoxWriteback {

  private static final String EVENT = "https://fhir.redoxengine.com/EventDefinition/";
  private static final String OURS = "urn:appointment-relay:writeback";

  private final String clinic;
  private final Clock clock;

  /**
   * @param clinic in whose name it is sent
   */
  public RedoxWriteback(String clinic, Clock clock) {
    this.clinic = clinic;
    this.clock = clock;
  }

  /** Has it taken; returns the message's id. */
  String write(FhirServer server, WritebackOrder order) {
    boolean cancels = order.action() == Writeback.CANCEL;
    String path = "/Appointment/$appointment-" + (cancels ? "cancel" : "update");
    FhirServer.Reply reply =
        server.send("POST", path, Answers.FHIR_JSON, null, message(server, order));
    if (!reply.isDone()) {
      throw refused(server, "HTTP " + reply.status());
    }
    read(server, reply.body());
    return order.key();
  }

  private static void read(FhirServer server, byte[] body) {
    if (body.length == 0) {
      return;
    }
    JsonNode answer = Json.object(body);
    if (answer == null) {
      throw new UnusableAnswer(
          "Redox was expected to answer source "
              + server.source()
              + " in JSON; found something else. It is asked again later");
    }
    look(server, answer);
    for (JsonNode entry : Json.items(answer.path("entry"))) {
      look(server, entry.path("resource"));
    }
  }

  private static void look(FhirServer server, JsonNode resource) {
    String type = Json.text(resource, "resourceType");
    if ("OperationOutcome".equals(type)) {
      Json.items(resource.path("issue")).forEach(issue -> judge(server, issue));
    }
    String response = Json.text(resource.path("response"), "code");
    if ("MessageHeader".equals(type) && response != null && !response.equals("ok")) {
      if (response.equals("transient-error")) {
        throw unavailable(server, response);
      }
      throw refused(server, String.valueOf(SafeText.label(response)));
    }
  }

  private static void judge(FhirServer server, JsonNode issue) {
    String severity = Json.text(issue, "severity");
    boolean isError = "error".equals(severity) || "fatal".equals(severity);
    if (!isError) {
      return;
    }
    String code = SafeText.label(Json.text(issue, "code"));
    String found = "an OperationOutcome (" + (code == null ? "no code" : code) + ")";
    if (code != null && OutcomeInstead.TRANSIENT.contains(code)) {
      throw unavailable(server, found);
    }
    throw refused(server, found);
  }

  private static OtherEndUnavailable unavailable(FhirServer server, String found) {
    return new OtherEndUnavailable(
        "Redox was expected to take what source "
            + server.source()
            + " writes; found "
            + found
            + ". It is asked again later");
  }

  private static RefusedByOtherEnd refused(FhirServer server, String found) {
    return new RefusedByOtherEnd(
        "Redox was expected to take what source "
            + server.source()
            + " writes; found "
            + found
            + ". Enter it by hand, or correct the cause and retry");
  }

  private byte[] message(FhirServer server, WritebackOrder order) {
    AppointmentRecord record = order.appointment();
    boolean cancels = order.action() == Writeback.CANCEL;
    ObjectNode bundle = JsonNodeFactory.instance.objectNode();
    bundle.put("resourceType", "Bundle").put("id", order.key());
    bundle.putObject("identifier").put("system", OURS).put("value", order.key());
    bundle.put("type", "message").put("timestamp", at(clock.instant()));
    ObjectNode header = entry(bundle, "MessageHeader", "header-" + order.key());
    header.put("eventUri", EVENT + (cancels ? "AppointmentCancel" : "AppointmentUpdate"));
    header.putObject("source").put("name", clinic).put("endpoint", server.clientId());
    header.withArray("focus").addObject().put("reference", "Appointment/visit");
    ObjectNode visit = entry(bundle, "Appointment", "visit");
    identifier(visit.withArray("identifier").addObject(), record.system(), record.identifier());
    visit.put("status", cancels ? "cancelled" : record.status());
    if (cancels) {
      visit.set("cancelationReason", ResourceWriteback.byThePatient());
    }
    when(visit, record.details());
    ObjectNode patient = visit.withArray("participant").addObject();
    patient.putObject("actor").put("reference", "Patient/person");
    patient.put("status", cancels ? "declined" : "accepted");
    others(visit, bundle, "Location", record.details().location());
    others(visit, bundle, "Practitioner", record.details().practitioner());
    person(entry(bundle, "Patient", "person"), record.patient());
    return bundle.toString().getBytes(java.nio.charset.StandardCharsets.UTF_8);
  }

  private static void when(ObjectNode visit, Details details) {
    Instant start = details.start();
    Instant end = details.end();
    if (start != null) {
      visit.put("start", at(start));
    }
    if (end != null) {
      visit.put("end", at(end));
    }
  }

  private static void others(
      ObjectNode visit, ObjectNode bundle, String type, @Nullable Party party) {
    if (party == null) {
      return;
    }
    String id = type.toLowerCase(java.util.Locale.ROOT);
    ObjectNode participant = visit.withArray("participant").addObject();
    ObjectNode actor = participant.putObject("actor").put("reference", type + "/" + id);
    participant.put("status", "accepted");
    if (party.name() != null) {
      actor.put("display", party.name());
    }
    ObjectNode resource = entry(bundle, type, id);
    if (party.reference() != null) {
      token(resource, party.reference());
    }
  }

  private static void person(ObjectNode resource, @Nullable PatientProfile patient) {
    if (patient != null && patient.reference() != null) {
      token(resource, patient.reference());
    }
  }

  private static void token(ObjectNode resource, String token) {
    int bar = token.indexOf('|');
    identifier(
        resource.withArray("identifier").addObject(),
        bar <= 0 ? null : token.substring(0, bar),
        token.substring(bar + 1));
  }

  private static void identifier(ObjectNode element, @Nullable String system, String value) {
    if (system != null) {
      element.put("system", system);
    }
    element.put("value", value);
  }

  private static ObjectNode entry(ObjectNode bundle, String type, String id) {
    ObjectNode resource = bundle.withArray("entry").addObject().putObject("resource");
    return resource.put("resourceType", type).put("id", id);
  }

  private static String at(Instant time) {
    return time.truncatedTo(ChronoUnit.MILLIS).toString();
  }
}
