package io.appointmentrelay.store;

import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HexFormat;

/**
 * Takes away what is known of a chain of appointments and of those its messages went to, and leaves
 * what is counted. The appointment gives its identifier away: who speaks of it again begins anew.
 */
final class Emptying {

  /** What of a delivery says whom it went to and what of. */
  static final String DELIVERY =
      "recipient = NULL, why = NULL, in_flight = NULL, provider_id = NULL, purged_at = ?";

  /** No sender can have taken the name already. */
  private static final SecureRandom RANDOM = new SecureRandom();

  private Emptying() {}

  /**
   * Empties it.
   *
   * @param word what the appointment is now, {@code purged} or {@code erased}
   * @return how many deliveries lost something
   */
  static long empty(Statements statements, Chains.Chain chain, String word, Instant now)
      throws SQLException {
    long deliveries = 0;
    for (long root : chain.roots()) {
      statements.update(
          "DELETE FROM reach WHERE delivery IN (SELECT id FROM delivery WHERE root = ?)", root);
      statements.update(
          "DELETE FROM texted WHERE delivery IN (SELECT id FROM delivery WHERE root = ?)", root);
      PayloadWrites.dropAll(statements, root);
      deliveries +=
          statements.update(
              "UPDATE delivery SET starts_at = NULL, "
                  + DELIVERY
                  + " WHERE root = ? AND (purged_at IS NULL OR starts_at IS NOT NULL)",
              now,
              root);
      statements.update("DELETE FROM told WHERE root = ?", root);
    }
    for (long id : chain.appointments()) {
      statements.update(
          "UPDATE timeline SET changes = NULL WHERE appointment = ? AND changes IS NOT NULL", id);
      statements.update(
          "UPDATE appointment SET state = NULL, patient = NULL, starts_at = NULL, status = ?, identifier = ?"
              + " WHERE id = ?",
          word,
          word + "-" + id + "-" + random(),
          id);
    }
    return deliveries;
  }

  private static String random() {
    byte[] bytes = new byte[8];
    RANDOM.nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }
}
