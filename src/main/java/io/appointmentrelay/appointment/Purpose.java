package io.appointmentrelay.appointment;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What somebody may ask not to be sent any more. */
public enum Purpose {
  /** What happened to a visit. */
  NEWS,
  /** What leads up to a visit, or follows it. */
  PREPARATION,
  ALL;

  /** As the API and the command write it. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** All of them as written. */
  public static List<String> words() {
    return Arrays.stream(values()).map(Purpose::word).toList();
  }

  /** The one that is written so. */
  public static Optional<Purpose> of(String word) {
    return Arrays.stream(values()).filter(purpose -> purpose.word().equals(word)).findFirst();
  }

  /** What a delivery to a person is for. */
  public static Purpose of(Nature nature) {
    return nature.isPreparation() ? PREPARATION : NEWS;
  }
}
