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
  /** The patient says that they come, to what was asked about the visit as it is. */
  CONFIRMED,
  /** The patient says that they cannot come: the visit stays until its source says otherwise. */
  DECLINED,
  /** The patient asks to be called. */
  CALL_REQUESTED,
  /** The patient answers what was asked about the visit as it was, and it has changed since. */
  REPLY_OUTDATED,
  /** The patient writes what only a person can answer. */
  REPLY_UNKNOWN,
  /** The notice says what is known already: recorded, told to nobody. */
  UNCHANGED,
  /** The notice is older than the last one applied: recorded, told to nobody. */
  STALE;

  /** Whether the event changes the appointment and so raises its version. */
  public boolean isChange() {
    return this != UNCHANGED && this != STALE && !isReply();
  }

  /** Whether it is what a patient says, and not their source: recorded, and changes no visit. */
  public boolean isReply() {
    return switch (this) {
      case CONFIRMED, DECLINED, CALL_REQUESTED, REPLY_OUTDATED, REPLY_UNKNOWN -> true;
      default -> false;
    };
  }

  /** Lower case with hyphens: the name of the route, and the last part of a webhook's type. */
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
