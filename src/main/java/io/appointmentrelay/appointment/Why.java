package io.appointmentrelay.appointment;

import java.time.Instant;

/**
 * One rule's word about a delivery, kept so that every decision can be read.
 *
 * @param rule which rule was asked
 * @param verdict what it said: {@code ok}, or the reason
 * @param detail the values it looked at, people's masked
 */
public record Why(Instant at, String rule, String verdict, String detail) {}
