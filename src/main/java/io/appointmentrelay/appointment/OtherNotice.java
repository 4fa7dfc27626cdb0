package io.appointmentrelay.appointment;

/**
 * A readable notification about something else than an appointment or slots: only its label is
 * known.
 */
public record OtherNotice(String label) implements Notice {}
