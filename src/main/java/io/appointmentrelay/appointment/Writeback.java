package io.appointmentrelay.appointment;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** An answer to an appointment that can be written into the EHR. */
public enum Writeback {
  /** The patient comes. */
  CONFIRM,
  /** The patient does not come: the visit is off. */
  CANCEL;

  /** As routes, settings, the store and the API write it. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** All of them as written. */
  public static List<String> words() {
    return Arrays.stream(values()).map(Writeback::word).toList();
  }

  /** The one that is written so. */
  public static Optional<Writeback> of(String word) {
    return Arrays.stream(values()).filter(one -> one.word().equals(word)).findFirst();
  }
}
