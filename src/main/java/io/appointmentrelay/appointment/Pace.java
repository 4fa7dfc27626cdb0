package io.appointmentrelay.appointment;

import java.time.DateTimeException;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How many messages leave for people in a while, before the brake holds the rest. */
public record Pace(int messages, Duration window) {

  private static final Pattern FORM = Pattern.compile("([1-9]\\d{0,5})/(PT[1-9]\\d{0,3}[SMH])");

  /** Reads {@code 200/PT10M}; empty for {@code none}. */
  public static Optional<Pace> parse(String setting) {
    if (setting.strip().equals("none")) {
      return Optional.empty();
    }
    Matcher form = FORM.matcher(setting.strip());
    try {
      if (form.matches()) {
        return Optional.of(
            new Pace(Integer.parseInt(form.group(1)), Duration.parse(form.group(2))));
      }
    } catch (DateTimeException notADuration) {
      throw refused(setting);
    }
    throw refused(setting);
  }

  private static IllegalArgumentException refused(String setting) {
    return new IllegalArgumentException(
        "A pace is a number of messages in a time, such as 200/PT10M, or none; found '"
            + setting
            + "'. Correct relay.messaging.brake.");
  }

  @Override
  public String toString() {
    return messages + "/" + window;
  }
}
