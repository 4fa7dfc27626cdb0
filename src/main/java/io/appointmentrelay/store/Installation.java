package io.appointmentrelay.store;

import java.security.SecureRandom;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HexFormat;
import java.util.UUID;

/**
 * What makes this store itself: an id that message ids carry, so that two installations never share
 * one.
 */
final class Installation {

  private static final SecureRandom RANDOM = new SecureRandom();

  private Installation() {}

  static String id(Statements statements) throws SQLException {
    return kept(statements, "id", UUID.randomUUID().toString());
  }

  /** The key with which addresses are coded; it goes where the store goes. */
  static String recipientKey(Statements statements) throws SQLException {
    byte[] key = new byte[32];
    RANDOM.nextBytes(key);
    return kept(statements, "recipient-key", HexFormat.of().formatHex(key));
  }

  /** The key that links in messages are signed with; it goes where the store goes. */
  static String replyKey(Statements statements) throws SQLException {
    byte[] key = new byte[32];
    RANDOM.nextBytes(key);
    return kept(statements, "reply-key", HexFormat.of().formatHex(key));
  }

  private static String kept(Statements statements, String name, String ifNew) throws SQLException {
    statements.update(
        "INSERT INTO installation (name, value) VALUES (?, ?) ON CONFLICT DO NOTHING", name, ifNew);
    try (ResultSet rows =
        statements.bind("SELECT value FROM installation WHERE name = ?", name).executeQuery()) {
      rows.next();
      return rows.getString(1);
    }
  }
}
