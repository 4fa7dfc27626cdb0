package io.appointmentrelay.process;

/**
 * Something that the relay has sent out, as the other end saw it.
 *
 * @param key webhook-id or Message-ID; for a text message its words
 * @param recipient to whom; empty for the clinic's own system
 * @param subject of a mail
 * @param nanos when, by {@link System#nanoTime}
 */
public record Arrival(String key, String recipient, String subject, String content, long nanos) {}
