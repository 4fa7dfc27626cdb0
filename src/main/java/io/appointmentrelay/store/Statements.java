package io.appointmentrelay.store;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The prepared statements of one connection, each prepared once. For one thread. */
final class Statements implements AutoCloseable {

  private final Connection connection;
  private final Map<String, PreparedStatement> prepared = new HashMap<>();
  private final Map<RowInsert, List<Later>> left = new LinkedHashMap<>();
  private final boolean takesArrays;

  /** A row that was left with {@link #later}, and what became of it once it was sent. */
  static final class Later {
    private final @Nullable Object[] values;
    private @Nullable Boolean inserted;

    private Later(@Nullable Object[] values) {
      this.values = values;
    }

    /** False: it collided with another, and was left out. */
    boolean inserted() {
      if (inserted == null) {
        throw new IllegalStateException("Nobody knows before it was sent");
      }
      return inserted;
    }
  }

  /**
   * @param takesArrays whether the database takes arrays as parameters
   */
  Statements(Connection connection, boolean takesArrays) {
    this.connection = connection;
    this.takesArrays = takesArrays;
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
   * Leaves a row that goes to the database, with others of its kind, before the next statement that
   * is run at once: one way there and back for all.
   */
  Later later(RowInsert insert, @Nullable Object... values) {
    Later row = new Later(values);
    left.computeIfAbsent(insert, first -> new ArrayList<>()).add(row);
    return row;
  }

  /** Sends what was left. */
  void send() throws SQLException {
    if (left.isEmpty()) {
      return;
    }
    Map<RowInsert, List<Later>> now = new LinkedHashMap<>(left);
    left.clear();
    if (takesArrays && now.values().stream().allMatch(rows -> rows.size() > 1)) {
      sendAsArrays(now);
      return;
    }
    for (Map.Entry<RowInsert, List<Later>> alike : now.entrySet()) {
      sendOneByOne(alike.getKey(), alike.getValue());
    }
  }

  private void sendOneByOne(RowInsert insert, List<Later> rows) throws SQLException {
    PreparedStatement statement = bound(insert.oneRow());
    try {
      for (Later row : rows) {
        bound(insert.oneRow(), row.values).addBatch();
      }
      int[] changed = statement.executeBatch();
      for (int i = 0; i < changed.length; i++) {
        rows.get(i).inserted = changed[i] == 1;
      }
    } catch (SQLException e) {
      statement.clearBatch();
      throw e;
    }
  }

  /** All kinds in one journey: each costs the writer a turn on the processors. */
  private void sendAsArrays(Map<RowInsert, List<Later>> all) throws SQLException {
    PreparedStatement statement =
        bound(all.keySet().stream().map(RowInsert::manyRows).collect(Collectors.joining("; ")));
    int parameter = 1;
    for (Map.Entry<RowInsert, List<Later>> alike : all.entrySet()) {
      List<@Nullable Object[]> rows = alike.getValue().stream().map(row -> row.values).toList();
      for (Array array : alike.getKey().arrays(connection, rows)) {
        statement.setArray(parameter++, array);
      }
    }
    statement.execute();
    for (Map.Entry<RowInsert, List<Later>> alike : all.entrySet()) {
      if (alike.getKey().leavesOut()) {
        Set<RowInsert.Key> inserted = keys(statement.getResultSet());
        alike
            .getValue()
            .forEach(row -> row.inserted = inserted.contains(RowInsert.Key.of(row.values)));
      } else {
        alike.getValue().forEach(row -> row.inserted = true);
      }
      statement.getMoreResults();
    }
  }

  private static Set<RowInsert.Key> keys(ResultSet rows) throws SQLException {
    Set<RowInsert.Key> keys = new HashSet<>();
    try (rows) {
      while (rows.next()) {
        keys.add(RowInsert.Key.of(rows));
      }
    }
    return keys;
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
