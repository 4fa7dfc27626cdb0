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
 * @param root the first appointment of a chain of replacements, itself when it replaces nothing
 * @param presumed what people were told before we first heard of it; absent: we knew it from its
 *     start
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
    String root,
    @Nullable String replaces,
    @Nullable String replacedBy,
    @Nullable Told presumed,
    boolean test) {

  /** The one status that FHIR does not have: another appointment took this one's place. */
  public static final String REPLACED = "replaced";

  public StatusGroup statusGroup() {
    return StatusGroup.of(status);
  }
}
