package io.appointmentrelay.store;

import io.appointmentrelay.appointment.AppointmentRecord;
import io.appointmentrelay.store.ConsoleReads.KnownRecord;
import io.appointmentrelay.store.ConsoleReads.RecordFilter;
import io.appointmentrelay.store.ConsoleReads.RecordOrder;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/**
 * Reads appointments whole, with their patients, in the order of an index: by time of the visit or
 * by when they were written last.
 */
final class RecordReads {

  private static final String COLUMNS =
      " id, starts_at, updated_at, state, feed_group, identifier FROM appointment WHERE state IS NOT NULL AND ";

  private RecordReads() {}

  /** What a patient is kept as. */
  interface Codes {
    String ofPatient(String reference);
  }

  static Page<KnownRecord> page(
      Handle handle,
      Seal seal,
      Codes codes,
      RecordFilter filter,
      RecordOrder order,
      PageRequest page) {
    boolean byStart = order == RecordOrder.START || order == RecordOrder.START_DESCENDING;
    boolean descending =
        order == RecordOrder.START_DESCENDING || order == RecordOrder.UPDATED_DESCENDING;
    String column = byStart ? "starts_at" : "updated_at";
    Long from = Scan.millis(byStart ? filter.from() : filter.updatedFrom());
    Long to = Scan.millis(byStart ? filter.to() : filter.updatedTo());
    long lowest = from == null ? Long.MIN_VALUE : from;
    long highest = to == null ? Long.MAX_VALUE : to;
    long key = descending ? Long.MAX_VALUE : Long.MIN_VALUE;
    long id = descending ? Long.MAX_VALUE : Long.MIN_VALUE;
    if (page.after() != null) {
      String[] after = Cursor.columns(page.after(), 2);
      key = Cursor.number(after[0]);
      id = Cursor.number(after[1]);
      // The index begins where the page before ended.
      lowest = descending ? lowest : Math.max(lowest, key);
      highest = descending && key < Long.MAX_VALUE ? Math.min(highest, key + 1) : highest;
    }
    String sql = sql(filter, column, descending);
    return Scan.page(
        bound(handle.createQuery(sql), filter, codes)
            .bind("lowest", lowest)
            .bind("highest", highest)
            .bind("key", key)
            .bind("id", id),
        page.limit(),
        rows -> known(handle, seal, rows),
        rows -> Cursor.of(rows.getLong(column), rows.getLong("id")));
  }

  private static String sql(RecordFilter filter, String column, boolean descending) {
    String by = filter.patients().isEmpty() ? column : "(" + column + " + 0)";
    String direction = descending ? " DESC" : "";
    return "SELECT ("
        + wanted(filter)
        + ") AS wanted,"
        + COLUMNS
        + (filter.patients().isEmpty() ? "" : "patient IN (<patients>) AND ")
        + by
        + " >= :lowest AND "
        + by
        + " < :highest AND ("
        + by
        + ", id) "
        + (descending ? "<" : ">")
        + " (:key, :id) ORDER BY "
        + by
        + direction
        + ", id"
        + direction
        + Scan.NO_FURTHER;
  }

  private static String wanted(RecordFilter filter) {
    return "(:from IS NULL OR starts_at >= :from) AND (:to IS NULL OR starts_at < :to)"
        + " AND (:updatedFrom IS NULL OR updated_at >= :updatedFrom)"
        + " AND (:updatedTo IS NULL OR updated_at < :updatedTo)"
        + (filter.statuses().isEmpty() ? "" : " AND status IN (<statuses>)");
  }

  private static Query bound(Query query, RecordFilter filter, Codes codes) {
    Query bound =
        query
            .bind("from", Scan.millis(filter.from()))
            .bind("to", Scan.millis(filter.to()))
            .bind("updatedFrom", Scan.millis(filter.updatedFrom()))
            .bind("updatedTo", Scan.millis(filter.updatedTo()));
    if (!filter.statuses().isEmpty()) {
      bound = bound.bindList("statuses", filter.statuses());
    }
    return filter.patients().isEmpty()
        ? bound
        : bound.bindList("patients", filter.patients().stream().map(codes::ofPatient).toList());
  }

  /** Those of that name, of whatever group; few, because a group has one at most. */
  static List<KnownRecord> named(Handle handle, Seal seal, String identifier, List<String> groups) {
    if (groups.isEmpty()) {
      return List.of();
    }
    return handle
        .createQuery(
            "SELECT id, updated_at, state, feed_group, identifier FROM appointment"
                + " WHERE state IS NOT NULL AND feed_group IN (<groups>) AND identifier = :identifier")
        .bindList("groups", groups)
        .bind("identifier", identifier)
        .map((rows, context) -> known(handle, seal, rows))
        .stream()
        .sorted(Comparator.comparingLong(KnownRecord::id))
        .toList();
  }

  static Optional<KnownRecord> one(Handle handle, Seal seal, long id) {
    return handle
        .createQuery(
            "SELECT id, updated_at, state, feed_group, identifier FROM appointment"
                + " WHERE id = :id AND state IS NOT NULL")
        .bind("id", id)
        .map((rows, context) -> known(handle, seal, rows))
        .findOne();
  }

  private static KnownRecord known(Handle handle, Seal seal, ResultSet rows) throws SQLException {
    AppointmentRecord record =
        seal.read(
            rows.getString("state"),
            AppointmentRecord.class,
            Place.state(rows.getString("feed_group"), rows.getString("identifier")));
    return new KnownRecord(
        rows.getLong("id"),
        record,
        Scan.instant(rows, "updated_at"),
        idOf(handle, record.group(), record.replaces()),
        idOf(handle, record.group(), record.replacedBy()));
  }

  private static @Nullable Long idOf(Handle handle, String group, @Nullable String identifier) {
    return identifier == null
        ? null
        : handle
            .createQuery(
                "SELECT id FROM appointment WHERE feed_group = :feedGroup AND identifier = :identifier")
            .bind("feedGroup", group)
            .bind("identifier", identifier)
            .mapTo(Long.class)
            .findOne()
            .orElse(null);
  }
}
