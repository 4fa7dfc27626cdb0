package io.appointmentrelay.appointment;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a notification says about one appointment.
 *
 * @param label the sender's name for what happened
 * @param identifier what the source calls the appointment, without system
 * @param system the identifier's system, where the source names one
 * @param status FHIR's word ({@code cancelled}, {@code noshow}…), foreign spellings brought to it;
 *     absent if not said or not understood
 * @param oldStart the start before a move, where the sender says it
 * @param replaces the identifier of the appointment that this one takes the place of
 * @param patientIdentifiers everything the sender calls the person, in the order to ask by; may be
 *     empty even if there is a patient
 * @param eventTime when it happened, where the source's own time is trustworthy; absent: take the
 *     arrival
 * @param test the sender marks it as test traffic
 */
public record AppointmentNotice(
    String label,
    String identifier,
    @Nullable String system,
    @Nullable String status,
    Details details,
    @Nullable Instant oldStart,
    @Nullable String replaces,
    @Nullable PatientProfile patient,
    List<String> patientIdentifiers,
    @Nullable Instant eventTime,
    boolean test)
    implements Notice {

  /** The label of a notice that no sender sent: the EHR said it when it was asked. */
  public static final String POLLED = "polled";

  /** The same, of an appointment that was there before its source was first listened to. */
  public static final String POLLED_AT_FIRST = "polled-at-first";

  public AppointmentNotice {
    patientIdentifiers = List.copyOf(patientIdentifiers);
  }

  /** A notice whose sender calls the person by the profile's reference alone, if by anything. */
  public AppointmentNotice(
      String label,
      String identifier,
      @Nullable String system,
      @Nullable String status,
      Details details,
      @Nullable Instant oldStart,
      @Nullable String replaces,
      @Nullable PatientProfile patient,
      @Nullable Instant eventTime,
      boolean test) {
    this(
        label,
        identifier,
        system,
        status,
        details,
        oldStart,
        replaces,
        patient,
        patient == null || patient.reference() == null ? List.of() : List.of(patient.reference()),
        eventTime,
        test);
  }

  /** Whether it is what the EHR answered, so that there is nothing to ask it again. */
  public boolean isPolled() {
    return label.equals(POLLED) || label.equals(POLLED_AT_FIRST);
  }

  /** The same notice with other details. */
  public AppointmentNotice with(Details other) {
    return new AppointmentNotice(
        label,
        identifier,
        system,
        status,
        other,
        oldStart,
        replaces,
        patient,
        patientIdentifiers,
        eventTime,
        test);
  }

  /** The same notice with more known of the person. */
  public AppointmentNotice with(PatientProfile other) {
    return new AppointmentNotice(
        label,
        identifier,
        system,
        status,
        details,
        oldStart,
        replaces,
        other,
        patientIdentifiers,
        eventTime,
        test);
  }

  /** The same notice, in the place of an appointment that began at {@code start}, if known. */
  public AppointmentNotice inPlaceOf(String other, @Nullable Instant start) {
    return new AppointmentNotice(
        label,
        identifier,
        system,
        status,
        details,
        start,
        other,
        patient,
        patientIdentifiers,
        eventTime,
        test);
  }
}
