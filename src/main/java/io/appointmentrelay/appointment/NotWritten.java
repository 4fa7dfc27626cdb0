package io.appointmentrelay.appointment;

import org.jspecify.annotations.Nullable;

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

  /** The one among a failure and its causes; null if there is none. */
  public static @Nullable NotWritten in(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof NotWritten moot) {
        return moot;
      }
    }
    return null;
  }
}
