package io.appointmentrelay.store;

import io.appointmentrelay.appointment.Party;
import io.appointmentrelay.store.ConsoleReads.CalendarSlot;
import io.appointmentrelay.store.ConsoleReads.SlotFilter;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Reads the slots that sources named, the earliest first, each held against the visits that are on:
 * what one of them takes up is not offered.
 */
final class SlotReads {

  private static final String LIST =
      "SELECT ((:provider IS NULL OR provider = :provider OR provider_name = :provider)"
          + " AND (:location IS NULL OR location = :location)) AS wanted,"
          + " source, feed_group, slot_key, slot_id, starts_at, minutes, reason, provider, provider_name, location"
          + " FROM slot"
          + " WHERE starts_at >= :from AND starts_at < :to"
          + " AND (starts_at, source, slot_key) > (:start, :source, :slotKey)"
          + " ORDER BY starts_at, source, slot_key"
          + Scan.NO_FURTHER;

  private SlotReads() {}

  static Page<CalendarSlot> page(Handle handle, Seal seal, SlotFilter filter, PageRequest page) {
    String[] key =
        page.after() == null
            ? new String[] {String.valueOf(Long.MIN_VALUE), "", ""}
            : Cursor.columns(page.after(), 3);
    long start = Cursor.number(key[0]);
    Long from = Scan.millis(filter.from());
    Long to = Scan.millis(filter.to());
    Occupied occupied = new Occupied(handle, seal);
    return Scan.page(
        handle
            .createQuery(LIST)
            .bind("provider", filter.provider())
            .bind("location", filter.location())
            .bind("from", from == null ? start : Math.max(from, start))
            .bind("to", to == null ? Long.MAX_VALUE : to)
            .bind("start", start)
            .bind("source", key[1])
            .bind("slotKey", key[2]),
        page.limit(),
        rows -> isWanted(filter, rows, occupied),
        rows -> slot(rows, occupied),
        rows ->
            Cursor.of(
                rows.getLong("starts_at"), rows.getString("source"), rows.getString("slot_key")));
  }

  private static boolean isWanted(SlotFilter filter, ResultSet rows, Occupied occupied)
      throws SQLException {
    return rows.getBoolean(1)
        && (filter.taken() == null || filter.taken() == isTaken(rows, occupied));
  }

  private static CalendarSlot slot(ResultSet rows, Occupied occupied) throws SQLException {
    return new CalendarSlot(
        rows.getString("source"),
        rows.getString("slot_key"),
        rows.getString("slot_id"),
        Scan.instant(rows, "starts_at"),
        minutes(rows),
        rows.getString("reason"),
        provider(rows),
        rows.getString("location"),
        isTaken(rows, occupied));
  }

  private static boolean isTaken(ResultSet rows, Occupied occupied) throws SQLException {
    Instant start = Scan.instant(rows, "starts_at");
    return occupied.isTaken(rows.getString("feed_group"), provider(rows), start, minutes(rows));
  }

  private static @Nullable Integer minutes(ResultSet rows) throws SQLException {
    int minutes = rows.getInt("minutes");
    return rows.wasNull() ? null : minutes;
  }

  /** Who has no reference is kept by name in its place. */
  private static @Nullable Party provider(ResultSet rows) throws SQLException {
    String reference = rows.getString("provider");
    String name = rows.getString("provider_name");
    boolean unknown = reference == null || reference.isEmpty();
    return unknown ? null : new Party(reference.equals(name) ? null : reference, name);
  }
}
