package io.appointmentrelay.enrichment;

import com.fasterxml.jackson.databind.JsonNode;
import io.appointmentrelay.appointment.AppointmentNotice;
import io.appointmentrelay.appointment.PatientProfile;
import io.appointmentrelay.intake.fhir.FhirPatient;
import io.appointmentrelay.intake.fhir.Identifier;
import io.appointmentrelay.intake.json.Json;
import java.util.List;

/**
 * {@code lookUpPatient}: contacts, language, zone, consent and whether the person lives, by the
 * names the notification has for them, in order. In doubt nobody's contacts are taken: a message to
 * the wrong person is worse than none.
 */
final class PatientLookUp extends LookUp {

  private final boolean skipWhenComplete;

  PatientLookUp(FhirServers servers, boolean skipWhenComplete) {
    super(servers);
    this.skipWhenComplete = skipWhenComplete;
  }

  @Override
  AppointmentNotice complete(AppointmentNotice notice, Asking asking) {
    PatientProfile patient = notice.patient();
    if (patient == null
        || notice.isPolled()
        || (skipWhenComplete && !patient.contactPoints().isEmpty())) {
      return notice;
    }
    for (String name : names(notice, patient)) {
      List<JsonNode> found = asking.server().patients(name);
      if (found.size() > 1) {
        asking.note(
            "One patient was expected by the notification's identifier; the FHIR server has "
                + found.size()
                + ", so nobody's contacts are taken. Merge them in the EHR.");
        return notice;
      }
      if (found.size() == 1 && isMeant(found.get(0), name)) {
        JsonNode resource = found.get(0);
        return notice.with(
            patient.updatedBy(FhirPatient.profile(null, resource, asking.run().zone())));
      }
    }
    asking.note(
        "A patient was expected by the notification's identifiers; the FHIR server knows none, so"
            + " no contacts are known. Check that it serves this source's patients.");
    return notice;
  }

  private static List<String> names(AppointmentNotice notice, PatientProfile patient) {
    boolean onlyTheReference = notice.patientIdentifiers().isEmpty() && patient.reference() != null;
    return onlyTheReference ? List.of(patient.reference()) : notice.patientIdentifiers();
  }

  /** Whether the resource bears the name; a server that ignores the question answers anybody. */
  static boolean isMeant(JsonNode resource, String name) {
    int bar = name.indexOf('|');
    String system = bar <= 0 ? null : name.substring(0, bar);
    String value = name.substring(bar + 1);
    boolean bearsOthers = false;
    for (JsonNode element : Json.items(resource.path("identifier"))) {
      Identifier identifier = Identifier.of(element);
      if (identifier != null && identifier.value().equals(value)) {
        String theirs = identifier.system();
        if (system == null || theirs == null || system.equals(theirs)) {
          return true;
        }
      }
      bearsOthers |= identifier != null;
    }
    String id = Json.text(resource, "id");
    boolean bearsNoName = !bearsOthers && (bar >= 0 || id == null);
    return bearsNoName || (bar < 0 && value.equals(id));
  }
}
