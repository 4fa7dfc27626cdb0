package io.appointmentrelay.sandbox;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * What the make-believe EHRs do with what is written to them: an update is kept if it is of the
 * version that they have, and a message as Redox takes them is taken and echoed, as the EHR behind
 * Redox would tell of it.
 */
final class SandboxWrites {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String EVENTS = "https://fhir.redoxengine.com/EventDefinition/";
  private static final String AT_REDOX =
      "https://api.redoxengine.com/fhir/R4/redox-fhir-sandbox/Development/";

  private final List<JsonNode> resources;
  private final BiConsumer<String, byte[]> echo;

  /**
   * @param echo takes a notification of a source
   */
  SandboxWrites(List<JsonNode> resources, BiConsumer<String, byte[]> echo) {
    this.resources = resources;
    this.echo = echo;
  }

  /** An answer with its status. */
  record Answered(int status, ObjectNode resource) {}

  /** Keeps a resource in the place of the one of its id. */
  synchronized Answered put(String type, String id, @Nullable String ifMatch, byte[] body) {
    int place = place(type, id);
    if (place < 0) {
      return refused(404, "not-found");
    }
    JsonNode before = resources.get(place);
    String version = before.path("meta").path("versionId").asText("1");
    if (ifMatch != null && !ifMatch.replaceAll("^W/|\"", "").equals(version)) {
      return refused(412, "conflict");
    }
    if (!(read(body) instanceof ObjectNode changed)
        || !changed.path("resourceType").asText().equals(type)
        || !changed.path("id").asText().equals(id)) {
      return refused(400, "structure");
    }
    ObjectNode meta = changed.putObject("meta");
    meta.put("versionId", String.valueOf(Integer.parseInt(version) + 1));
    meta.put("lastUpdated", Instant.now().toString());
    resources.set(place, changed);
    return new Answered(200, changed);
  }

  /** Takes a message; its echo comes as a notification. */
  Answered message(String source, String operation, byte[] body) {
    JsonNode visit = null;
    JsonNode person = null;
    for (JsonNode entry : read(body).path("entry")) {
      JsonNode resource = entry.path("resource");
      String type = resource.path("resourceType").asText();
      visit = type.equals("Appointment") ? resource : visit;
      person = type.equals("Patient") ? resource : person;
    }
    if (visit == null || person == null) {
      return refused(400, "required");
    }
    boolean cancels = operation.equals("$appointment-cancel");
    if (source.equals("redox-fhir")) {
      echo.accept(source, told(visit, person, cancels));
    }
    ObjectNode answer = JsonNodeFactory.instance.objectNode();
    answer.put("resourceType", "Bundle").put("type", "message");
    ObjectNode header = answer.withArray("entry").addObject().putObject("resource");
    header.put("resourceType", "MessageHeader").putObject("response").put("code", "ok");
    return new Answered(200, answer);
  }

  /** As Redox tells of it, in the lightweight form. */
  private static byte[] told(JsonNode visit, JsonNode person, boolean cancels) {
    ObjectNode bundle = JsonNodeFactory.instance.objectNode();
    bundle.put("resourceType", "Bundle").put("type", "message");
    bundle.put("id", UUID.randomUUID().toString()).put("timestamp", Instant.now().toString());
    ObjectNode header = bundle.withArray("entry").addObject().putObject("resource");
    header.put("resourceType", "MessageHeader");
    header.put("eventUri", EVENTS + (cancels ? "AppointmentCancelled" : "AppointmentUpdated"));
    ObjectNode patient = bundle.withArray("entry").addObject();
    patient.put("fullUrl", AT_REDOX + "Patient?identifier=" + token(person));
    patient.putObject("resource").put("resourceType", "Patient");
    ObjectNode appointment = bundle.withArray("entry").addObject();
    appointment.put("fullUrl", AT_REDOX + "Appointment/" + UUID.randomUUID());
    ObjectNode copy = appointment.putObject("resource");
    for (String field : List.of("resourceType", "identifier", "status", "start", "end")) {
      if (visit.has(field)) {
        copy.set(field, visit.get(field));
      }
    }
    ObjectNode participant = copy.withArray("participant").addObject();
    participant.putObject("actor").set("identifier", person.path("identifier").path(0));
    participant
        .withArray("type")
        .addObject()
        .withArray("coding")
        .addObject()
        .put("code", "Patient");
    participant.put("status", cancels ? "declined" : "accepted");
    return bundle.toString().getBytes(java.nio.charset.StandardCharsets.UTF_8);
  }

  private static String token(JsonNode person) {
    JsonNode identifier = person.path("identifier").path(0);
    return identifier.path("system").asText() + "|" + identifier.path("value").asText();
  }

  private int place(String type, String id) {
    for (int i = 0; i < resources.size(); i++) {
      JsonNode one = resources.get(i);
      if (one.path("resourceType").asText().equals(type) && one.path("id").asText().equals(id)) {
        return i;
      }
    }
    return -1;
  }

  private static JsonNode read(byte[] body) {
    try {
      JsonNode read = JSON.readTree(body);
      return read == null ? JsonNodeFactory.instance.missingNode() : read;
    } catch (JsonProcessingException unreadable) {
      return JsonNodeFactory.instance.missingNode();
    } catch (IOException impossible) {
      throw new java.io.UncheckedIOException(impossible);
    }
  }

  private static Answered refused(int status, String code) {
    return new Answered(status, SandboxFhirServer.outcome(code, "not taken"));
  }
}
