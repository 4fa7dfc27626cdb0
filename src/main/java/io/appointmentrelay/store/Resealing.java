package io.appointmentrelay.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One table's sealed values: reads them page by page, and says how those are replaced that another
 * key has sealed, or none.
 */
final class Resealing {

  /** The first value is the new one, the last the one it replaces. */
  record Change(String sql, List<Object> values) {}

  /**
   * One row.
   *
   * @param key where the next page begins
   * @param changes none: all of it is as it should be
   */
  record Found(String key, List<Change> changes) {}

  private interface Row {
    Found read(ResultSet rows) throws SQLException;
  }

  /** What of the installation is sealed. */
  private static final String KEYS =
      "'" + Installation.RECIPIENT_KEY + "', '" + Installation.REPLY_KEY + "'";

  private static final int ROWS = 64;

  /** Bodies may be large. */
  private static final int BODIES = 16;

  private final Readers readers;
  private final Seal seal;
  private final String table;
  private final String sql;
  private final Object[] before;
  private final List<String> columns;
  private final int limit;
  private Row row = rows -> new Found("", List.of());

  private Resealing(
      Readers readers,
      Seal seal,
      String table,
      String sql,
      int limit,
      Object[] before,
      List<String> columns) {
    this.readers = readers;
    this.seal = seal;
    this.table = table;
    this.sql = sql;
    this.limit = limit;
    this.before = before;
    this.columns = columns;
  }

  String table() {
    return table;
  }

  /** Some rows behind a key; none: that was all. */
  List<Found> page(@Nullable String after) {
    List<@Nullable Object> values = new ArrayList<>();
    String[] key = after == null ? new String[0] : Cursor.columns(after, before.length);
    for (int i = 0; i < before.length; i++) {
      Object first = before[i];
      values.add(
          after == null ? first : first instanceof Long ? (Object) Cursor.number(key[i]) : key[i]);
    }
    values.add(limit);
    return readers.query(
        sql,
        rows -> {
          List<Found> found = new ArrayList<>();
          while (rows.next()) {
            found.add(row.read(rows));
          }
          return found;
        },
        values.toArray());
  }

  /** How many values another key has sealed, or none. */
  long left() {
    return columns.stream().mapToLong(this::left).sum();
  }

  private long left(String column) {
    boolean isBytes = column.equals("body");
    Object prefix = isBytes ? seal.prefix() : seal.textPrefix();
    int length = isBytes ? seal.prefix().length : seal.textPrefix().length();
    String others =
        "SELECT COUNT(*) FROM %s WHERE SUBSTR(%s, 1, %d) <> ?".formatted(table, column, length);
    boolean isOne = table.equals("installation");
    String sqlOfOne = others + " AND name IN (" + KEYS + ")";
    return readers.query(
        isOne ? sqlOfOne : others, rows -> rows.next() ? rows.getLong(1) : 0L, prefix);
  }

  /** Every table that holds sealed values. */
  static List<Resealing> all(Readers readers, Seal seal) {
    return List.of(
        installation(readers, seal),
        messages(readers, seal),
        appointments(readers, seal),
        timelines(readers, seal),
        deliveries(readers, seal),
        payloads(readers, seal),
        told(readers, seal),
        optOuts(readers, seal));
  }

  private static Resealing installation(Readers readers, Seal seal) {
    Resealing table =
        new Resealing(
            readers,
            seal,
            "installation",
            "SELECT name, value FROM installation WHERE name IN ("
                + KEYS
                + ") AND name > ? ORDER BY name LIMIT ?",
            ROWS,
            new Object[] {""},
            List.of("value"));
    table.row =
        rows ->
            new Found(
                Cursor.of(rows.getString(1)),
                table.text(
                    rows.getString(2),
                    rows.getString(1).equals(Installation.REPLY_KEY)
                        ? Place.REPLY_KEY
                        : Place.RECIPIENT_KEY,
                    "UPDATE installation SET value = ? WHERE name = ? AND value = ?",
                    rows.getString(1)));
    return table;
  }

  private static Resealing messages(Readers readers, Seal seal) {
    Resealing table =
        new Resealing(
            readers,
            seal,
            "message",
            "SELECT m.id, m.body, n.source, n.received_at FROM message m"
                + " JOIN notification n ON n.message = m.id AND n.part = 1 WHERE m.id > ? ORDER BY m.id LIMIT ?",
            BODIES,
            new Object[] {0L},
            List.of("body"));
    table.row =
        rows -> {
          byte[] body = rows.getBytes(2);
          String key = Cursor.of(rows.getLong(1));
          if (body == null || seal.isCurrent(body)) {
            return new Found(key, List.of());
          }
          String place = Place.body(rows.getString(3), Instant.ofEpochMilli(rows.getLong(4)));
          try {
            byte[] sealed = seal.bytes(seal.open(body, place), place);
            Change change =
                new Change(
                    "UPDATE message SET body = ? WHERE id = ? AND body = ?",
                    List.of(sealed, rows.getLong(1), body));
            return new Found(key, List.of(change));
          } catch (IllegalStateException broken) {
            return new Found(key, List.of());
          }
        };
    return table;
  }

