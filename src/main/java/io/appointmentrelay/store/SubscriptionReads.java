package io.appointmentrelay.store;

import io.appointmentrelay.store.ConsoleReads.EventGap;
import io.appointmentrelay.store.ConsoleReads.NumberedSubscription;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Reads for the console which events of subscriptions are here, and which are not. */
final class SubscriptionReads {

  private static final int GAPS_AT_MOST = 100;

  private SubscriptionReads() {}

  static Page<NumberedSubscription> all(Handle handle) {
    List<NumberedSubscription> all =
        handle
            .createQuery(
                "SELECT source, subscription, MAX(last) AS last, MAX(seen_at) AS seen_at FROM event_run"
                    + " GROUP BY source, subscription ORDER BY source, subscription")
            .map((rows, context) -> subscription(handle, rows))
            .list();
    return new Page<>(all, null);
  }

  private static NumberedSubscription subscription(Handle handle, ResultSet rows)
      throws SQLException {
    String source = rows.getString("source");
    String subscription = rows.getString("subscription");
    return new NumberedSubscription(
        source,
        subscription,
        rows.getLong("last"),
        Scan.instant(rows, "seen_at"),
        gaps(handle, source, subscription));
  }

  /** The open ones first, then the newest. */
  private static List<EventGap> gaps(Handle handle, String source, String subscription) {
    return handle
        .createQuery(
            "SELECT first, last, opened_at, closed_at, how FROM event_gap"
                + " WHERE source = :source AND subscription = :subscription"
                + " ORDER BY closed_at IS NOT NULL, id DESC LIMIT :most")
        .bind("source", source)
        .bind("subscription", subscription)
        .bind("most", GAPS_AT_MOST)
        .map(
            (rows, context) ->
                new EventGap(
                    rows.getLong("first"),
                    rows.getLong("last"),
                    Scan.instant(rows, "opened_at"),
                    closedAt(rows),
                    rows.getString("how")))
        .list();
  }

  private static @Nullable Instant closedAt(ResultSet rows) throws SQLException {
    long millis = rows.getLong("closed_at");
    return rows.wasNull() ? null : Instant.ofEpochMilli(millis);
  }
}
