package io.appointmentrelay.appointment;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Time in a calendar that an appointment took until now.
 *
 * @param end absent: nobody knows how long it was
 */
public record FreedSlot(
    Instant start, @Nullable Instant end, @Nullable Party practitioner, @Nullable Party location) {

  /**
   * What an event frees: a cancelled appointment all of its time, a moved one what it left. Empty:
   * nothing, or nothing that is still to come.
   */
  public static Optional<FreedSlot> by(AppointmentEvent event, Instant now) {
    return Optional.ofNullable(
            switch (event.kind()) {
              case CANCELLED -> cancelled(event);
              case RESCHEDULED, MODIFIED -> left(event);
              default -> null;
            })
        .filter(slot -> slot.start().isAfter(now));
  }

  private static @Nullable FreedSlot cancelled(AppointmentEvent event) {
    AppointmentRecord before = event.before();
    return before != null && !isOn(before) ? null : of(event.after().details());
  }

  private static @Nullable FreedSlot left(AppointmentEvent event) {
    AppointmentRecord old = event.replaced() != null ? event.replaced() : event.before();
    Details now = event.after().details();
    if (old == null) {
      return moved(event, now);
    }
    FreedSlot slot = isOn(old) || event.replaced() != null ? of(old.details()) : null;
    return slot == null || !slot.isOf(now.practitioner()) ? slot : slot.without(now);
  }

  /** First heard of as it moved: the old start is all that is known of before. */
  private static @Nullable FreedSlot moved(AppointmentEvent event, Details now) {
    for (Change change : event.changes()) {
      String before = change.before();
      if (change.field().equals("start") && before != null) {
        try {
          return new FreedSlot(Instant.parse(before), null, now.practitioner(), now.location())
              .without(now);
        } catch (DateTimeException e) {
          return null;
        }
      }
    }
    return null;
  }

  private static @Nullable FreedSlot of(Details details) {
    return details.start() == null
        ? null
        : new FreedSlot(details.start(), details.end(), details.practitioner(), details.location());
  }

  private static boolean isOn(AppointmentRecord record) {
    return switch (record.statusGroup()) {
      case OPEN, PRESENT -> true;
      default -> false;
    };
  }

  private boolean isOf(@Nullable Party other) {
    return practitioner == null || other == null || practitioner.sameAs(other);
  }

  /** What the same practitioner's new time leaves of it. */
  private @Nullable FreedSlot without(Details now) {
    Instant from = now.start();
    Instant to = now.end();
    if (from == null) {
      return null;
    }
    if (end == null) {
      return from.equals(start) ? null : this;
    }
    boolean apart = !from.isBefore(end) || (to != null && !to.isAfter(start));
    if (apart) {
      return this;
    }
    if (from.isAfter(start)) {
      return new FreedSlot(start, from, practitioner, location);
    }
    return to != null && to.isBefore(end) ? new FreedSlot(to, end, practitioner, location) : null;
  }
}
