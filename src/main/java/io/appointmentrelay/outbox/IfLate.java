package io.appointmentrelay.outbox;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What becomes of preparation whose time has passed when it is planned. */
enum IfLate {
  /** It is sent at once, right after the news. */
  SEND,
  /** It is not sent. */
  SKIP;

  /**
   * Reads the parameter of a route's {@code outbox:} step.
   *
   * @param word absent: skip
   */
  static IfLate of(@Nullable String word) {
    for (IfLate choice : values()) {
      if (choice.name().toLowerCase(Locale.ROOT).equals(word)) {
        return choice;
      }
    }
    if (word != null) {
      throw new IllegalArgumentException(
          "ifLate: is send or skip; found '" + word + "'. Correct the outbox: step.");
    }
    return SKIP;
  }
}
