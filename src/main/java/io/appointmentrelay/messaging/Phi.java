package io.appointmentrelay.messaging;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** How much of a person's health information a text tells, or a channel may carry. */
public enum Phi {
  /** Who writes and how to reach them, as anybody may read it. */
  NONE,
  /** That somebody has a visit: their name, when, where, how and with whom. */
  VISIT,
  /** Also what the visit is for. */
  FULL;

  /** As marks and settings write it. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Empty for another word. */
  public static Optional<Phi> of(String word) {
    return Stream.of(values()).filter(phi -> phi.word().equals(word)).findFirst();
  }

  boolean isMoreThan(Phi other) {
    return compareTo(other) > 0;
  }
}
