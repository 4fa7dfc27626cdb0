package io.appointmentrelay.appointment;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What really happened to one appointment: the body of a message behind {@code timeline:}.
 *
 * @param notification the id of the notification part that told of it
 * @param at when it happened: the notice's event time, else its arrival
 * @param before what was known, absent if the appointment was never seen
 * @param after what is known now
 * @param changes what differs, visible to a person
 * @param replaced the record of the appointment that this one took the place of, as it is now
 */
public record AppointmentEvent(
    EventKind kind,
    String source,
    String notification,
    Instant at,
    @Nullable AppointmentRecord before,
    AppointmentRecord after,
    List<Change> changes,
    @Nullable AppointmentRecord replaced) {

  public AppointmentEvent {
    changes = List.copyOf(changes);
  }

  /** By which channel the patient said it; null: it is no reply. */
  public @Nullable String replyChannel() {
    return isReply() ? changes.get(0).after() : null;
  }

  /** Whether the patient said it, and not the source; also if they had said it before. */
  public boolean isReply() {
    return kind.isReply() || changes.stream().anyMatch(change -> change.field().equals("reply"));
  }
}
