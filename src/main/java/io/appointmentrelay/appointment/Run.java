package io.appointmentrelay.appointment;

import java.time.Instant;
import java.time.ZoneId;

/**
 * One run of one notification part through its route, with the plan that it fills.
 *
 * @param notification the part's id
 * @param zone the source's, for times that name none
 */
public record Run(
    String notification, String source, String group, ZoneId zone, Instant receivedAt, Plan plan) {

  /** The exchange property that a run travels in. */
  public static final String PROPERTY = "AppointmentRun";
}
