package io.appointmentrelay.appointment;

import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What is known of the person an appointment is for. Belongs to the patient, not to the
 * appointment: a difference here never makes an event.
 *
 * @param reference the sender's identifier, {@code system|value} or an id
 * @param language BCP 47, such as {@code es} or {@code es-MX}
 * @param zone where the person lives, if the sender says it
 * @param active false: the sender says the record is no longer in use
 * @param contactPersons who acts for the patient, if the sender says it
 */
public record PatientProfile(
    @Nullable String reference,
    @Nullable String givenName,
    @Nullable String familyName,
    @Nullable LocalDate birthDate,
    @Nullable String language,
    @Nullable ZoneId zone,
    @Nullable Boolean deceased,
    @Nullable Boolean active,
    List<ContactPoint> contactPoints,
    List<ContactPerson> contactPersons) {

  public PatientProfile {
    contactPoints = List.copyOf(contactPoints);
    // What was stored before there were any has none.
    contactPersons = contactPersons == null ? List.of() : List.copyOf(contactPersons);
  }

  /** A person for whom nobody else acts. */
  public PatientProfile(
      @Nullable String reference,
      @Nullable String givenName,
      @Nullable String familyName,
      @Nullable LocalDate birthDate,
      @Nullable String language,
      @Nullable ZoneId zone,
      @Nullable Boolean deceased,
      @Nullable Boolean active,
      List<ContactPoint> contactPoints) {
    this(
        reference,
        givenName,
        familyName,
        birthDate,
        language,
        zone,
        deceased,
        active,
        contactPoints,
        List.of());
  }

  /** A person of whom only the reference is known. */
  public static PatientProfile of(@Nullable String reference) {
    return new PatientProfile(reference, null, null, null, null, null, null, null, List.of());
  }

  /**
   * This profile with what {@code newer} says in its place; a newer list of contacts replaces the
   * older whole.
   */
  public PatientProfile updatedBy(@Nullable PatientProfile newer) {
    if (newer == null) {
      return this;
    }
    return new PatientProfile(
        or(newer.reference, reference),
        or(newer.givenName, givenName),
        or(newer.familyName, familyName),
        or(newer.birthDate, birthDate),
        or(newer.language, language),
        or(newer.zone, zone),
        or(newer.deceased, deceased),
        or(newer.active, active),
        newer.contactPoints.isEmpty() ? contactPoints : newer.contactPoints,
        newer.contactPersons.isEmpty() ? contactPersons : newer.contactPersons);
  }

  private static <T> @Nullable T or(@Nullable T first, @Nullable T second) {
    return Objects.nonNull(first) ? first : second;
  }

  /** Never prints a name or a number. */
  @Override
  public String toString() {
    return "PatientProfile[" + contactPoints.size() + " contact points]";
  }
}
