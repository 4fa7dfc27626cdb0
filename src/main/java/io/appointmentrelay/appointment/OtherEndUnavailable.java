package io.appointmentrelay.appointment;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Another system as a whole cannot serve us now: refused, too slow, 429, 5xx, no token, or it does
 * not know yet what we know. It is no fault of what is being worked on, so it does not count
 * (SEMANTICS §6). The message names systems and codes, never people, and may be shown.
 */
public final class OtherEndUnavailable extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final @Nullable Duration retryAfter;

  public OtherEndUnavailable(String message) {
    this(message, null);
  }

  /**
   * @param retryAfter when it asks to be tried again; absent: it does not say
   */
  public OtherEndUnavailable(String message, @Nullable Duration retryAfter) {
    super(message);
    this.retryAfter = retryAfter;
  }

  public @Nullable Duration retryAfter() {
    return retryAfter;
  }

  /** The one among a failure and its causes; null if there is none. */
  public static @Nullable OtherEndUnavailable in(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof OtherEndUnavailable unavailable) {
        return unavailable;
      }
    }
    return null;
  }
}
