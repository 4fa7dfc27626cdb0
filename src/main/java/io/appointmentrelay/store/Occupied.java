package io.appointmentrelay.store;

import io.appointmentrelay.appointment.AppointmentRecord;
import io.appointmentrelay.appointment.Details;
import io.appointmentrelay.appointment.Party;
import io.appointmentrelay.appointment.StatusGroup;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * When practitioners have visits that are on, read a day at a time and kept while one list is made.
 */
final class Occupied {

  private static final Duration DAY = Duration.ofDays(1);

  /** No visit that takes up a slot began longer before it. */
  private static final Duration LONGEST_VISIT = Duration.ofHours(12);

  /** What is taken of a visit without an end. */
  private static final Duration UNSAID = Duration.ofMinutes(1);

  private static final String OF_DAY =
      "SELECT state, identifier FROM appointment WHERE starts_at >= :from AND starts_at < :to"
          + " AND feed_group = :feedGroup AND state IS NOT NULL";

  private record Day(String group, long number) {}

  private record Visit(Instant from, Instant to, Party practitioner) {}

  private final Handle handle;
  private final Seal seal;
  private final Map<Day, List<Visit>> days = new HashMap<>();

  Occupied(Handle handle, Seal seal) {
    this.handle = handle;
    this.seal = seal;
  }

  /**
   * Whether a visit takes up some of the practitioner's time.
   *
   * @param practitioner absent: nobody knows whose time it is
   */
  boolean isTaken(
      String group, @Nullable Party practitioner, Instant from, @Nullable Integer minutes) {
    if (practitioner == null) {
      return false;
    }
    Instant to = from.plus(minutes == null || minutes < 1 ? UNSAID : Duration.ofMinutes(minutes));
    long first = Math.floorDiv(from.toEpochMilli(), DAY.toMillis());
    long last = Math.floorDiv(to.toEpochMilli() - 1, DAY.toMillis());
    for (long number = first; number <= last; number++) {
      for (Visit visit : days.computeIfAbsent(new Day(group, number), this::read)) {
        boolean overlaps = visit.from().isBefore(to) && from.isBefore(visit.to());
        if (overlaps && visit.practitioner().isKnownAs(practitioner)) {
          return true;
        }
      }
    }
    return false;
  }

  private List<Visit> read(Day day) {
    return handle
        .createQuery(OF_DAY)
        .bind("from", day.number() * DAY.toMillis() - LONGEST_VISIT.toMillis())
        .bind("to", (day.number() + 1) * DAY.toMillis())
        .bind("feedGroup", day.group())
        .map(
            (rows, context) ->
                visit(
                    seal.read(
                        rows.getString("state"),
                        AppointmentRecord.class,
                        Place.state(day.group(), rows.getString("identifier")))))
        .stream()
        .filter(Objects::nonNull)
        .toList();
  }

  private static @Nullable Visit visit(AppointmentRecord record) {
    Details details = record.details();
    StatusGroup group = record.statusGroup();
    boolean isOn = group == StatusGroup.OPEN || group == StatusGroup.PRESENT;
    Instant start = details.start();
    if (!isOn || start == null || details.practitioner() == null) {
      return null;
    }
    Instant end = details.end();
    return new Visit(
        start,
        end == null || !end.isAfter(start) ? start.plus(UNSAID) : end,
        details.practitioner());
  }
}
