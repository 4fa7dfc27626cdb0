package io.appointmentrelay.intake.fhir;

import com.fasterxml.jackson.databind.JsonNode;
import io.appointmentrelay.appointment.ContactPerson;
import io.appointmentrelay.appointment.ContactPoint;
import io.appointmentrelay.appointment.PatientProfile;
import io.appointmentrelay.intake.json.Json;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads a Patient resource, which may be as empty as Redox's lightweight form has it. */
public final class FhirPatient {

  private FhirPatient() {}

  /**
   * What the resource says of the person; absent fields are not said.
   *
   * @param reference what the sender calls the person
   * @param zone of the clinic, for periods given as days
   */
  public static PatientProfile profile(@Nullable String reference, JsonNode patient, ZoneId zone) {
    JsonNode name = currentName(patient.path("name"));
    List<String> given = FhirText.words(name.path("given"));
    return new PatientProfile(
        reference,
        given.isEmpty() ? null : given.get(0),
        Json.text(name, "family"),
        LenientTime.day(Json.text(patient, "birthDate")),
        language(patient.path("communication")),
        zoneOf(patient),
        deceased(patient),
        Json.flag(patient.path("active")),
        FhirTelecom.contactPoints(patient.path("telecom"), zone),
        contactPersons(patient.path("contact"), zone));
  }

  /** Those who act for the patient; others are nobody's business here. */
  private static List<ContactPerson> contactPersons(JsonNode contacts, ZoneId zone) {
    List<ContactPerson> persons = new ArrayList<>();
    for (JsonNode contact : Json.items(contacts)) {
      List<String> said = new ArrayList<>();
      for (JsonNode relationship : Json.items(contact.path("relationship"))) {
        add(said, Json.text(relationship, "text"));
        for (JsonNode coding : Json.items(relationship.path("coding"))) {
          add(said, Json.text(coding, "code"));
          add(said, Json.text(coding, "display"));
        }
      }
      List<ContactPoint> points = FhirTelecom.contactPoints(contact.path("telecom"), zone);
      // An end, be it to come, says that somebody else will act then.
      boolean isWithinPeriod =
          LenientTime.endOfPeriod(Json.text(contact.path("period"), "end"), zone) == null;
      if (!points.isEmpty() && isWithinPeriod) {
        Relationship.among(said)
            .ifPresent(relation -> persons.add(new ContactPerson(relation, points)));
      }
    }
    return persons;
  }

  private static void add(List<String> words, @Nullable String word) {
    if (word != null) {
      words.add(word);
    }
  }

  private static JsonNode currentName(JsonNode names) {
    JsonNode best = names.path("none");
    int bestRank = Integer.MAX_VALUE;
    for (JsonNode name : Json.items(names)) {
      int rank = rank(Json.text(name, "use"));
      if (rank < bestRank) {
        best = name;
        bestRank = rank;
      }
    }
    return best;
  }

  private static int rank(@Nullable String use) {
    return switch (use == null ? "" : use) {
      case "official" -> 0;
      case "usual" -> 1;
      case "nickname", "maiden", "old", "anonymous" -> 3;
      default -> 2;
    };
  }

  /** The preferred language, else the only one; of several without preference none is chosen. */
  private static @Nullable String language(JsonNode communications) {
    String only = null;
    int count = 0;
    for (JsonNode communication : Json.items(communications)) {
      String language = languageOf(communication.path("language"));
      if (language != null && Boolean.TRUE.equals(Json.flag(communication.path("preferred")))) {
        return language;
      }
      only = language;
      count++;
    }
    return count == 1 ? only : null;
  }

  private static @Nullable String languageOf(JsonNode concept) {
    for (JsonNode coding : Json.items(concept.path("coding"))) {
      String language = Language.of(Json.text(coding, "code"));
      if (language != null) {
        return language;
      }
    }
    return Language.of(Json.text(concept, "text"));
  }

  private static @Nullable Boolean deceased(JsonNode patient) {
    if (Json.text(patient, "deceasedDateTime") != null) {
      return Boolean.TRUE;
    }
    return Json.flag(patient.path("deceasedBoolean"));
  }

  private static @Nullable ZoneId zoneOf(JsonNode patient) {
    JsonNode value = FhirText.extension(patient, "tz-code");
    if (value == null) {
      value = FhirText.extension(patient, "timezone");
    }
    String id = value == null ? null : Json.text(value);
    if (id == null) {
      return null;
    }
    try {
      return ZoneId.of(id);
    } catch (DateTimeException unknown) {
      return null;
    }
  }
}
