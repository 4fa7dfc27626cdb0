package io.appointmentrelay.store;

import io.appointmentrelay.appointment.AppointmentEvent;
import io.appointmentrelay.appointment.Delivery;
import io.appointmentrelay.appointment.Plan;
import io.appointmentrelay.appointment.Plan.Verdict;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Commits what one notification has caused: its records, timeline, deliveries and its own end, or
 * nothing of it.
 */
final class PlanCommit {

  private final AppointmentWrites appointments;
  private final DeliveryPlanning deliveries;
  private final RebookingCommit rebooking;
  private final Clock clock;
  private final SlotWrites slots = new SlotWrites();

  PlanCommit(Ids ids, Clock clock, Duration rebookWindow) {
    this.appointments = new AppointmentWrites(ids);
    this.deliveries = new DeliveryPlanning(ids, clock);
    this.rebooking = new RebookingCommit(rebookWindow);
    this.clock = clock;
  }

  /**
   * @param entries what the plan's event writes, none if it has no event
   */
  List<Delivery> run(Statements statements, WaitingPart part, Plan plan, List<Entry> entries)
      throws SQLException {
    Verdict verdict =
        Objects.requireNonNull(plan.verdict(), "a plan is committed with its verdict");
    if (verdict instanceof Verdict.Parked parked) {
      settle(statements, part, "parked", null, parked.reason());
      return List.of();
    }
    if (verdict instanceof Verdict.Slots pushed) {
      slots.store(statements, part.source(), pushed.notice(), pushed.zone());
      settle(statements, part, "processed", "SLOTS", null);
      return List.of();
    }
    if (verdict instanceof Verdict.Noted) {
      settle(statements, part, "processed", "NOTED", plan.notes());
      return List.of();
    }
    AppointmentEvent event = ((Verdict.Applied) verdict).event();
    AppointmentWrites.Stored stored = appointments.store(statements, part, event, entries);
    settle(statements, part, "processed", event.kind().name(), plan.notes());
    List<Delivery> dueNow = deliveries.plan(statements, event, stored, plan.deliveries());
    rebooking.join(statements, event, stored, clock.instant());
    return dueNow;
  }

  private static void settle(
      Statements statements,
      WaitingPart part,
      String status,
      @Nullable String event,
      @Nullable String reason)
      throws SQLException {
    int settled =
        statements.update(
            "UPDATE notification SET status = ?, event = ?, reason = ?, attempts = ?, failures = ?"
                + " WHERE message = ? AND part = ? AND status = 'received'",
            status,
            event,
            reason,
            part.attempts() + 1,
            part.failures(),
            part.position().message(),
            part.position().part());
    if (settled != 1) {
      throw new AlreadySettled(part.id());
    }
  }
}
