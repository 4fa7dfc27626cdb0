package io.appointmentrelay.store;

import io.appointmentrelay.store.ConsoleReads.Notification;
import io.appointmentrelay.store.ConsoleReads.NotificationFilter;
import io.appointmentrelay.store.ConsoleReads.NotificationWithBody;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Reads the inbox for the console, the newest first. */
final class NotificationReads {

  private static final String COLUMNS =
      "message, part, source, received_at, status, reason, appointment, event, attempts";

  private static final String LIST =
      "SELECT ((:source IS NULL OR source = :source) AND (:status IS NULL OR status = :status)"
          + " AND (:from IS NULL OR received_at >= :from) AND (:to IS NULL OR received_at < :to)) AS wanted, "
          + COLUMNS
          + " FROM notification WHERE (message, part) < (:message, :part) AND message >= :oldest";

  private static final String NEWEST_FIRST = " ORDER BY message DESC, part DESC" + Scan.NO_FURTHER;

  private static final Position BEHIND_ALL = new Position(Long.MAX_VALUE, 0);

  private NotificationReads() {}

  static Page<Notification> page(Handle handle, NotificationFilter filter, PageRequest page) {
    Position from = page.after() == null ? BEHIND_ALL : Cursor.position(page.after());
    if (filter.to() != null) {
      Position latest = new Position(ArrivalSearch.notFrom(handle, filter.to()), 0);
      from = from.compareTo(latest) < 0 ? from : latest;
    }
    long oldest = filter.from() == null ? 0 : ArrivalSearch.notBefore(handle, filter.from());
    return Scan.page(
        handle
            .createQuery(query(filter) + NEWEST_FIRST)
            .bind("source", filter.source())
            .bind("status", filter.status())
            .bind("appointment", filter.appointment())
            .bind("from", Scan.millis(filter.from()))
            .bind("to", Scan.millis(filter.to()))
            .bind("message", from.message())
            .bind("part", from.part())
            .bind("oldest", oldest),
        page.limit(),
        NotificationReads::notification,
        NotificationReads::id);
  }

  /** What an index can find; a partial index is used only if its condition stands in the query. */
  private static String query(NotificationFilter filter) {
    if (filter.appointment() == null) {
      return LIST + narrowed(filter);
    }
    String ofAppointment = LIST + " AND appointment = :appointment";
    return ofAppointment
        + " AND status <> 'received' UNION ALL "
        + ofAppointment
        + " AND status = 'received'";
  }

  private static String narrowed(NotificationFilter filter) {
    if ("parked".equals(filter.status())) {
      return " AND status = 'parked'";
    }
    return "received".equals(filter.status()) ? " AND status = 'received'" : "";
  }

  static Optional<Notification> one(Handle handle, Position position) {
    return handle
        .createQuery(
            "SELECT " + COLUMNS + " FROM notification WHERE message = :message AND part = :part")
        .bind("message", position.message())
        .bind("part", position.part())
        .map((rows, context) -> notification(rows))
        .findOne();
  }

  static Optional<NotificationWithBody> withBody(Handle handle, Position position, Seal seal) {
    return one(handle, position)
        .map(
            notification -> {
              KeptBody kept = body(handle, position.message(), notification, seal);
              return new NotificationWithBody(
                  notification.id(),
                  notification.source(),
                  notification.receivedAt(),
                  notification.status(),
                  notification.reason(),
                  notification.appointment(),
                  notification.event(),
                  notification.attempts(),
                  kept.text(),
                  kept.purgedAt());
            });
  }

  /** What is left of a body, or when it went. */
  private record KeptBody(@Nullable String text, @Nullable Instant purgedAt) {
    static final KeptBody NONE = new KeptBody(null, null);
  }

  private static KeptBody body(Handle handle, long message, Notification notification, Seal seal) {
    String place = Place.body(notification.source(), notification.receivedAt());
    return handle
        .createQuery("SELECT body, purged_at FROM message WHERE id = :message")
        .bind("message", message)
        .map(
            (rows, context) -> {
              byte[] body = rows.getBytes(1);
              String text =
                  body == null ? null : new String(seal.open(body, place), StandardCharsets.UTF_8);
              return new KeptBody(text, Scan.instantOrNull(rows, "purged_at"));
            })
        .findOne()
        .orElse(KeptBody.NONE);
  }

  private static Notification notification(ResultSet rows) throws SQLException {
    return new Notification(
        id(rows),
        rows.getString("source"),
        Scan.instant(rows, "received_at"),
        rows.getString("status"),
        rows.getString("reason"),
        rows.getString("appointment"),
        rows.getString("event"),
        rows.getInt("attempts"));
  }

  private static String id(ResultSet rows) throws SQLException {
    return new Position(rows.getLong("message"), rows.getInt("part")).id();
  }
}
