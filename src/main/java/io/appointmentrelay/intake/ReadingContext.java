package io.appointmentrelay.intake;

import java.time.Instant;
import java.time.ZoneId;

/**
 * What a reader needs beside the bytes.
 *
 * @param zone for times without an offset
 * @param receivedAt when the notification arrived
 */
public record ReadingContext(ZoneId zone, Instant receivedAt) {}
