package io.appointmentrelay.messaging;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.zone.ZoneOffsetTransition;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The hours in which nobody is texted, by the clock on the recipient's wall: from the first time,
 * inclusive, to the second, exclusive, over midnight if the second is earlier.
 */
public final class QuietHours {

  /** It is never quiet. */
  public static final QuietHours NONE = new QuietHours(null);

  private static final Pattern FORM = Pattern.compile("(\\d\\d:\\d\\d)-(\\d\\d:\\d\\d)");

  private final @Nullable Window window;

  private QuietHours(@Nullable Window window) {
    this.window = window;
  }

  /** Reads {@code 21:00-08:00} or {@code none}. */
  public static QuietHours parse(String setting) {
    String value = setting.strip();
    if (value.toLowerCase(Locale.ROOT).equals("none")) {
      return NONE;
    }
    Matcher form = FORM.matcher(value);
    if (!form.matches()) {
      throw refused(setting);
    }
    Window window;
    try {
      window = new Window(LocalTime.parse(form.group(1)), LocalTime.parse(form.group(2)));
    } catch (DateTimeException notATime) {
      throw refused(setting);
    }
    if (window.from.equals(window.until)) {
      throw refused(setting);
    }
    return new QuietHours(window);
  }

  /** When the quiet that holds at {@code now} ends; empty if it is not quiet then. */
  public Optional<Instant> endIfQuiet(Instant now, ZoneId zone) {
    if (window == null || !window.holds(now, zone)) {
      return Optional.empty();
    }
    Instant end = window.endAfter(now, zone);
    // A clock put forward can land in the quiet again, when both ends lie in the hour it skips.
    while (window.holds(end, zone)) {
      end = window.endAfter(end, zone);
    }
    return Optional.of(end);
  }

  /** As the setting is written. */
  @Override
  public String toString() {
    return window == null ? "none" : window.from + "-" + window.until;
  }

  private static IllegalArgumentException refused(String setting) {
    return new IllegalArgumentException(
        "Quiet hours are two different times of day such as 21:00-08:00, or none; found '"
            + setting
            + "'. Correct relay.messaging.quiet-hours.");
  }

  private record Window(LocalTime from, LocalTime until) {

    boolean holds(Instant now, ZoneId zone) {
      LocalTime time = now.atZone(zone).toLocalTime();
      boolean begun = !time.isBefore(from);
      boolean notOver = time.isBefore(until);
      return from.isBefore(until) ? begun && notOver : begun || notOver;
    }

    /** The first instant after {@code now} at which the clock shows, or skips, the end. */
    Instant endAfter(Instant now, ZoneId zone) {
      ZonedDateTime local = now.atZone(zone);
      LocalDate day = local.toLocalDate();
      LocalDate endDay = local.toLocalTime().isBefore(until) ? day : day.plusDays(1);
      return instantsOf(endDay.atTime(until), zone).stream()
          .filter(instant -> instant.isAfter(now))
          .findFirst()
          .orElseGet(() -> endAfterMidnight(endDay, zone));
    }

    private Instant endAfterMidnight(LocalDate day, ZoneId zone) {
      return instantsOf(day.plusDays(1).atTime(until), zone).get(0);
    }

    /** Once; twice when clocks are put back over it; when put forward over it, the change. */
    private static List<Instant> instantsOf(LocalDateTime time, ZoneId zone) {
      List<ZoneOffset> offsets = zone.getRules().getValidOffsets(time);
      if (offsets.isEmpty()) {
        ZoneOffsetTransition skipped = zone.getRules().getTransition(time);
        return List.of(skipped.getInstant());
      }
      return offsets.stream().map(time::toInstant).sorted().toList();
    }
  }
}
