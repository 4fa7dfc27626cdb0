package io.appointmentrelay.store;

import io.appointmentrelay.store.ConsoleReads.Slot;
import io.appointmentrelay.store.ConsoleReads.SlotFilter;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.jdbi.v3.core.Handle;

/** Reads the pushed slots for the console, the earliest first. */
final class SlotReads {

  private static final String LIST =
      "SELECT ((:provider IS NULL OR provider = :provider OR provider_name = :provider)"
          + " AND (:location IS NULL OR location = :location)) AS wanted,"
          + " source, slot_key, slot_id, starts_at, minutes, reason, provider, provider_name, location FROM slot"
          + " WHERE starts_at >= :from AND starts_at < :to"
          + " AND (starts_at, source, slot_key) > (:start, :source, :slotKey)"
          + " ORDER BY starts_at, source, slot_key"
          + Scan.NO_FURTHER;

  private SlotReads() {}

  static Page<Slot> page(Handle handle, SlotFilter filter, PageRequest page) {
    String[] key =
        page.after() == null
            ? new String[] {String.valueOf(Long.MIN_VALUE), "", ""}
            : Cursor.columns(page.after(), 3);
    long start = Cursor.number(key[0]);
    Long from = Scan.millis(filter.from());
    Long to = Scan.millis(filter.to());
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
        SlotReads::slot,
        rows ->
            Cursor.of(
                rows.getLong("starts_at"), rows.getString("source"), rows.getString("slot_key")));
  }

  private static Slot slot(ResultSet rows) throws SQLException {
    String name = rows.getString("provider_name");
    int minutes = rows.getInt("minutes");
    Integer minutesIfSaid = rows.wasNull() ? null : minutes;
    return new Slot(
        rows.getString("source"),
        rows.getString("slot_id"),
        Scan.instant(rows, "starts_at"),
        minutesIfSaid,
        rows.getString("reason"),
        name == null ? rows.getString("provider") : name,
        rows.getString("location"));
  }
}
