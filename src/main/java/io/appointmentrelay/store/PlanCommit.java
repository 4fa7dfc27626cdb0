package io.appointmentrelay.store;

import io.appointmentrelay.appointment.AppointmentEvent;
import io.appointmentrelay.appointment.EventKind;
import io.appointmentrelay.appointment.OptOutChoice;
import io.appointmentrelay.appointment.Plan;
import io.appointmentrelay.appointment.Plan.Verdict;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Commits what one notification has caused: its records, timeline, deliveries and its own end, or
 * nothing of it.
 */
final class PlanCommit {

  private static final String SETTLE =
      "UPDATE notification SET status = ?, event = ?, reason = ?, attempts = ?, failures = ?"
          + " WHERE message = ? AND part = ? AND status = 'received'";

  /** One process keeps the order itself; where there are several, the last word is here. */
  private static final String ITS_TURN =
      noneEarlier("earlier.ordering_key = notification.ordering_key")
          + noneEarlier("earlier.ordering_key = notification.behind")
          + noneEarlier("earlier.behind = notification.ordering_key");

  private final String settle;
  private final AppointmentWrites appointments;
  private final DeliveryPlanning deliveries;
  private final RebookingCommit rebooking;
  private final Clock clock;
  private final RecipientCode code;
  private final SlotWrites slots = new SlotWrites();

  private static String noneEarlier(String condition) {
    return " AND NOT EXISTS (SELECT 1 FROM notification earlier WHERE earlier.status = 'received' AND "
        + condition
        + " AND (earlier.message, earlier.part) < (notification.message, notification.part))";
  }

  PlanCommit(
      Ids ids, Clock clock, Duration rebookWindow, Crew crew, Seal seal, RecipientCode code) {
    this.settle = crew.isShared() ? SETTLE + ITS_TURN : SETTLE;
    this.appointments = new AppointmentWrites(ids, clock);
    this.deliveries = new DeliveryPlanning(ids, clock, seal);
    this.rebooking = new RebookingCommit(rebookWindow, seal, code);
    this.clock = clock;
    this.code = code;
  }

  /**
   * @param prepared what the plan's event writes, nothing if it has no event
   */
  Planned run(Statements statements, WaitingPart part, Plan plan, Prepared prepared)
      throws SQLException {
    Verdict verdict =
        Objects.requireNonNull(plan.verdict(), "a plan is committed with its verdict");
    if (verdict instanceof Verdict.Parked parked) {
      settle(statements, part, "parked", null, parked.reason());
      return Planned.NOTHING;
    }
    if (verdict instanceof Verdict.Slots pushed) {
      slots.store(statements, part.source(), pushed);
      settle(statements, part, "processed", "SLOTS", null);
      return Planned.NOTHING;
    }
    if (verdict instanceof Verdict.Noted) {
      settle(statements, part, "processed", "NOTED", plan.notes());
      for (OptOutChoice choice : plan.choices()) {
        RecipientStore.choose(statements, code, choice, clock.instant());
      }
      return Planned.NOTHING;
    }
    AppointmentEvent event =
        Objects.requireNonNull(plan.event(), "every other verdict is about an appointment");
    // What is older than what was known, or did not come from the EHR, tells nothing of how things
    // are now.
    boolean isTold =
        event.kind() != EventKind.STALE
            && !event.isReply()
            && !(verdict instanceof Verdict.Answered);
    Instant knownAt = isTold ? part.receivedAt() : Instant.EPOCH;
    AppointmentWrites.Stored stored =
        appointments.store(statements, part, event, prepared.entries(), knownAt);
    settle(statements, part, "processed", event.kind().name(), plan.notes());
    Planned planned = deliveries.plan(statements, event, stored, plan.deliveries(), prepared);
    planned.unsaid().addAll(rebooking.join(statements, event, stored, clock.instant()));
    return planned;
  }

  private void settle(
      Statements statements,
      WaitingPart part,
      String status,
      @Nullable String event,
      @Nullable String reason)
      throws SQLException {
    int settled =
        statements.update(
            settle,
            status,
            event,
            reason,
            part.attempts() + 1,
            part.failures(),
            part.position().message(),
            part.position().part());
    if (settled != 1) {
      throw isWaiting(statements, part) ? new NotItsTurn(part.id()) : new AlreadySettled(part.id());
    }
  }

  private static boolean isWaiting(Statements statements, WaitingPart part) throws SQLException {
    try (ResultSet rows =
        statements
            .bind(
                "SELECT 1 FROM notification WHERE message = ? AND part = ? AND status = 'received'",
                part.position().message(),
                part.position().part())
            .executeQuery()) {
      return rows.next();
    }
  }
}
