package io.appointmentrelay.appointment;

import java.time.Instant;

/**
 * What a patient said of a visit: that they come, or that they cannot.
 *
 * @param kind {@link EventKind#CONFIRMED} or {@link EventKind#DECLINED}
 * @param version of the appointment that they were asked about
 * @param channel by which they said it
 */
public record PatientAnswer(EventKind kind, int version, String channel, Instant at) {}
