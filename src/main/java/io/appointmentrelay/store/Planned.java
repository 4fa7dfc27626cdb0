package io.appointmentrelay.store;

import io.appointmentrelay.appointment.Delivery;
import io.appointmentrelay.appointment.Reason;
import java.util.List;

/**
 * What the commit of a run has put into the outbox.
 *
 * @param dueNow those that are due at once
 * @param unsaid those that were suppressed as they were planned, or by this plan
 */
public record Planned(List<Delivery> dueNow, List<Unsaid> unsaid) {

  static final Planned NOTHING = new Planned(List.of(), List.of());

  /** A delivery that nobody gets. */
  public record Unsaid(String channel, Reason reason) {}
}
