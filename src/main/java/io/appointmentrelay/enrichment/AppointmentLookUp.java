package io.appointmentrelay.enrichment;

import com.fasterxml.jackson.databind.JsonNode;
import io.appointmentrelay.appointment.AppointmentNotice;
import io.appointmentrelay.appointment.Details;
import io.appointmentrelay.appointment.OtherEndUnavailable;
import io.appointmentrelay.appointment.PatientProfile;
import io.appointmentrelay.appointment.StatusGroup;
import io.appointmentrelay.intake.fhir.FhirAppointment;
import io.appointmentrelay.intake.fhir.Identifier;
import io.appointmentrelay.intake.fhir.Participant;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code lookUpAppointment}: where, with whom and how, and the time where the notification says
 * none. An answer that contradicts the notification is older than it (CONTRACTS §3): it is asked
 * for again until the server has caught up; after a while the notification is believed.
 */
final class AppointmentLookUp extends LookUp {

  private static final int TIMES = 3;

  private final boolean skipWhenComplete;
  private final Duration catchUp;
  private final Clock clock;

  AppointmentLookUp(FhirServers servers, boolean skipWhenComplete, Duration catchUp, Clock clock) {
    super(servers);
    this.skipWhenComplete = skipWhenComplete;
    this.catchUp = catchUp;
    this.clock = clock;
  }

  @Override
  AppointmentNotice complete(AppointmentNotice notice, Asking asking) {
    if (notice.isPolled() || isOver(notice) || (skipWhenComplete && isComplete(notice, asking))) {
      return notice;
    }
    JsonNode appointment = find(notice, asking);
    if (appointment == null) {
      return notice;
    }
    Details said = FhirAppointment.alone(appointment, asking.run().zone());
    if (contradicts(notice, said, FhirAppointment.status(appointment))) {
      return outdated(notice, asking);
    }
    asking.found(appointment);
    AppointmentNotice more = notice.with(notice.details().filledFrom(said));
    PatientProfile patient = patient(FhirAppointment.participants(appointment));
    return more.patient() == null && patient != null ? more.with(patient) : more;
  }

  private static @Nullable JsonNode find(AppointmentNotice notice, Asking asking) {
    String name =
        notice.system() == null ? notice.identifier() : notice.system() + "|" + notice.identifier();
    List<JsonNode> found = asking.server().named("Appointment", name);
    if (found.size() > 1) {
      asking.note(
          "One appointment was expected by the notification's identifier; the FHIR server has "
              + found.size()
              + ", so none is believed.");
    }
    return found.size() == 1 && PatientLookUp.isMeant(found.get(0), name) ? found.get(0) : null;
  }

  /** Who is told that a visit is off need not be told where it would have been. */
  private static boolean isOver(AppointmentNotice notice) {
    StatusGroup group = StatusGroup.of(notice.status());
    return group == StatusGroup.CANCELLED || group == StatusGroup.NOSHOW;
  }

  private static boolean isComplete(AppointmentNotice notice, Asking asking) {
    Details details = notice.details();
    // Canvas says only here what an appointment takes the place of.
    boolean saysItAll = asking.server().dialect() != Dialect.CANVAS;
    return saysItAll
        && details.start() != null
        && details.location() != null
        && details.practitioner() != null;
  }

  private static boolean contradicts(
      AppointmentNotice notice, Details said, @Nullable String status) {
    boolean otherStatus =
        notice.status() != null
            && status != null
            && StatusGroup.of(notice.status()) != StatusGroup.of(status);
    return otherStatus || notice.details().startDiffersIn(said);
  }

  private AppointmentNotice outdated(AppointmentNotice notice, Asking asking) {
    boolean mayCatchUp = clock.instant().isBefore(asking.run().receivedAt().plus(catchUp));
    if (mayCatchUp) {
      throw new OtherEndUnavailable(
          "The FHIR server of source "
              + asking.run().source()
              + " was expected to know what the notification says; found another start or status."
              + " It is asked again shortly",
          catchUp.dividedBy(TIMES));
    }
    asking.note(
        "The FHIR server was expected to confirm the notification; it has another start or status."
            + " The notification is believed, and nothing taken from that answer.");
    return notice;
  }

  private static @Nullable PatientProfile patient(List<Participant> participants) {
    for (Participant participant : participants) {
      Identifier identifier = participant.identifier();
      if (participant.isPatient() && identifier != null) {
        return PatientProfile.of(identifier.token());
      }
    }
    return null;
  }
}
