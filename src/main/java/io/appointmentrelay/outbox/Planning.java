package io.appointmentrelay.outbox;

import io.appointmentrelay.appointment.AppointmentEvent;
import io.appointmentrelay.appointment.AppointmentRecord;
import io.appointmentrelay.appointment.Audience;
import io.appointmentrelay.appointment.EventKind;
import io.appointmentrelay.appointment.FreedSlot;
import io.appointmentrelay.appointment.Nature;
import io.appointmentrelay.appointment.PlannedDelivery;
import io.appointmentrelay.appointment.Reason;
import io.appointmentrelay.messaging.Lead;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Makes a planned delivery of what a route's {@code outbox:} step says and what has happened. */
final class Planning {

  private final String channel;
  private final Audience audience;
  private final @Nullable String text;
  private final @Nullable Lead lead;
  private final IfLate ifLate;
  private final ZoneId clinicZone;
  private final Duration settle;
  private final Duration rebookWindow;
  private final @Nullable Predicate<String> slotsOf;
  private final Clock clock;

  /**
   * @param slotsOf tells of the slot that an event frees, if the group's sources tell of slots;
   *     absent: tells of the event
   */
  Planning(
      String channel,
      Audience audience,
      @Nullable String text,
      @Nullable Lead lead,
      IfLate ifLate,
      ZoneId clinicZone,
      Duration settle,
      Duration rebookWindow,
      @Nullable Predicate<String> slotsOf,
      Clock clock) {
    this.channel = channel;
    this.audience = audience;
    this.text = text;
    this.lead = lead;
    this.ifLate = ifLate;
    this.clinicZone = clinicZone;
    this.settle = settle;
    this.rebookWindow = rebookWindow;
    this.slotsOf = slotsOf;
    this.clock = clock;
  }

  /**
   * Empty: there is nothing to tell.
   *
   * @param words what a patient wrote, if it is a reply; only staff read it
   */
  Optional<PlannedDelivery> plan(AppointmentEvent event, @Nullable String words) {
    if (slotsOf != null) {
      return FreedSlot.by(event, clock.instant())
          .filter(slot -> slotsOf.test(event.after().group()))
          .map(slot -> event(FreedSlotPayload.json(event, slot)));
    }
    return Optional.of(
        text == null ? event(EventPayload.json(event)) : message(text, event, words));
  }

  private PlannedDelivery event(String payload) {
    return new PlannedDelivery(
        channel, audience, Nature.EVENT, null, null, clock.instant(), payload, null);
  }

  private PlannedDelivery message(String text, AppointmentEvent event, @Nullable String words) {
    if (lead == null && event.isReply()) {
      String payload = audience == Audience.STAFF ? words : null;
      return new PlannedDelivery(
          channel, audience, Nature.ANSWER, text, null, clock.instant(), payload, null);
    }
    if (lead == null) {
      return new PlannedDelivery(
          channel,
          audience,
          Nature.NEWS,
          text,
          null,
          clock.instant().plus(wait(event.kind())),
          null,
          null);
    }
    return preparation(lead, event.after());
  }

  /**
   * What is late is skipped, or starts anew: not before the news of the same plan, which waits to
   * settle and would be taken for known.
   */
  private PlannedDelivery preparation(Lead when, AppointmentRecord appointment) {
    Nature nature = when.isBefore() ? Nature.BEFORE_START : Nature.AFTER_START;
    Instant now = clock.instant();
    Instant due = due(when, appointment);
    boolean late = due != null && due.isBefore(now);
    return new PlannedDelivery(
        channel,
        audience,
        nature,
        text,
        when.key(),
        late && ifLate == IfLate.SEND ? now.plus(settle) : due,
        null,
        late && ifLate == IfLate.SKIP ? Reason.INSIDE_LEAD : null);
  }

  /** A cancellation waits for what may make it a move; all news waits for what follows at once. */
  private Duration wait(EventKind kind) {
    boolean longer = kind == EventKind.CANCELLED && rebookWindow.compareTo(settle) > 0;
    return longer ? rebookWindow : settle;
  }

  private @Nullable Instant due(Lead when, AppointmentRecord appointment) {
    Instant start = appointment.details().start();
    ZoneId zone = appointment.details().zone();
    return start == null ? null : when.due(start, zone == null ? clinicZone : zone);
  }
}
