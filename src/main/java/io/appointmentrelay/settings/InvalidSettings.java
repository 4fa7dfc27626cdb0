package io.appointmentrelay.settings;

import java.util.List;

/** The settings cannot be used; the message lists every problem, a line each. */
public final class InvalidSettings extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public InvalidSettings(List<String> problems) {
    super(String.join(System.lineSeparator(), problems));
  }
}
