package io.appointmentrelay.outbox;

import io.appointmentrelay.appointment.AppointmentEvent;
import io.appointmentrelay.appointment.AppointmentRecord;
import io.appointmentrelay.appointment.Audience;
import io.appointmentrelay.appointment.EventKind;
import io.appointmentrelay.appointment.Nature;
import io.appointmentrelay.appointment.PlannedDelivery;
import io.appointmentrelay.appointment.Reason;
import io.appointmentrelay.messaging.Lead;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
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
  private final Clock clock;

  Planning(
      String channel,
      Audience audience,
      @Nullable String text,
      @Nullable Lead lead,
      IfLate ifLate,
      ZoneId clinicZone,
      Duration settle,
      Duration rebookWindow,
      Clock clock) {
    this.channel = channel;
    this.audience = audience;
    this.text = text;
    this.lead = lead;
    this.ifLate = ifLate;
    this.clinicZone = clinicZone;
    this.settle = settle;
    this.rebookWindow = rebookWindow;
    this.clock = clock;
  }

  /**
   * @param words what a patient wrote, if it is a reply; only staff read it
   */
  PlannedDelivery plan(AppointmentEvent event, @Nullable String words) {
    if (text == null) {
      return new PlannedDelivery(
          channel,
          audience,
          Nature.EVENT,
          null,
          null,
          clock.instant(),
          EventPayload.json(event),
          null);
    }
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
