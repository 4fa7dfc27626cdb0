package io.appointmentrelay.appointment;

/** What kind of message a delivery is, and so which rules it lives by. */
public enum Nature {
  /** An immediate text to a person: at most one pending, superseded by newer truth. */
  NEWS,
  /** Leads up to a visit, before its start: planned anew by every version. */
  BEFORE_START,
  /** Follows a visit's start: planned anew by every version. */
  AFTER_START,
  /** An event to a system: never superseded, in order. */
  EVENT,
  /** Something for staff to do: whatever they know, and never superseded. */
  TASK,
  /** Says something of a patient's reply: as it is, once, whatever was told before. */
  ANSWER;

  public boolean isPreparation() {
    return this == BEFORE_START || this == AFTER_START;
  }
}
