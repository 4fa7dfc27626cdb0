package io.appointmentrelay.enrichment;

import com.fasterxml.jackson.databind.JsonNode;
import io.appointmentrelay.appointment.AppointmentNotice;
import io.appointmentrelay.appointment.Notice;
import io.appointmentrelay.appointment.PatientProfile;
import io.appointmentrelay.appointment.Plan.Verdict;
import io.appointmentrelay.appointment.Run;
import io.appointmentrelay.appointment.StatusGroup;
import io.appointmentrelay.appointment.UnidentifiedNotice;
import io.appointmentrelay.intake.fhir.FhirAppointment;
import io.appointmentrelay.intake.fhir.LenientTime;
import io.appointmentrelay.intake.json.Json;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;

/**
 * {@code identifyAppointment}: which appointment is meant by a notification that names none, found
 * by its patient and start. Unless exactly one begins then, the notification is set aside and its
 * route ends here.
 */
final class AppointmentIdentification extends LookUp {

  AppointmentIdentification(FhirServers servers) {
    super(servers);
  }

  @Override
  Notice perform(Notice notice, Run run, @Nullable FhirServer server, Exchange exchange) {
    if (!(notice instanceof UnidentifiedNotice unidentified)) {
      return notice;
    }
    String id = null;
    String found;
    PatientProfile patient = unidentified.patient();
    Instant start = unidentified.details().start();
    String reference = patient == null ? null : patient.reference();
    if (server == null) {
      found = "and no FHIR server to ask (relay.source." + run.source() + ".fhir.base-url)";
    } else if (reference == null || start == null) {
      found = "and not both the patient and the start, by which to find it";
    } else {
      List<String> ids = beginningAt(server, reference, start, run);
      id = ids.size() == 1 ? ids.get(0) : null;
      found = "and the FHIR server has " + ids.size() + " appointments of that patient then";
    }
    if (id != null) {
      return unidentified.identified(id);
    }
    run.plan()
        .add(
            new Verdict.Parked(
                unidentified.expected()
                    + "; this "
                    + unidentified.label()
                    + " notification leaves it empty, "
                    + found
                    + ". It is parked; look the patient's appointments up, or have it sent again"
                    + " with the id."));
    exchange.setRouteStop(true);
    return notice;
  }

  @Override
  AppointmentNotice complete(AppointmentNotice notice, Asking asking) {
    return notice;
  }

  private static List<String> beginningAt(
      FhirServer server, String patient, Instant start, Run run) {
    LocalDate day = start.atOffset(ZoneOffset.UTC).toLocalDate();
    // A day more on each side: whose midnight the server means, it does not say.
    Question question =
        Question.of("Appointment")
            .with("patient", "Patient/" + patient)
            .with("date", "ge" + day.minusDays(1), "le" + day.plusDays(1));
    return server.search(question).stream()
        .filter(one -> start.equals(LenientTime.instant(Json.text(one, "start"), run.zone())))
        .filter(one -> StatusGroup.of(FhirAppointment.status(one)) != StatusGroup.CANCELLED)
        .map(AppointmentIdentification::id)
        .flatMap(Optional::stream)
        .toList();
  }

  private static Optional<String> id(JsonNode appointment) {
    return Optional.ofNullable(Json.text(appointment, "id"));
  }
}
