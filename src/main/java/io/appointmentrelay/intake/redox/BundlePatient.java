package io.appointmentrelay.intake.redox;

import com.fasterxml.jackson.databind.JsonNode;
import io.appointmentrelay.appointment.PatientProfile;
import io.appointmentrelay.intake.fhir.BundleIndex;
import io.appointmentrelay.intake.fhir.ConditionalUrl;
import io.appointmentrelay.intake.fhir.FhirPatient;
import io.appointmentrelay.intake.fhir.Identifier;
import io.appointmentrelay.intake.fhir.Participant;
import io.appointmentrelay.intake.json.Json;
import java.time.ZoneId;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds the person an appointment is for. In doubt it names the person by the participant alone and
 * takes nobody's contacts: a message to the wrong person is worse than none.
 */
final class BundlePatient {

  private final RedoxBundle bundle;
  private final BundleIndex index;
  private final ZoneId zone;

  BundlePatient(RedoxBundle bundle, BundleIndex index, ZoneId zone) {
    this.bundle = bundle;
    this.index = index;
    this.zone = zone;
  }

  /** The person, or null for holds and blocks, which have none. */
  @Nullable PatientProfile of(List<Participant> participants) {
    Participant participant = patientAmong(participants);
    JsonNode entry = entryOf(participant);
    if (entry != null) {
      ConditionalUrl url = ConditionalUrl.of(Json.text(entry, "fullUrl"));
      return profile(url, entry.path("resource"), participant);
    }
    if (participant == null) {
      return null;
    }
    if (participant.resource() != null) {
      return profile(ConditionalUrl.of(null), participant.resource(), participant);
    }
    String reference = reference(participant);
    return reference == null ? null : PatientProfile.of(reference);
  }

  /**
   * Everything the notification calls the person, in the order to ask by: the fullUrl's query
   * first, then the medical record number, then what the participant says.
   */
  List<String> identifiers(List<Participant> participants) {
    Set<String> tokens = new LinkedHashSet<>();
    Participant participant = patientAmong(participants);
    JsonNode entry = entryOf(participant);
    JsonNode resource =
        entry != null
            ? entry.path("resource")
            : participant == null ? null : participant.resource();
    if (entry != null) {
      add(tokens, ConditionalUrl.of(Json.text(entry, "fullUrl")).identifier());
    }
    if (resource != null) {
      add(tokens, medicalRecordNumber(resource.path("identifier")));
    }
    if (participant != null) {
      add(tokens, participant.identifier());
    }
    return List.copyOf(tokens);
  }

  private static void add(Set<String> tokens, @Nullable Identifier identifier) {
    if (identifier != null) {
      tokens.add(identifier.token());
    }
  }

  private PatientProfile profile(
      ConditionalUrl url, JsonNode resource, @Nullable Participant participant) {
    return FhirPatient.profile(reference(url, resource, participant), resource, zone);
  }

  private @Nullable JsonNode entryOf(@Nullable Participant participant) {
    List<JsonNode> meant =
        index.patientEntries().stream().filter(entry -> isMeant(participant, entry)).toList();
    if (!meant.isEmpty()) {
      return meant.size() == 1 ? meant.get(0) : null;
    }
    if (index.patientEntries().size() != 1) {
      return null;
    }
    // Redox's participant may carry another identifier of the same person (CONTRACTS §2), so the
    // only Patient is meant, as long as the bundle speaks of one person.
    JsonNode only = index.patientEntries().get(0);
    return speaksOfOnePerson() && !pointsElsewhere(participant, only) ? only : null;
  }

  /** Whether the participant is another resource, or one with another id than the entry's. */
  private static boolean pointsElsewhere(@Nullable Participant participant, JsonNode entry) {
    if (participant == null || participant.reference() == null || participant.isConditional()) {
      return false;
    }
    return participant.resource() != null || Json.text(entry.path("resource"), "id") != null;
  }

  private static boolean isMeant(@Nullable Participant participant, JsonNode entry) {
    if (participant == null || participant.resource() != null) {
      return participant != null && participant.is(entry.path("resource"));
    }
    Identifier identifier = participant.identifier();
    // An id that is in no entry may well equal somebody else's identifier.
    if (identifier == null || participant.isNamedById()) {
      return false;
    }
    Identifier inUrl = ConditionalUrl.of(Json.text(entry, "fullUrl")).identifier();
    if (inUrl != null && inUrl.agreesWith(identifier)) {
      return true;
    }
    for (JsonNode element : Json.items(entry.path("resource").path("identifier"))) {
      Identifier own = Identifier.of(element);
      if (own != null && own.agreesWith(identifier)) {
        return true;
      }
    }
    return false;
  }

  private boolean speaksOfOnePerson() {
    if (bundle.appointments().size() == 1) {
      return true;
    }
    Set<String> named = new HashSet<>();
    for (JsonNode entry : bundle.appointments()) {
      Participant participant = patientAmong(Participant.of(entry.path("resource"), index));
      String reference = participant == null ? null : reference(participant);
      named.add(reference == null ? "" : reference);
    }
    return named.size() == 1;
  }

  private static @Nullable Participant patientAmong(List<Participant> participants) {
    for (Participant participant : participants) {
      if (participant.isPatient()) {
        return participant;
      }
    }
    return null;
  }

  /**
   * The fullUrl's query comes first: it stands in the lightweight and in the detailed form alike,
   * and Redox's own search understands it.
   */
  private static @Nullable String reference(
      ConditionalUrl url, JsonNode resource, @Nullable Participant participant) {
    if (url.conditional() && url.identifier() != null) {
      return url.identifier().token();
    }
    Identifier own = medicalRecordNumber(resource.path("identifier"));
    if (own != null) {
      return own.token();
    }
    if (url.identifier() != null) {
      return url.identifier().token();
    }
    String byParticipant = participant == null ? null : reference(participant);
    return byParticipant != null ? byParticipant : Json.text(resource, "id");
  }

  private static @Nullable String reference(Participant participant) {
    Identifier identifier = participant.identifier();
    return identifier == null ? null : identifier.token();
  }

  /** The medical record number, else the first identifier of any kind. */
  private static @Nullable Identifier medicalRecordNumber(JsonNode identifiers) {
    Identifier first = null;
    for (JsonNode element : Json.items(identifiers)) {
      Identifier identifier = Identifier.of(element);
      String system = identifier == null ? null : identifier.system();
      if (system != null && (system.endsWith(":MR") || system.endsWith(":MRN"))) {
        return identifier;
      }
      first = first != null ? first : identifier;
    }
    return first;
  }
}
