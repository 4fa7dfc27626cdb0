package io.appointmentrelay.store;

import java.time.Instant;

/**
 * Where a sealed value belongs: its column, and of its row what is known where it is sealed, which
 * is not where the one writer works for all. A value that is moved elsewhere does not open.
 */
final class Place {

  /** Without its row: what was told moves with its appointment from chain to chain. */
  static final String TOLD = "told.told";

  static final String RECIPIENT_KEY = "installation.recipient-key";

  static final String REPLY_KEY = "installation.reply-key";

  private static final String BETWEEN = "\n";

  private Place() {}

  static String body(String source, Instant receivedAt) {
    return "message.body" + BETWEEN + source + BETWEEN + receivedAt.toEpochMilli();
  }

  static String state(String group, String identifier) {
    return "appointment.state" + BETWEEN + group + BETWEEN + identifier;
  }

  static String changes(Position notification) {
    return "timeline.changes" + BETWEEN + notification.id();
  }

  static String payload(String group, String appointment) {
    return "delivery.payload" + BETWEEN + group + BETWEEN + appointment;
  }

  static String delivery(String column, long id) {
    return "delivery." + column + BETWEEN + id;
  }

  static String masked(byte[] recipientCode) {
    return "opt_out.masked" + BETWEEN + java.util.HexFormat.of().formatHex(recipientCode);
  }

  static String probe(String key) {
    return "installation.key" + BETWEEN + key;
  }

  /** The column alone, which may be shown. */
  static String column(String place) {
    int end = place.indexOf(BETWEEN);
    return end < 0 ? place : place.substring(0, end);
  }
}
