package io.appointmentrelay.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The prepared statements of one connection, each prepared once. For one thread. */
final class Statements implements AutoCloseable {

  private final Connection connection;
  private final Map<String, PreparedStatement> prepared = new HashMap<>();
  private final Map<String, List<Later>> left = new LinkedHashMap<>();

  /** What was left with {@link #later}, and how many rows it has changed once it was sent. */
  static final class Later {
    private final @Nullable Object[] values;
    private int changed = -1;

    private Later(@Nullable Object[] values) {
      this.values = values;
    }

    int changed() {
      if (changed < 0) {
        throw new IllegalStateException("Nobody knows before it was sent");
      }
      return changed;
    }
  }

  Statements(Connection connection) {
    this.connection = connection;
  }

  /**
   * The statement with its parameters bound in order: texts, numbers, instants (as milliseconds),
   * bytes or null.
   */
  PreparedStatement bind(String sql, @Nullable Object... values) throws SQLException {
    send();
    return bound(sql, values);
  }

  private PreparedStatement bound(String sql, @Nullable Object... values) throws SQLException {
    PreparedStatement statement = prepared.get(sql);
    if (statement == null) {
      statement = connection.prepareStatement(sql);
      prepared.put(sql, statement);
    }
    for (int i = 0; i < values.length; i++) {
      set(statement, i + 1, values[i]);
    }
    return statement;
  }

  int update(String sql, @Nullable Object... values) throws SQLException {
    return bind(sql, values).executeUpdate();
  }

  /**
   * Leaves a change that goes to the database before the next statement that is run at once. Those
   * of one text go together, in their order: one way to the database and back for all.
   */
  Later later(String sql, @Nullable Object... values) {
    Later change = new Later(values);
    left.computeIfAbsent(sql, first -> new ArrayList<>()).add(change);
    return change;
  }

  /** Sends what was left. */
  void send() throws SQLException {
    if (left.isEmpty()) {
      return;
    }
    Map<String, List<Later>> now = new LinkedHashMap<>(left);
    left.clear();
    for (Map.Entry<String, List<Later>> alike : now.entrySet()) {
      PreparedStatement statement = null;
      try {
        for (Later change : alike.getValue()) {
          statement = bound(alike.getKey(), change.values);
          statement.addBatch();
        }
        if (statement != null) {
          int[] changed = statement.executeBatch();
          for (int i = 0; i < changed.length; i++) {
            alike.getValue().get(i).changed = changed[i];
          }
        }
      } catch (SQLException e) {
        if (statement != null) {
          statement.clearBatch();
        }
        throw e;
      }
    }
  }

  /** Forgets what was left: its transaction is over. */
  void forget() {
    left.clear();
  }

  Connection connection() {
    return connection;
  }

  private static void set(PreparedStatement statement, int index, @Nullable Object value)
      throws SQLException {
    if (value == null) {
      statement.setNull(index, Types.NULL);
    } else if (value instanceof String text) {
      statement.setString(index, text);
    } else if (value instanceof Long number) {
      statement.setLong(index, number);
    } else if (value instanceof Integer number) {
      statement.setInt(index, number);
    } else if (value instanceof Instant instant) {
      statement.setLong(index, instant.toEpochMilli());
    } else if (value instanceof byte[] bytes) {
      statement.setBytes(index, bytes);
    } else {
      throw new IllegalArgumentException("No column takes a " + value.getClass().getName());
    }
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
