package io.appointmentrelay.appointment;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One way to reach a person, as the sender gave it.
 *
 * @param kind what it is called or written by
 * @param use home, work, mobile, temp or old, as FHIR's ContactPoint.use
 * @param rank 1 is preferred, as FHIR's ContactPoint.rank
 * @param validUntil the end of its period
 * @param consent whether the person agreed to be written to here; absent: not said
 * @param validFrom the start of its period
 */
public record ContactPoint(
    Kind kind,
    String value,
    @Nullable String use,
    @Nullable Integer rank,
    @Nullable Instant validUntil,
    @Nullable Boolean consent,
    @Nullable Instant validFrom) {

  /** The kinds that messages go out by. */
  public enum Kind {
    PHONE,
    EMAIL
  }

  /** One whose period has no start. */
  public ContactPoint(
      Kind kind,
      String value,
      @Nullable String use,
      @Nullable Integer rank,
      @Nullable Instant validUntil,
      @Nullable Boolean consent) {
    this(kind, value, use, rank, validUntil, consent, null);
  }

  public static ContactPoint phone(String value, String use) {
    return new ContactPoint(Kind.PHONE, value, use, null, null, null);
  }

  public static ContactPoint email(String value) {
    return new ContactPoint(Kind.EMAIL, value, null, null, null, null);
  }
}
