package io.appointmentrelay.store;

import io.appointmentrelay.appointment.EventNumber;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Keeps which numbered events of a subscription are here, as runs, and opens and closes the gaps
 * between them, in the transaction in which they arrive.
 */
final class NumberWrites {

  /** What is overtaken for a moment was no gap worth telling. */
  private static final long MOMENT_MILLIS = 10_000;

  private static final String OF_SUBSCRIPTION = " WHERE source = ? AND subscription = ?";

  private record EventRun(long first, long last, Instant seenAt) {
    static @Nullable EventRun of(ResultSet rows) throws SQLException {
      return rows.next()
          ? new EventRun(rows.getLong(1), rows.getLong(2), Instant.ofEpochMilli(rows.getLong(3)))
          : null;
    }
  }

  private final Statements statements;
  private final String source;
  private final String subscription;
  private final Instant at;

  private NumberWrites(Statements statements, String source, String subscription, Instant at) {
    this.statements = statements;
    this.source = source;
    this.subscription = subscription;
    this.at = at;
  }

  static void keep(Statements statements, String source, EventNumber number, Instant at)
      throws SQLException {
    NumberWrites writes = new NumberWrites(statements, source, number.subscription(), at);
    switch (number.meaning()) {
      case HERE -> writes.isHere(number.number());
      case SO_FAR -> writes.thereWere(number.number());
      case BEGINS_BEHIND -> writes.beginsBehind(number.number());
    }
  }

  /** Every event from one number to another is known by other ways. */
  static void fill(
      Statements statements, String source, String subscription, long first, long last, Instant at)
      throws SQLException {
    NumberWrites writes = new NumberWrites(statements, source, subscription, at);
    writes.join(first, last);
  }

  private void isHere(long number) throws SQLException {
    EventRun latest = latest();
    if (latest != null && number > latest.last() + 1) {
      open(latest.last() + 1, number - 1, latest.seenAt());
    }
    if (latest != null && number == latest.last() + 1 && latest.first() <= latest.last()) {
      // The one that follows, as nearly always.
      statements.update(
          "UPDATE event_run SET last = ?, seen_at = ?" + OF_SUBSCRIPTION + " AND first = ?",
          number,
          at,
          source,
          subscription,
          latest.first());
    } else {
      join(number, number);
    }
  }

  private void thereWere(long number) throws SQLException {
    EventRun latest = latest();
    if (latest == null) {
      insert(number + 1, number, at);
    } else if (number > latest.last()) {
      open(latest.last() + 1, number, latest.seenAt());
      insert(number + 1, number, latest.seenAt());
    }
  }

  private void beginsBehind(long number) throws SQLException {
    EventRun latest = latest();
    if (latest != null && number < latest.last()) {
      statements.update("DELETE FROM event_run" + OF_SUBSCRIPTION, source, subscription);
      statements.update(
          "UPDATE event_gap SET closed_at = ?, how = 'begun anew'"
              + OF_SUBSCRIPTION
              + " AND closed_at IS NULL",
          at,
          source,
          subscription);
      insert(number + 1, number, at);
    } else {
      thereWere(number);
    }
  }

  /** Makes one run of these and all that they touch, and closes the gaps that are in it. */
  private void join(long first, long last) throws SQLException {
    long from = first;
    long to = last;
    for (EventRun touched : touching(first, last)) {
      from = Math.min(from, touched.first());
      to = Math.max(to, touched.last());
      statements.update(
          "DELETE FROM event_run" + OF_SUBSCRIPTION + " AND first = ?",
          source,
          subscription,
          touched.first());
    }
    insert(from, to, at);
    String within = OF_SUBSCRIPTION + " AND closed_at IS NULL AND first >= ? AND last <= ?";
    statements.update(
        "DELETE FROM event_gap" + within + " AND asked_at IS NULL AND opened_at > ?",
        source,
        subscription,
        from,
        to,
        at.toEpochMilli() - MOMENT_MILLIS);
    statements.update(
        "UPDATE event_gap SET closed_at = ?, how = CASE WHEN asked_at IS NULL THEN 'arrived' ELSE 'asked for' END"
            + within,
        at,
        source,
        subscription,
        from,
        to);
  }

  private List<EventRun> touching(long first, long last) throws SQLException {
    List<EventRun> runs = new ArrayList<>();
    try (ResultSet rows =
        statements
            .bind(
                "SELECT first, last, seen_at FROM event_run"
                    + OF_SUBSCRIPTION
                    + " AND first <= ? AND last >= ?",
                source,
                subscription,
                last + 1,
                first - 1)
            .executeQuery()) {
      for (EventRun run = EventRun.of(rows); run != null; run = EventRun.of(rows)) {
        runs.add(run);
      }
    }
    return runs;
  }

  private @Nullable EventRun latest() throws SQLException {
    try (ResultSet rows =
        statements
            .bind(
                "SELECT first, last, seen_at FROM event_run"
                    + OF_SUBSCRIPTION
                    + " ORDER BY first DESC LIMIT 1",
                source,
                subscription)
            .executeQuery()) {
      return EventRun.of(rows);
    }
  }

  private void insert(long first, long last, Instant seenAt) throws SQLException {
    statements.update(
        "INSERT INTO event_run (source, subscription, first, last, seen_at) VALUES (?, ?, ?, ?, ?)"
            + " ON CONFLICT DO NOTHING",
        source,
        subscription,
        first,
        last,
        seenAt);
  }

  private void open(long first, long last, Instant beforeAt) throws SQLException {
    statements.update(
        "INSERT INTO event_gap (source, subscription, first, last, before_at, opened_at)"
            + " VALUES (?, ?, ?, ?, ?, ?)",
        source,
        subscription,
        first,
        last,
        beforeAt,
        at);
  }
}
