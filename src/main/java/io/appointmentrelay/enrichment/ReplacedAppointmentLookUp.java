package io.appointmentrelay.enrichment;

import com.fasterxml.jackson.databind.JsonNode;
import io.appointmentrelay.appointment.AppointmentNotice;
import io.appointmentrelay.intake.fhir.FhirAppointment;
import io.appointmentrelay.intake.fhir.LenientTime;
import io.appointmentrelay.intake.json.Json;

/**
 * {@code lookUpReplacedAppointment}: which appointment this one takes the place of, and when that
 * was to be. Canvas says it in the supporting information of the new one (CONTRACTS §1.11), so the
 * step follows {@code lookUpAppointment}.
 */
final class ReplacedAppointmentLookUp extends LookUp {

  ReplacedAppointmentLookUp(FhirServers servers) {
    super(servers);
  }

  @Override
  AppointmentNotice complete(AppointmentNotice notice, Asking asking) {
    JsonNode appointment = asking.appointment();
    String previous = appointment == null ? null : FhirAppointment.previous(appointment);
    if (notice.replaces() != null || previous == null || previous.equals(notice.identifier())) {
      return notice;
    }
    if (notice.oldStart() != null) {
      return notice.inPlaceOf(previous, notice.oldStart());
    }
    JsonNode old = asking.server().read("Appointment", previous);
    return notice.inPlaceOf(
        previous,
        old == null ? null : LenientTime.instant(Json.text(old, "start"), asking.run().zone()));
  }
}
