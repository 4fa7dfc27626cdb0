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

  static final String RECIPIENT_KEY = "recipient-key";

  static final String REPLY_KEY = "reply-key";

  /** Of each key that sealed something here, a value by which it is known again. */
  static final String SEALED_WITH = "key:";

  private static final SecureRandom RANDOM = new SecureRandom();

  private Installation() {}

  static String id(Statements statements) throws SQLException {
    return kept(statements, "id", UUID.randomUUID().toString());
  }

  /** The key with which addresses are coded; it goes where the store goes. */
  static String recipientKey(Statements statements, Seal seal) throws SQLException {
    byte[] key = new byte[32];
    RANDOM.nextBytes(key);
    String own = seal.text(HexFormat.of().formatHex(key), Place.RECIPIENT_KEY);
    return seal.open(kept(statements, RECIPIENT_KEY, own), Place.RECIPIENT_KEY);
  }

  /**
   * Makes sure that everything that may be sealed here can be opened, and remembers the key that
   * writes from now on.
   *
   * @throws WrongStoreKey if it cannot; nothing was changed
   */
  static boolean agreeOn(Statements statements, Seal seal) throws SQLException {
    mustOpen(statements, seal);
    String id = seal.writesWith();
    if (id != null) {
      kept(statements, SEALED_WITH + id, seal.text(id, Place.probe(id)));
    }
    return true;
  }

  /**
   * Makes sure that everything that may be sealed here can be opened.
   *
   * @throws WrongStoreKey if it cannot
   */
  static void mustOpen(Statements statements, Seal seal) throws SQLException {
    try (ResultSet rows =
        statements
            .bind("SELECT name, value FROM installation WHERE name LIKE 'key:%' ORDER BY name")
            .executeQuery()) {
      while (rows.next()) {
        isOurs(seal, rows.getString(1).substring(SEALED_WITH.length()), rows.getString(2));
      }
    }
  }

  private static void isOurs(Seal seal, String id, String probe) {
    if (!seal.ids().contains(id)) {
      throw WrongStoreKey.missing(id, String.join(", ", seal.ids()));
    }
    try {
      seal.open(probe, Place.probe(id));
    } catch (IllegalStateException e) {
      throw WrongStoreKey.another(id);
    }
  }

  /** The key that links in messages are signed with; it goes where the store goes. */
  static String replyKey(Statements statements, Seal seal) throws SQLException {
    byte[] key = new byte[32];
    RANDOM.nextBytes(key);
    String own = seal.text(HexFormat.of().formatHex(key), Place.REPLY_KEY);
    return seal.open(kept(statements, REPLY_KEY, own), Place.REPLY_KEY);
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
