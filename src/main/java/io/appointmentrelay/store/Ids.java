package io.appointmentrelay.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicLong;

/** Hands out ids that rise with the order of commits. For one process with one writer. */
final class Ids {

  private final AtomicLong message;
  private final AtomicLong appointment;
  private final AtomicLong delivery;

  Ids(Statements statements) throws SQLException {
    message = new AtomicLong(highest(statements, "message"));
    appointment = new AtomicLong(highest(statements, "appointment"));
    delivery = new AtomicLong(highest(statements, "delivery"));
  }

  private static long highest(Statements statements, String table) throws SQLException {
    try (ResultSet rows =
        statements.bind("SELECT COALESCE(MAX(id), 0) FROM " + table).executeQuery()) {
      rows.next();
      return rows.getLong(1);
    }
  }

  long nextMessage() {
    return message.incrementAndGet();
  }

  long nextAppointment() {
    return appointment.incrementAndGet();
  }

  long nextDelivery() {
    return delivery.incrementAndGet();
  }
}
