package io.appointmentrelay.intake.redox;

import com.fasterxml.jackson.databind.JsonNode;
import io.appointmentrelay.appointment.ContactPerson;
import io.appointmentrelay.appointment.ContactPoint;
import io.appointmentrelay.appointment.PatientProfile;
import io.appointmentrelay.intake.fhir.Identifier;
import io.appointmentrelay.intake.fhir.Language;
import io.appointmentrelay.intake.fhir.LenientTime;
import io.appointmentrelay.intake.fhir.Relationship;
import io.appointmentrelay.intake.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads the Data Model's Patient. */
final class SchedulingPatient {

  /** Redox's kinds of phone and FHIR's uses, in the order a text message prefers them. */
  private static final List<Map.Entry<String, String>> PHONES =
      List.of(
          Map.entry("Mobile", "mobile"), Map.entry("Home", "home"), Map.entry("Office", "work"));

  private SchedulingPatient() {}

  /** The person, or null for holds and blocks, which have none. */
  static @Nullable PatientProfile of(JsonNode patient) {
    JsonNode demographics = patient.path("Demographics");
    PatientProfile profile =
        new PatientProfile(
            reference(patient.path("Identifiers")),
            Json.text(demographics, "FirstName"),
            Json.text(demographics, "LastName"),
            LenientTime.day(Json.text(demographics, "DOB")),
            Language.of(Json.text(demographics, "Language")),
            null,
            deceased(demographics),
            null,
            contactPoints(demographics),
            contactPersons(patient.path("Contacts")));
    return profile.equals(PatientProfile.of(null)) ? null : profile;
  }

  /** The medical record number, else the first identifier. */
  private static @Nullable String reference(JsonNode identifiers) {
    Identifier first = null;
    for (JsonNode element : Json.items(identifiers)) {
      Identifier identifier = Identifier.of(Json.text(element, "IDType"), Json.text(element, "ID"));
      boolean recordNumber =
          identifier != null
              && ("MR".equals(identifier.system()) || "MRN".equals(identifier.system()));
      first = recordNumber || first == null ? identifier : first;
      if (recordNumber) {
        break;
      }
    }
    return first == null ? null : first.token();
  }

  private static @Nullable Boolean deceased(JsonNode demographics) {
    boolean hasDeathDate = Json.text(demographics, "DeathDateTime") != null;
    return hasDeathDate ? Boolean.TRUE : Json.flag(demographics.path("IsDeceased"));
  }

  /** Those who act for the patient; others are nobody's business here. */
  private static List<ContactPerson> contactPersons(JsonNode contacts) {
    List<ContactPerson> persons = new ArrayList<>();
    for (JsonNode contact : Json.items(contacts)) {
      List<String> said = new ArrayList<>();
      String relation = Json.text(contact, "RelationToPatient");
      if (relation != null) {
        said.add(relation);
      }
      for (JsonNode role : Json.items(contact.path("Roles"))) {
        String word = Json.text(role);
        if (word != null) {
          said.add(word);
        }
      }
      List<ContactPoint> points = contactPoints(contact);
      if (!points.isEmpty()) {
        Relationship.among(said).ifPresent(acts -> persons.add(new ContactPerson(acts, points)));
      }
    }
    return persons;
  }

  private static List<ContactPoint> contactPoints(JsonNode demographics) {
    List<ContactPoint> points = new ArrayList<>();
    for (Map.Entry<String, String> phone : PHONES) {
      String number = Json.text(demographics.path("PhoneNumber"), phone.getKey());
      if (number != null) {
        points.add(ContactPoint.phone(number, phone.getValue()));
      }
    }
    JsonNode addresses = demographics.path("EmailAddresses");
    for (JsonNode element : addresses.isArray() ? addresses : List.of(addresses)) {
      String plain = Json.text(element);
      String address = plain != null ? plain : Json.text(element, "Address");
      if (address != null) {
        points.add(ContactPoint.email(address));
      }
    }
    return points;
  }
}
