package io.appointmentrelay.appointment;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** Who a delivery is for. What each was told is kept apart. */
public enum Audience {
  /** Whom the visit is for, or who acts for them. */
  PATIENT,
  /** Those who work where the visit takes place. */
  STAFF,
  /** The clinic's own system. */
  SYSTEM;

  /** As routes, the store and the API write it. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The one that is written so. */
  public static Optional<Audience> of(String word) {
    return Arrays.stream(values()).filter(audience -> audience.word().equals(word)).findFirst();
  }

  /** Who it is for where nobody says so: systems get events, and people messages. */
  public static Audience usual(Nature nature) {
    return nature == Nature.EVENT ? SYSTEM : PATIENT;
  }
}
