package io.appointmentrelay.appointment;

import java.util.Locale;

/** Where a delivery stands in its life. */
public enum DeliveryStatus {
  PLANNED,
  SENDING,
  UNCERTAIN,
  SENT,
  DEAD,
  SUPERSEDED,
  SUPPRESSED,
  CANCELLED;

  /** As the store and the API write it. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  public static DeliveryStatus of(String word) {
    return valueOf(word.toUpperCase(Locale.ROOT));
  }
}
