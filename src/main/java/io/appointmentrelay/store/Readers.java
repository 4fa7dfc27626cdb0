package io.appointmentrelay.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * Read connections with their prepared statements, handed from thread to thread; as many as read at
 * once.
 */
final class Readers implements AutoCloseable {

  /** Reads something out of a result. */
  interface Reading<T> {
    T read(ResultSet rows) throws SQLException;
  }

  private final Database database;
  private final Queue<Statements> idle = new ConcurrentLinkedQueue<>();

  Readers(Database database) {
    this.database = database;
  }

  /** Runs a query and reads its result. */
  <T> T query(String sql, Reading<T> reading, @Nullable Object... values) {
    Statements statements = idle.poll();
    try {
      if (statements == null) {
        statements = new Statements(database.openReader());
      }
      T result;
      try (ResultSet rows = statements.bind(sql, values).executeQuery()) {
        result = reading.read(rows);
      }
      idle.add(statements);
      return result;
    } catch (SQLException e) {
      throw new StoreUnavailable(
          "The store cannot be read now (" + e.getErrorCode() + "); try again later", e);
    }
  }

  @Override
  public void close() {
    Statements statements = idle.poll();
    while (statements != null) {
      try {
        statements.close();
      } catch (SQLException e) {
        throw new StoreUnavailable("A read connection did not close", e);
      }
      statements = idle.poll();
    }
  }
}
