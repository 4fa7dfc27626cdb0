package io.appointmentrelay.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Read connections with their prepared statements, handed from thread to thread; as many as read at
 * once.
 */
final class Readers implements AutoCloseable {

  /** Reads something out of a result. */
  interface Reading<T> {
    T read(ResultSet rows) throws SQLException;
  }

  private static final Logger LOG = LoggerFactory.getLogger(Readers.class);

  private final Database database;
  private final Queue<Statements> idle = new ConcurrentLinkedQueue<>();

  Readers(Database database) {
    this.database = database;
  }

  /** Runs a query and reads its result. */
  <T> T query(String sql, Reading<T> reading, @Nullable Object... values) {
    Statements statements = idle.poll();
    boolean usable = false;
    try {
      if (statements == null) {
        statements = new Statements(database.openReader(), database.isShared());
      }
      T result;
      try (ResultSet rows = statements.bind(sql, values).executeQuery()) {
        result = reading.read(rows);
      }
      usable = true;
      return result;
    } catch (SQLException e) {
      throw new StoreUnavailable(
          "The store cannot be read now ("
              + e.getErrorCode()
              + " "
              + e.getSQLState()
              + "); try again later",
          e);
    } finally {
      if (usable && statements != null) {
        idle.add(statements);
      } else {
        // What broke one connection has broken the others too.
        for (Statements old = statements; old != null; old = idle.poll()) {
          discard(old);
        }
      }
    }
  }

  private static void discard(Statements broken) {
    try {
      broken.close();
    } catch (SQLException e) {
      LOG.debug("A broken read connection did not close cleanly ({})", e.getErrorCode());
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
