package io.appointmentrelay.appointment;

import io.appointmentrelay.appointment.PatientReply.Meaning;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a patient's reply means for a visit. It is bound to the version that was asked about: what
 * has changed since is neither confirmed nor declined by it. No reply changes a visit; only its
 * source does.
 */
public final class Replies {

  private Replies() {}

  /**
   * Judges a reply.
   *
   * @param notification the id of the notification that brought it
   * @param at when it came
   * @param known the appointment as it is now
   */
  public static AppointmentEvent judge(
      PatientReply reply, AppointmentRecord known, String notification, Instant at) {
    EventKind kind = kind(reply, known, at);
    boolean answers = kind == EventKind.CONFIRMED || kind == EventKind.DECLINED;
    PatientAnswer said =
        answers ? new PatientAnswer(kind, known.version(), reply.channel(), at) : known.answer();
    return new AppointmentEvent(
        kind,
        known.source(),
        notification,
        at,
        known,
        known.touched(said),
        List.of(new Change("reply", null, reply.channel())),
        null);
  }

  private static EventKind kind(PatientReply reply, AppointmentRecord known, Instant at) {
    Instant start = known.details().start();
    boolean isOver = start != null && !at.isBefore(start);
    boolean isOpen = known.statusGroup() == StatusGroup.OPEN;
    if (reply.meaning() == Meaning.UNKNOWN || !reply.isClear() || isOver || !isOpen) {
      return EventKind.REPLY_UNKNOWN;
    }
    if (reply.meaning() == Meaning.CALL) {
      return EventKind.CALL_REQUESTED;
    }
    if (!Objects.equals(reply.askedVersion(), known.version())) {
      return EventKind.REPLY_OUTDATED;
    }
    EventKind wish = reply.meaning() == Meaning.CONFIRM ? EventKind.CONFIRMED : EventKind.DECLINED;
    return besides(known.answered(), wish);
  }

  /** Whoever said that they cannot come may have lost the time: a person must look at it. */
  private static EventKind besides(@Nullable EventKind before, EventKind wish) {
    if (before == wish) {
      return EventKind.UNCHANGED;
    }
    return before == EventKind.DECLINED ? EventKind.REPLY_UNKNOWN : wish;
  }
}
