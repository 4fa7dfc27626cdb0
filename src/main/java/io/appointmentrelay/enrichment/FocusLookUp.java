package io.appointmentrelay.enrichment;

import com.fasterxml.jackson.databind.JsonNode;
import io.appointmentrelay.appointment.AppointmentNotice;
import io.appointmentrelay.appointment.Details;
import io.appointmentrelay.appointment.Notice;
import io.appointmentrelay.appointment.OtherEndUnavailable;
import io.appointmentrelay.appointment.PatientProfile;
import io.appointmentrelay.appointment.Plan.Verdict;
import io.appointmentrelay.appointment.Run;
import io.appointmentrelay.intake.fhir.FhirAppointment;
import io.appointmentrelay.intake.fhir.Identifier;
import io.appointmentrelay.intake.fhir.LenientTime;
import io.appointmentrelay.intake.fhir.Participant;
import io.appointmentrelay.intake.fhir.TestMark;
import io.appointmentrelay.intake.json.Json;
import io.appointmentrelay.intake.subscription.AppointmentName;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;

/**
 * {@code lookUpFocus}: the appointment that an event only names, as the server has it now, which is
 * what then happened or newer. One that the server does not know yet is asked for again until it
 * has caught up; then the notification is set aside, and its route ends here.
 */
final class FocusLookUp extends LookUp {

  private static final int TIMES = 3;

  private final Duration catchUp;
  private final Clock clock;

  FocusLookUp(FhirServers servers, Duration catchUp, Clock clock) {
    super(servers);
    this.catchUp = catchUp;
    this.clock = clock;
  }

  @Override
  Notice perform(Notice notice, Run run, @Nullable FhirServer server, Exchange exchange) {
    if (!(notice instanceof AppointmentNotice named) || !saysNothing(named)) {
      return notice;
    }
    if (server == null) {
      return setAside(
          notice,
          run,
          exchange,
          "no FHIR server is configured (relay.source." + run.source() + ".fhir.base-url)");
    }
    Asking asking = new Asking(server, run, exchange);
    JsonNode appointment = find(named, asking);
    return appointment == null
        ? setAside(notice, run, exchange, "the FHIR server does not have exactly one of that name")
        : whole(named, appointment, asking);
  }

  @Override
  AppointmentNotice complete(AppointmentNotice notice, Asking asking) {
    return notice;
  }

  private static boolean saysNothing(AppointmentNotice notice) {
    return notice.status() == null && notice.details().equals(Details.NONE);
  }

  private static Notice setAside(Notice notice, Run run, Exchange exchange, String found) {
    run.plan()
        .add(
            new Verdict.Parked(
                "An event that only names its appointment is looked up on the source's FHIR server; "
                    + found
                    + ". It is parked; correct that, or the appointment's rights, then replay it."));
    exchange.setRouteStop(true);
    return notice;
  }

  private @Nullable JsonNode find(AppointmentNotice notice, Asking asking) {
    String name =
        notice.system() == null ? notice.identifier() : notice.system() + "|" + notice.identifier();
    List<JsonNode> found = asking.server().whole("Appointment", name);
    if (found.size() == 1 && PatientLookUp.isMeant(found.get(0), name)) {
      return found.get(0);
    }
    if (found.isEmpty() && clock.instant().isBefore(asking.run().receivedAt().plus(catchUp))) {
      throw new OtherEndUnavailable(
          "The FHIR server of source "
              + asking.run().source()
              + " was expected to have the appointment that its event names; found none yet."
              + " It is asked again shortly",
          catchUp.dividedBy(TIMES));
    }
    return null;
  }

  private AppointmentNotice whole(AppointmentNotice named, JsonNode appointment, Asking asking) {
    asking.found(appointment);
    Identifier own = AppointmentName.of(appointment);
    Identifier name =
        Objects.requireNonNullElseGet(
            own, () -> new Identifier(named.system(), named.identifier()));
    return new AppointmentNotice(
        named.label(),
        name.value(),
        name.system(),
        FhirAppointment.status(appointment),
        FhirAppointment.alone(appointment, asking.run().zone()),
        FhirAppointment.oldStart(appointment, asking.run().zone()),
        named.replaces(),
        patient(appointment),
        eventTime(named, appointment),
        named.test() || TestMark.isOn(appointment));
  }

  private static @Nullable PatientProfile patient(JsonNode appointment) {
    for (Participant participant : FhirAppointment.participants(appointment)) {
      Identifier identifier = participant.identifier();
      if (participant.isPatient() && identifier != null) {
        return PatientProfile.of(identifier.token());
      }
    }
    return null;
  }

  /** What was found is as new as the server says, and may be newer than the event. */
  private @Nullable Instant eventTime(AppointmentNotice named, JsonNode appointment) {
    Instant updated = LenientTime.exact(Json.text(appointment.path("meta"), "lastUpdated"));
    boolean isAhead = updated != null && updated.isAfter(clock.instant());
    return updated == null || isAhead ? named.eventTime() : updated;
  }
}
