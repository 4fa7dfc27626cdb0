package io.appointmentrelay.appointment;

import org.jspecify.annotations.Nullable;

/**
 * What was answered to an appointment, and is to reach its EHR. It tells nothing of the appointment
 * itself: only the EHR does.
 *
 * @param label the word of a {@link Writeback}
 * @param group the feeds that speak of the appointment
 * @param version the version that was answered; absent: the one known when it is taken up
 */
public record AnswerNotice(String label, String group, String identifier, @Nullable Integer version)
    implements Notice {}
