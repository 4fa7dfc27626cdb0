package io.appointmentrelay.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.UUID;

/**
 * What makes this store itself: an id that message ids carry, so that two installations never share
 * one.
 */
final class Installation {

  private Installation() {}

  static String id(Statements statements) throws SQLException {
    statements.update(
        "INSERT INTO installation (name, value) VALUES ('id', ?) ON CONFLICT DO NOTHING",
        UUID.randomUUID().toString());
    try (ResultSet rows =
        statements.bind("SELECT value FROM installation WHERE name = 'id'").executeQuery()) {
      rows.next();
      return rows.getString(1);
    }
  }
}
