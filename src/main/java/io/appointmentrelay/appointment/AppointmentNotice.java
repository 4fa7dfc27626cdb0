package io.appointmentrelay.appointment;

import java.time.Instant;
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
    @Nullable Instant eventTime,
    boolean test)
    implements Notice {}