  private static Resealing appointments(Readers readers, Seal seal) {
    Resealing table =
        new Resealing(
            readers,
            seal,
            "appointment",
            "SELECT id, state, feed_group, identifier FROM appointment WHERE id > ? ORDER BY id LIMIT ?",
            ROWS,
            new Object[] {0L},
            List.of("state"));
    table.row =
        rows ->
            new Found(
                Cursor.of(rows.getLong(1)),
                table.text(
                    rows.getString(2),
                    Place.state(rows.getString(3), rows.getString(4)),
                    "UPDATE appointment SET state = ? WHERE id = ? AND state = ?",
                    rows.getLong(1)));
    return table;
  }

  private static Resealing timelines(Readers readers, Seal seal) {
    Resealing table =
        new Resealing(
            readers,
            seal,
            "timeline",
            "SELECT appointment, revision, changes, message, part FROM timeline"
                + " WHERE (appointment, revision) > (?, ?) ORDER BY appointment, revision LIMIT ?",
            ROWS,
            new Object[] {0L, 0L},
            List.of("changes"));
    table.row =
        rows ->
            new Found(
                Cursor.of(rows.getLong(1), rows.getLong(2)),
                table.text(
                    rows.getString(3),
                    Place.changes(new Position(rows.getLong(4), rows.getInt(5))),
                    "UPDATE timeline SET changes = ? WHERE appointment = ? AND revision = ? AND changes = ?",
                    rows.getLong(1),
                    rows.getLong(2)));
    return table;
  }

  private static Resealing deliveries(Readers readers, Seal seal) {
    Resealing table =
        new Resealing(
            readers,
            seal,
            "delivery",
            "SELECT id, in_flight, recipient, why FROM delivery WHERE id > ? ORDER BY id LIMIT ?",
            ROWS,
            new Object[] {0L},
            List.of("in_flight", "recipient", "why"));
    table.row =
        rows -> {
          long id = rows.getLong(1);
          List<Change> changes = new ArrayList<>();
          for (int i = 0; i < table.columns.size(); i++) {
            String column = table.columns.get(i);
            changes.addAll(
                table.text(
                    rows.getString(i + 2),
                    Place.delivery(column, id),
                    "UPDATE delivery SET " + column + " = ? WHERE id = ? AND " + column + " = ?",
                    id));
          }
          return new Found(Cursor.of(id), changes);
        };
    return table;
  }

  private static Resealing payloads(Readers readers, Seal seal) {
    Resealing table =
        new Resealing(
            readers,
            seal,
            "delivery_payload",
            "SELECT p.delivery, a.feed_group, a.identifier, p.payload FROM delivery_payload p"
                + " JOIN delivery d ON d.id = p.delivery JOIN appointment a ON a.id = d.appointment"
                + " WHERE p.delivery > ? ORDER BY p.delivery LIMIT ?",
            ROWS,
            new Object[] {0L},
            List.of("payload"));
    table.row =
        rows ->
            new Found(
                Cursor.of(rows.getLong(1)),
                table.text(
                    rows.getString(4),
                    Place.payload(rows.getString(2), rows.getString(3)),
                    "UPDATE delivery_payload SET payload = ? WHERE delivery = ? AND payload = ?",
                    rows.getLong(1)));
    return table;
  }

  private static Resealing told(Readers readers, Seal seal) {
    Resealing table =
        new Resealing(
            readers,
            seal,
            "told",
            "SELECT root, channel, audience, told FROM told WHERE (root, channel, audience) > (?, ?, ?)"
                + " ORDER BY root, channel, audience LIMIT ?",
            ROWS,
            new Object[] {0L, "", ""},
            List.of("told"));
    table.row =
        rows ->
            new Found(
                Cursor.of(rows.getLong(1), rows.getString(2), rows.getString(3)),
                table.text(
                    rows.getString(4),
                    Place.TOLD,
                    "UPDATE told SET told = ? WHERE root = ? AND channel = ? AND audience = ? AND told = ?",
                    rows.getLong(1),
                    rows.getString(2),
                    rows.getString(3)));
    return table;
  }

  private static Resealing optOuts(Readers readers, Seal seal) {
    Resealing table =
        new Resealing(
            readers,
            seal,
            "opt_out",
            "SELECT id, masked, recipient FROM opt_out WHERE id > ? ORDER BY id LIMIT ?",
            ROWS,
            new Object[] {0L},
            List.of("masked"));
    table.row =
        rows ->
            new Found(
                Cursor.of(rows.getLong(1)),
                table.text(
                    rows.getString(2),
                    Place.masked(rows.getBytes(3)),
                    "UPDATE opt_out SET masked = ? WHERE id = ? AND masked = ?",
                    rows.getLong(1)));
    return table;
  }

  private List<Change> text(@Nullable String stored, String place, String sql, Object... key) {
    if (stored == null || seal.isCurrent(stored)) {
      return List.of();
    }
    List<Object> values = new ArrayList<>();
    try {
      values.add(seal.text(seal.open(stored, place), place));
    } catch (IllegalStateException broken) {
      // It stays as it is, and is among those that are left.
      return List.of();
    }
    values.addAll(Arrays.asList(key));
    values.add(stored);
    return List.of(new Change(sql, values));
  }
}
