package io.appointmentrelay.intake.fhir;

import com.fasterxml.jackson.databind.JsonNode;
import io.appointmentrelay.appointment.Party;
import io.appointmentrelay.intake.json.Json;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One participant of an Appointment.
 *
 * @param type the resource type of the actor; senders say it in five different places
 * @param reference the actor's literal reference
 * @param identifier what the actor is called
 * @param display its name in the sender's words
 * @param resource the actor itself, if it is in the bundle
 */
public record Participant(
    @Nullable String type,
    @Nullable String reference,
    @Nullable Identifier identifier,
    @Nullable String display,
    @Nullable JsonNode resource) {

  /** An Appointment's participants, in their order. */
  public static List<Participant> of(JsonNode appointment, BundleIndex index) {
    List<Participant> participants = new ArrayList<>();
    for (JsonNode participant : Json.items(appointment.path("participant"))) {
      participants.add(of(participant, appointment, index));
    }
    return participants;
  }

  private static Participant of(JsonNode participant, JsonNode appointment, BundleIndex index) {
    JsonNode actor = participant.path("actor");
    String reference = Json.text(actor, "reference");
    JsonNode resource = index.resolve(reference, appointment);
    ConditionalUrl url = ConditionalUrl.of(reference);
    Identifier identifier = Identifier.of(actor.path("identifier"));
    return new Participant(
        type(participant, url, resource),
        reference,
        identifier != null ? identifier : url.identifier(),
        Json.text(actor, "display"),
        resource);
  }

  /** Whether the reference is a query, which may name the same thing differently. */
  public boolean isConditional() {
    return ConditionalUrl.of(reference).conditional();
  }

  /** Whether its identifier is only the id in a literal reference. */
  public boolean isNamedById() {
    return !isConditional()
        && identifier != null
        && identifier.equals(ConditionalUrl.of(reference).identifier());
  }

  /** Whether the actor is this very resource, not one with the same content. */
  @SuppressWarnings("ReferenceEquality") // two empty Patients are equal and still two people
  public boolean is(JsonNode candidate) {
    return resource == candidate;
  }

  /** Whether it is the person the appointment is for. */
  public boolean isPatient() {
    return "Patient".equals(type);
  }

  /** Whether it is somebody whom the patient sees. */
  public boolean isPractitioner() {
    return "Practitioner".equals(type) || "PractitionerRole".equals(type);
  }

  /** Whether it is where the visit takes place. */
  public boolean isLocation() {
    return "Location".equals(type);
  }

  /** The actor as reference and name; null if it has neither. */
  @Nullable Party party() {
    String name =
        display != null || resource == null ? display : FhirText.name(resource.path("name"));
    String token = identifier == null ? null : identifier.token();
    return name == null && token == null ? null : new Party(token, name);
  }

  private static @Nullable String type(
      JsonNode participant, ConditionalUrl url, @Nullable JsonNode resource) {
    if (resource != null) {
      return Json.text(resource, "resourceType");
    }
    String said = Json.text(participant.path("actor"), "type");
    if (said != null || url.type() != null) {
      return said != null ? said : url.type();
    }
    JsonNode roles = participant.path("type");
    for (String type : List.of("Patient", "Practitioner", "Location")) {
      if (FhirText.hasCode(roles, type)) {
        return type;
      }
    }
    // HL7's participation types for the one who performs the visit.
    boolean performs = FhirText.hasCode(roles, "PPRF") || FhirText.hasCode(roles, "ATND");
    return performs ? "Practitioner" : null;
  }
}
