package io.appointmentrelay.appointment;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one appointment now.
 *
 * @param group the feeds that speak of the same appointments; with {@code identifier} the key
 * @param source the source that spoke last
 * @param status FHIR's word, or {@link #REPLACED}
 * @param patient absent for holds and blocks, which have none
 * @param version raised by every change, from 1
 * @param revision raised by every notification, from 1: what a commit compares
 * @param eventTime the time of the last event applied
 * @param heard the number of the latest notification applied; 0: from before numbers were kept
 * @param root the first appointment of a chain of replacements, itself when it replaces nothing
 * @param presumed what people were told before we first heard of it; absent: we knew it from its
 *     start
 * @param answer what the patient last said of it; it holds for the version that they were asked
 *     about
 */
public record AppointmentRecord(
    String group,
    String identifier,
    @Nullable String system,
    String source,
    String status,
    Details details,
    @Nullable PatientProfile patient,
    int version,
    int revision,
    Instant eventTime,
    long heard,
    String root,
    @Nullable String replaces,
    @Nullable String replacedBy,
    @Nullable Told presumed,
    boolean test,
    @Nullable PatientAnswer answer) {

  /** The one status that FHIR does not have: another appointment took this one's place. */
  public static final String REPLACED = "replaced";

  /** An appointment of which the patient has said nothing. */
  public AppointmentRecord(
      String group,
      String identifier,
      @Nullable String system,
      String source,
      String status,
      Details details,
      @Nullable PatientProfile patient,
      int version,
      int revision,
      Instant eventTime,
      String root,
      @Nullable String replaces,
      @Nullable String replacedBy,
      @Nullable Told presumed,
      boolean test) {
    this(
        group,
        identifier,
        system,
        source,
        status,
        details,
        patient,
        version,
        revision,
        eventTime,
        0,
        root,
        replaces,
        replacedBy,
        presumed,
        test,
        null);
  }

  /** What the patient has said of the appointment as it is now; absent: nothing. */
  public @Nullable EventKind answered() {
    return answer != null && answer.version() == version ? answer.kind() : null;
  }

  /** Recorded, and nothing of the visit changed: only the revision rises. */
  AppointmentRecord touched(@Nullable PatientAnswer said) {
    return new AppointmentRecord(
        group,
        identifier,
        system,
        source,
        status,
        details,
        patient,
        version,
        revision + 1,
        eventTime,
        heard,
        root,
        replaces,
        replacedBy,
        presumed,
        test,
        said);
  }

  public StatusGroup statusGroup() {
    return StatusGroup.of(status);
  }
}
