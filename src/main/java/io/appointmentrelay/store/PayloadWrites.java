package io.appointmentrelay.store;

import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** What deliveries to systems say, beside the deliveries. */
final class PayloadWrites {

  private PayloadWrites() {}

  /**
   * Keeps it.
   *
   * @param payload sealed; absent: nothing is to be kept
   */
  static void keep(Statements statements, long delivery, @Nullable String payload)
      throws SQLException {
    if (payload != null) {
      statements.update(
          "INSERT INTO delivery_payload (delivery, payload) VALUES (?, ?)", delivery, payload);
    }
  }

  static void drop(Statements statements, long delivery) throws SQLException {
    statements.update("DELETE FROM delivery_payload WHERE delivery = ?", delivery);
  }

  static void dropAll(Statements statements, long root) throws SQLException {
    statements.update(
        "DELETE FROM delivery_payload WHERE delivery IN (SELECT id FROM delivery WHERE root = ?)",
        root);
  }
}
