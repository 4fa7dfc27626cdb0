package io.appointmentrelay.store;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/**
 * Hands out ids that rise with the order of commits. In a store for one process they are counted in
 * memory; in a shared one each transaction begins by waiting for its turn, so that the writers of
 * all processes follow one another, and ends by setting the last ones. For the writer's thread.
 */
final class Ids {

  /**
   * The turn lasts until the end of the transaction; stores in other schemas of the database have
   * their own. Two statements in one journey: the second begins, and looks, when the turn has come.
   */
  private static final String TURN_AND_LAST =
      "SELECT pg_advisory_xact_lock(1901, hashtext(current_schema()));"
          + " SELECT m.last_value, a.last_value, d.last_value"
          + " FROM last_message m, last_appointment a, last_delivery d";

  /** One journey, too. */
  private static final String SET_AND_COMMIT =
      "SELECT setval('last_message', ?), setval('last_appointment', ?), setval('last_delivery', ?); COMMIT";

  private final boolean shared;
  private long message;
  private long appointment;
  private long delivery;
  private boolean changed;

  Ids(boolean shared) {
    this.shared = shared;
  }

  /** Where to go on, once, in a store for one process. */
  boolean load(Statements statements) throws SQLException {
    if (!shared) {
      // Not the ids of what was cut off.
      message = Chain.found(statements).message();
      appointment = highest(statements, "appointment");
      delivery = highest(statements, "delivery");
    }
    return true;
  }

  private static long highest(Statements statements, String table) throws SQLException {
    try (ResultSet rows =
        statements.bind("SELECT COALESCE(MAX(id), 0) FROM " + table).executeQuery()) {
      rows.next();
      return rows.getLong(1);
    }
  }

  /** Begins a transaction; in a shared store, waits until the others' are over. */
  void begin(Statements statements) throws SQLException {
    if (!shared) {
      return;
    }
    PreparedStatement both = statements.bind(TURN_AND_LAST);
    both.execute();
    both.getMoreResults();
    try (ResultSet rows = both.getResultSet()) {
      rows.next();
      message = rows.getLong(1);
      appointment = rows.getLong(2);
      delivery = rows.getLong(3);
      changed = false;
    }
  }

  /** Commits the transaction: what was handed out is not handed out again. */
  void commit(Statements statements) throws SQLException {
    if (shared && changed) {
      statements.bind(SET_AND_COMMIT, message, appointment, delivery).execute();
    } else {
      statements.connection().commit();
    }
  }

  /** The last message anybody has kept, when a transaction begins. */
  long lastMessage() {
    return message;
  }

  long nextMessage() {
    changed = true;
    return ++message;
  }

  long nextAppointment() {
    changed = true;
    return ++appointment;
  }

  long nextDelivery() {
    changed = true;
    return ++delivery;
  }
}
