package io.appointmentrelay.enrichment;

import com.fasterxml.jackson.databind.JsonNode;
import io.appointmentrelay.appointment.AppointmentNotice;
import io.appointmentrelay.intake.fhir.FhirAppointment;
import io.appointmentrelay.intake.fhir.FhirText;
import io.appointmentrelay.intake.fhir.Identifier;
import io.appointmentrelay.intake.fhir.Participant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code lookUpHealthcareService}: what kind of visit it is, by the service that takes part in it,
 * where nothing else says so. Follows {@code lookUpAppointment}.
 */
final class HealthcareServiceLookUp extends LookUp {

  HealthcareServiceLookUp(FhirServers servers) {
    super(servers);
  }

  @Override
  AppointmentNotice complete(AppointmentNotice notice, Asking asking) {
    JsonNode appointment = asking.appointment();
    if (appointment == null || notice.details().type() != null) {
      return notice;
    }
    for (Participant participant : FhirAppointment.participants(appointment)) {
      if ("HealthcareService".equals(participant.type())) {
        return notice.with(notice.details().withType(name(participant, asking)));
      }
    }
    return notice;
  }

  private static @Nullable String name(Participant participant, Asking asking) {
    Identifier identifier = participant.identifier();
    if (participant.display() != null || identifier == null) {
      return participant.display();
    }
    List<JsonNode> found = asking.server().directory("HealthcareService", identifier.token());
    return found.size() == 1 ? FhirText.name(found.get(0).path("name")) : null;
  }
}
