package io.appointmentrelay.appointment;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a notification says about an appointment that it does not name: the source's route finds out
 * which one is meant, or sets it aside.
 *
 * @param expected how the source names appointments, for whoever reads why it was set aside
 */
public record UnidentifiedNotice(
    String label,
    Details details,
    @Nullable PatientProfile patient,
    @Nullable Instant eventTime,
    boolean test,
    String expected)
    implements Notice {

  /** The notice, now that it is known which appointment is meant. */
  public AppointmentNotice identified(String identifier) {
    return new AppointmentNotice(
        label, identifier, null, null, details, null, null, patient, eventTime, test);
  }
}
