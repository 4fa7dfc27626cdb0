package io.appointmentrelay.inbox;

import io.appointmentrelay.appointment.OtherEndUnavailable;
import io.appointmentrelay.appointment.UnusableAnswer;
import org.jspecify.annotations.Nullable;

/**
 * Says where something failed without saying on what: messages of exceptions may quote the
 * notification, types and places do not.
 */
final class Failure {

  private static final String OURS = "io.appointmentrelay";

  private Failure() {}

  /**
   * The type of the failure, the type of its root cause, and the first place of ours in its stack.
   */
  static String where(Throwable failure) {
    String explained = explained(failure);
    if (explained != null) {
      return explained;
    }
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    StringBuilder words = new StringBuilder(failure.getClass().getSimpleName());
    if (!root.equals(failure)) {
      words.append(" because of ").append(root.getClass().getSimpleName());
    }
    for (StackTraceElement element : root.getStackTrace()) {
      if (element.getClassName().startsWith(OURS)) {
        return words.append(" at ").append(element).toString();
      }
    }
    return words.toString();
  }

  /** What the trouble with another system is, in words that name no person. */
  private static @Nullable String explained(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof OtherEndUnavailable || cause instanceof UnusableAnswer) {
        return cause.getMessage();
      }
    }
    return null;
  }
}
