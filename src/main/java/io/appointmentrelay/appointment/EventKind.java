package io.appointmentrelay.appointment;

import java.util.Locale;

/** What really happened, after the claim was compared with what is known. */
public enum EventKind {
  BOOKED,
  MODIFIED,
  RESCHEDULED,
  CANCELLED,
  NO_SHOW,
  RESTORED,
  CHECKED_IN,
  /** The notice says what is known already: recorded, told to nobody. */
  UNCHANGED,
  /** The notice is older than the last one applied: recorded, told to nobody. */
  STALE;

  /** Whether the event changes the appointment and so raises its version. */
  public boolean isChange() {
    return this != UNCHANGED && this != STALE;
  }

  /** Lower case with hyphens: the name of the route, and the last part of a webhook's type. */
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
