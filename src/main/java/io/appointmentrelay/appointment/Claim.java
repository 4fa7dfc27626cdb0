package io.appointmentrelay.appointment;

import java.util.Locale;

/**
 * What a sender says happened. A claim is compared with what is known before anybody believes it.
 */
public enum Claim {
  BOOKED,
  UPDATED,
  RESCHEDULED,
  CANCELLED,
  NO_SHOW,
  RESTORED,
  CHECKED_IN;

  /** Reads the word a route uses, such as {@code no-show}. */
  public static Claim of(String word) {
    for (Claim claim : values()) {
      if (claim.word().equals(word)) {
        return claim;
      }
    }
    throw new IllegalArgumentException(
        "A claim is one of booked, updated, rescheduled, cancelled, no-show, restored, checked-in; found '"
            + word
            + "'. Correct the timeline: step of the route.");
  }

  /** The word a route uses: lower case with hyphens. */
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /**
   * Whether the claim ends or interrupts a visit and so never moves its time, place or people
   * (SEMANTICS §2).
   */
  boolean leavesDetailsAlone() {
    return this == CANCELLED || this == NO_SHOW || this == RESTORED || this == CHECKED_IN;
  }
}
