package io.appointmentrelay.store;

import io.appointmentrelay.appointment.KnownPreparation;
import io.appointmentrelay.appointment.Reason;
import io.appointmentrelay.appointment.Replan;
import io.appointmentrelay.appointment.Replan.Move;
import io.appointmentrelay.appointment.Replan.Wanted;
import io.appointmentrelay.appointment.Why;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;

/**
 * Writes what a re-planning changes for one visit. Every delivery it touches gets another fence:
 * whoever is judging it must judge again; and keeps a sentence of it beside what the judge says.
 */
final class ReplanCommit {

  private static final String RULE = Reason.REPLANNED.words();

  private final Ids ids;

  ReplanCommit(Ids ids) {
    this.ids = ids;
  }

  void run(
      Statements statements, ReplanStore.Visit visit, Replan.Difference difference, Instant now)
      throws SQLException {
    for (KnownPreparation gone : difference.dropped()) {
      drop(statements, gone, now);
    }
    for (Move move : difference.retimed()) {
      retime(statements, visit, move, now);
    }
    for (Wanted wanted : difference.added()) {
      add(statements, visit, wanted, now);
    }
  }

  private static void drop(Statements statements, KnownPreparation gone, Instant now)
      throws SQLException {
    statements.update(
        "UPDATE delivery SET status = 'suppressed', reason = ?, fence = fence + 1 WHERE id = ?"
            + " AND status = 'planned'",
        Reason.REPLANNED.words(),
        gone.id());
    String detail = described(gone.text(), gone.channel(), gone.offset());
    keep(
        statements,
        gone.id(),
        new Why(now, RULE, "dropped", detail + " is not in the routes; was due " + gone.due()));
  }

  private static void retime(Statements statements, ReplanStore.Visit visit, Move move, Instant now)
      throws SQLException {
    KnownPreparation was = move.was();
    Wanted becomes = move.becomes();
    Instant due = notBeforeNews(statements, visit, becomes);
    statements.update(
        "UPDATE delivery SET start_offset = ?, planned = ?, due = ?, quiet_for = 0, reason = NULL, fence = fence + 1"
            + " WHERE id = ? AND status = 'planned'",
        becomes.offset(),
        becomes.due(),
        due,
        was.id());
    String detail = described(becomes.text(), becomes.channel(), becomes.offset());
    keep(
        statements,
        was.id(),
        new Why(
            now,
            RULE,
            "re-timed",
            detail + ", due " + due + "; was " + was.offset() + ", due " + was.due()));
  }

  private void add(Statements statements, ReplanStore.Visit visit, Wanted wanted, Instant now)
      throws SQLException {
    long id = ids.nextDelivery();
    Instant due = notBeforeNews(statements, visit, wanted);
    statements.update(
        "INSERT INTO delivery (id, appointment, root, version, event, channel, audience, nature, text, start_offset, starts_at,"
            + " planned, due, planned_at, status) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'planned')",
        id,
        visit.id(),
        visit.root(),
        visit.record().version(),
        visit.lastChange().kind().name(),
        wanted.channel(),
        wanted.audience().word(),
        wanted.nature().name(),
        wanted.text(),
        wanted.offset(),
        visit.record().details().start(),
        wanted.due(),
        due,
        now);
    String detail = described(wanted.text(), wanted.channel(), wanted.offset());
    keep(statements, id, new Why(now, RULE, "added", detail + ", due " + due));
  }

  /** News that waits leaves first, or what it tells would be taken for known. */
  private static Instant notBeforeNews(
      Statements statements, ReplanStore.Visit visit, Wanted wanted) throws SQLException {
    try (ResultSet rows =
        statements
            .bind(
                "SELECT MAX(due) FROM delivery WHERE root = ? AND channel || '' = ? AND audience = ? AND nature = 'NEWS'"
                    + " AND status = 'planned'",
                visit.root(),
                wanted.channel(),
                wanted.audience().word())
            .executeQuery()) {
      rows.next();
      Instant news = Instant.ofEpochMilli(rows.getLong(1));
      return news.isAfter(wanted.due()) ? news : wanted.due();
    }
  }

  private static String described(String text, String channel, String offset) {
    return text + " by " + channel + " at " + offset;
  }

  private static void keep(Statements statements, long delivery, Why why) throws SQLException {
    statements.update(
        "INSERT INTO replanned (delivery, at, why) VALUES (?, ?, ?)"
            + " ON CONFLICT (delivery, at) DO UPDATE SET why = excluded.why",
        delivery,
        why.at(),
        Json.write(why));
  }
}
