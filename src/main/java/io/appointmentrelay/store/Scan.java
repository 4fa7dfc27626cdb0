package io.appointmentrelay.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/**
 * Reads one page in the order of an index. The query says in its first column whether a row is
 * wanted; what no index can find is looked for row by row, up to a bound, so that a question for
 * something rare never becomes a scan of a large table.
 */
final class Scan {

  static final int LOOKED_AT_AT_MOST = 100_000;

  /** To end a query with, so that the database does not prepare for more than is looked at. */
  static final String NO_FURTHER = " LIMIT " + (LOOKED_AT_AT_MOST + 1);

  /** Reads something out of the row a result stands at. */
  interface Row<T> {
    T read(ResultSet rows) throws SQLException;
  }

  private Scan() {}

  static <T> Page<T> page(Query query, int limit, Row<T> item, Row<String> cursor) {
    return page(query, limit, LOOKED_AT_AT_MOST, item, cursor);
  }

  static <T> Page<T> page(
      Query query, int limit, int lookedAtAtMost, Row<T> item, Row<String> cursor) {
    return page(query, limit, lookedAtAtMost, rows -> rows.getBoolean(1), item, cursor);
  }

  /** As the others, where more than the query itself says whether a row is wanted. */
  static <T> Page<T> page(
      Query query, int limit, Row<Boolean> wanted, Row<T> item, Row<String> cursor) {
    return page(query, limit, LOOKED_AT_AT_MOST, wanted, item, cursor);
  }

  private static <T> Page<T> page(
      Query query,
      int limit,
      int lookedAtAtMost,
      Row<Boolean> wanted,
      Row<T> item,
      Row<String> cursor) {
    return query.scanResultSet(
        (result, context) -> {
          ResultSet rows = result.get();
          List<T> items = new ArrayList<>();
          String last = null;
          for (int lookedAt = 0; rows.next(); lookedAt++) {
            boolean isWanted = wanted.read(rows);
            boolean isFull = items.size() == limit;
            if (lookedAt == lookedAtAtMost || (isWanted && isFull)) {
              return new Page<>(items, last);
            }
            if (isWanted) {
              items.add(item.read(rows));
            }
            boolean nextPageMayBeginBehind = isWanted || lookedAt == lookedAtAtMost - 1;
            if (nextPageMayBeginBehind) {
              last = cursor.read(rows);
            }
          }
          return new Page<>(items, null);
        });
  }

  static Instant instant(ResultSet rows, String column) throws SQLException {
    return Instant.ofEpochMilli(rows.getLong(column));
  }

  static @Nullable Instant instantOrNull(ResultSet rows, String column) throws SQLException {
    long millis = rows.getLong(column);
    return rows.wasNull() ? null : Instant.ofEpochMilli(millis);
  }

  static @Nullable Long millis(@Nullable Instant instant) {
    return instant == null ? null : instant.toEpochMilli();
  }
}
