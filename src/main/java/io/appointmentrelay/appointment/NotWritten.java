package io.appointmentrelay.appointment;

/**
 * The EHR itself says that an answer does not hold any more: nothing was written, and nothing is to
 * be. The message names systems and states, never people, and may be shown.
 */
public final class NotWritten extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final Reason reason;

  public NotWritten(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  public Reason reason() {
    return reason;
  }
}
