package io.appointmentrelay.store;

import io.appointmentrelay.appointment.ReachLimits;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.Optional;

/**
 * What is remembered of people by the address they are written to, which itself is not kept: only a
 * code of it, made with this installation's own key.
 */
public final class RecipientStore {

  private static final String REACHED =
      "SELECT COUNT(*) FROM reach WHERE recipient = ? AND day > ? AND delivery <> ?";

  private final Readers readers;
  private final RecipientCode code;

  RecipientStore(Readers readers, RecipientCode code) {
    this.readers = readers;
    this.code = code;
  }

  /**
   * The limit that one more message on that day would exceed; empty if there is none.
   *
   * @param recipient in the one form in which it is compared
   * @param delivery the one in question, which does not count itself
   */
  public Optional<ReachLimits.Each> exceeded(
      String recipient, LocalDate day, ReachLimits limits, long delivery) {
    for (ReachLimits.Each limit : limits.each()) {
      int reached =
          readers.query(
              REACHED,
              RecipientStore::count,
              code.of(recipient),
              day.toEpochDay() - limit.days(),
              delivery);
      if (reached >= limit.messages()) {
        return Optional.of(limit);
      }
    }
    return Optional.empty();
  }

  /** As {@link #exceeded}, inside the transaction that claims. */
  static boolean isExceeded(Statements statements, RecipientCode code, OutboxStore.Reach reach)
      throws SQLException {
    for (ReachLimits.Each limit : reach.limits().each()) {
      try (ResultSet rows =
          statements
              .bind(
                  REACHED,
                  code.of(reach.recipient()),
                  reach.day().toEpochDay() - limit.days(),
                  reach.delivery())
              .executeQuery()) {
        if (count(rows) >= limit.messages()) {
          return true;
        }
      }
    }
    return false;
  }

  /** Counts a claimed delivery; claimed again, it counts once, on the later day. */
  static void count(Statements statements, RecipientCode code, OutboxStore.Reach reach)
      throws SQLException {
    statements.update(
        "INSERT INTO reach (delivery, recipient, day) VALUES (?, ?, ?)"
            + " ON CONFLICT (delivery) DO UPDATE SET recipient = excluded.recipient, day = excluded.day",
        reach.delivery(),
        code.of(reach.recipient()),
        reach.day().toEpochDay());
  }

  /** A delivery that did not leave counts no more. */
  static void forget(Statements statements, long delivery) throws SQLException {
    statements.update("DELETE FROM reach WHERE delivery = ?", delivery);
  }

  private static int count(ResultSet rows) throws SQLException {
    rows.next();
    return rows.getInt(1);
  }
}
