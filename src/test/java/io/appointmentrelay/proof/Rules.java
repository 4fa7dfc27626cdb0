package io.appointmentrelay.proof;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;

/**
 * What the oracle must be told, because it is a matter of settings and of route files.
 *
 * @param settle how long news waits
 * @param quietFrom from then on nobody is texted, to {@code quietUntil}; null: always
 * @param preparation what leads up to a visit, in the order of the route file
 */
record Rules(
    Duration settle,
    LocalTime quietFrom,
    LocalTime quietUntil,
    Duration tooLate,
    ZoneId clinic,
    List<Step> preparation) {

  /**
   * One step before a visit.
   *
   * @param ifLate what becomes of it when its hour is past as it is planned: send (late from now
   *     on), skip, or null: it is late as any other
   */
  record Step(String channel, String text, String before, String ifLate) {

    Instant due(Instant start, ZoneId zone) {
      ZonedDateTime visit = start.atZone(zone);
      int time = before.indexOf('T');
      if (time < 0) {
        return visit.minusDays(java.time.Period.parse(before).getDays()).toInstant();
      }
      return start.minus(Duration.parse(before));
    }
  }

  /** Reads the steps of the route that plans what leads up to a visit. */
  static List<Step> preparation(Path routes) {
    List<Step> steps = new ArrayList<>();
    try {
      String file =
          Files.readString(routes.resolve("appointment").resolve("preparation.camel.yaml"));
      String[] parts = file.split("uri: outbox:", -1);
      for (String part : List.of(parts).subList(1, parts.length)) {
        String channel = part.substring(0, part.indexOf('\n')).strip();
        steps.add(
            new Step(channel, value(part, "text"), value(part, "before"), value(part, "ifLate")));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return steps;
  }

  private static String value(String step, String name) {
    return step.lines()
        .map(String::strip)
        .filter(line -> line.startsWith(name + ":"))
        .map(line -> line.substring(name.length() + 1).strip())
        .findFirst()
        .orElse(null);
  }
}
