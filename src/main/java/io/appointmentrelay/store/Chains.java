package io.appointmentrelay.store;

import io.appointmentrelay.appointment.AppointmentRecord;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Finds the appointments that took one another's place: they are told of, and go, together. */
final class Chains {

  private static final String ROW =
      "SELECT id, root, feed_group, identifier, state FROM appointment WHERE state IS NOT NULL AND ";

  private final Seal seal;

  Chains(Seal seal) {
    this.seal = seal;
  }

  /**
   * One chain.
   *
   * @param identifiers by what their senders call them
   */
  record Chain(String group, Set<Long> appointments, Set<Long> roots, Set<String> identifiers) {}

  private record Row(long id, long root, AppointmentRecord record) {}

  /** The chain an appointment is of; absent: nothing is known of it any more. */
  @Nullable Chain of(Statements statements, long id) throws SQLException {
    Row first = read(statements, ROW + "id = ?", id);
    if (first == null) {
      return null;
    }
    String group = first.record().group();
    Map<String, Row> found = new LinkedHashMap<>();
    Deque<Row> open = new ArrayDeque<>();
    open.add(first);
    while (!open.isEmpty()) {
      Row row = open.remove();
      AppointmentRecord record = row.record();
      if (found.put(record.identifier(), row) != null) {
        continue;
      }
      for (String other : new String[] {record.replaces(), record.replacedBy(), record.root()}) {
        Row linked =
            other == null || found.containsKey(other)
                ? null
                : read(statements, ROW + "feed_group = ? AND identifier = ?", group, other);
        if (linked != null) {
          open.add(linked);
        }
      }
    }
    Set<Long> ids = new LinkedHashSet<>();
    Set<Long> roots = new LinkedHashSet<>();
    found.values().forEach(row -> ids.add(row.id()));
    found.values().forEach(row -> roots.add(row.root()));
    return new Chain(group, ids, roots, found.keySet());
  }

  private @Nullable Row read(Statements statements, String sql, Object... values)
      throws SQLException {
    try (ResultSet rows = statements.bind(sql, values).executeQuery()) {
      if (!rows.next()) {
        return null;
      }
      String place = Place.state(rows.getString(3), rows.getString(4));
      return new Row(
          rows.getLong(1),
          rows.getLong(2),
          seal.read(rows.getString(5), AppointmentRecord.class, place));
    }
  }

  /** Whether any of its messages has one of these statuses. */
  static boolean hasDelivery(Statements statements, Chain chain, String statuses)
      throws SQLException {
    for (long root : chain.roots()) {
      if (PurgeStore.exists(
          statements,
          "SELECT 1 FROM delivery WHERE root = ? AND status IN (" + statuses + ") LIMIT 1",
          root)) {
        return true;
      }
    }
    return false;
  }
}
