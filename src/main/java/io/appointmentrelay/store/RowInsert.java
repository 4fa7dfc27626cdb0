package io.appointmentrelay.store;

import java.sql.Array;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * An insert of which many rows go to the database together: one by one in SQLite, where that costs
 * nothing, as one array per column in PostgreSQL, where each statement costs more than its row.
 */
final class RowInsert {

  private enum Type {
    BIGINT,
    INTEGER,
    TEXT,
    BYTEA
  }

  /** A column, by its name. */
  record Column(String name, Type type) {
    static Column bigint(String name) {
      return new Column(name, Type.BIGINT);
    }

    static Column integer(String name) {
      return new Column(name, Type.INTEGER);
    }

    static Column text(String name) {
      return new Column(name, Type.TEXT);
    }

    static Column bytea(String name) {
      return new Column(name, Type.BYTEA);
    }
  }

  /** What a row is known by. */
  record Key(long first, long second) {
    /** Of a row's values. */
    static Key of(@Nullable Object[] values) {
      return new Key(number(values[0]), number(values[1]));
    }

    /** Of a row that {@link #manyRows} answered with. */
    static Key of(ResultSet inserted) throws SQLException {
      return new Key(inserted.getLong(1), inserted.getLong(2));
    }

    private static long number(@Nullable Object value) {
      return ((Number) Objects.requireNonNull(value)).longValue();
    }
  }

  private final List<Column> columns;
  private final String oneRow;
  private final String manyRows;
  private final boolean leavesOut;

  /**
   * @param leavesOut whether a row that collides with another is left out; else it is a failure.
   *     The first two columns, numbers, are what a row is known by, see {@link Key}
   */
  RowInsert(String table, boolean leavesOut, Column... columns) {
    this.columns = List.of(columns);
    this.leavesOut = leavesOut;
    String into =
        "INSERT INTO "
            + table
            + " ("
            + this.columns.stream().map(Column::name).collect(Collectors.joining(", "))
            + ") ";
    String arrays =
        this.columns.stream()
            .map(column -> "CAST(? AS " + column.type() + "[])")
            .collect(Collectors.joining(", "));
    String collisions = leavesOut ? " ON CONFLICT DO NOTHING" : "";
    String known = columns[0].name() + ", " + columns[1].name();
    this.oneRow = into + "VALUES (?" + ", ?".repeat(columns.length - 1) + ")" + collisions;
    this.manyRows =
        into
            + "SELECT * FROM unnest("
            + arrays
            + ")"
            + collisions
            + (leavesOut ? " RETURNING " + known : "");
  }

  boolean leavesOut() {
    return leavesOut;
  }

  /** With a parameter for each column. */
  String oneRow() {
    return oneRow;
  }

  /**
   * With a parameter for each column: an array. Answers with the keys of those that were not left
   * out, if some may be.
   */
  String manyRows() {
    return manyRows;
  }

  /** The arrays of rows, one for each column. */
  Array[] arrays(Connection connection, List<@Nullable Object[]> rows) throws SQLException {
    Array[] arrays = new Array[columns.size()];
    for (int i = 0; i < arrays.length; i++) {
      Type type = columns.get(i).type();
      @Nullable Object[] values =
          switch (type) {
            case BIGINT -> new Long[rows.size()];
            case INTEGER -> new Integer[rows.size()];
            case TEXT -> new String[rows.size()];
            case BYTEA -> new byte[rows.size()][];
          };
      for (int row = 0; row < values.length; row++) {
        Object value = rows.get(row)[i];
        values[row] = value instanceof Instant instant ? (Object) instant.toEpochMilli() : value;
      }
      arrays[i] = connection.createArrayOf(type.name(), values);
    }
    return arrays;
  }
}
