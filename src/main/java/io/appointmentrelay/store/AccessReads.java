package io.appointmentrelay.store;

import io.appointmentrelay.store.ConsoleReads.Access;
import io.appointmentrelay.store.ConsoleReads.AccessFilter;
import org.jdbi.v3.core.Handle;

/** Reads who saw what, the latest first. */
final class AccessReads {

  private static final String LIST =
      "SELECT ((:from IS NULL OR at >= :from) AND (:to IS NULL OR at < :to)"
          + " AND (:who IS NULL OR who = :who)) AS wanted, id, at, who, what, which, detail FROM access"
          + " WHERE id < :id ORDER BY id DESC"
          + Scan.NO_FURTHER;

  private AccessReads() {}

  static Page<Access> page(Handle handle, AccessFilter filter, PageRequest page) {
    return Scan.page(
        handle
            .createQuery(LIST)
            .bind("from", Scan.millis(filter.from()))
            .bind("to", Scan.millis(filter.to()))
            .bind("who", filter.user())
            .bind("id", page.after() == null ? Long.MAX_VALUE : Cursor.number(page.after())),
        page.limit(),
        rows ->
            new Access(
                Scan.instant(rows, "at"),
                rows.getString("who"),
                rows.getString("what"),
                rows.getString("which"),
                rows.getString("detail")),
        rows -> rows.getString("id"));
  }
}
