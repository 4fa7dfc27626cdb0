package io.appointmentrelay.store;

import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/**
 * One thing that must hold in the store, and the query that finds the ids where it does not.
 *
 * @param rule what holds, as the beginning of a sentence
 * @param found what is said of the ids
 * @param sql selects ids, one text column
 */
record LedgerCheck(String rule, String found, String sql) {

  /** A broken store may break a rule a million times; a person needs the first few. */
  private static final int SHOWN_AT_MOST = 50;

  /** Statuses that the counts do not know: here the conservation equations fail. */
  static final List<LedgerCheck> STATUSES =
      List.of(
          new LedgerCheck(
              "Every notification is received, duplicate, processed or parked",
              "these are not",
              "SELECT message || '-' || part FROM notification"
                  + " WHERE status NOT IN ('received', 'duplicate', 'processed', 'parked')"),
          new LedgerCheck(
              "Every delivery has one of the statuses of its life",
              "these have not",
              "SELECT CAST(id AS TEXT) FROM delivery WHERE status NOT IN ('planned', 'sending', 'uncertain',"
                  + " 'sent', 'dead', 'superseded', 'suppressed', 'cancelled')"));

  /** What counting statuses cannot see. */
  static final List<LedgerCheck> LOSSES =
      List.of(
          new LedgerCheck(
              "Every notification has the body it was sent with",
              "these have none",
              "SELECT n.message || '-' || n.part FROM notification n"
                  + " WHERE NOT EXISTS (SELECT 1 FROM message m WHERE m.id = n.message)"),
          new LedgerCheck(
              "Every body belongs to a notification",
              "the bodies of these messages do not",
              "SELECT CAST(m.id AS TEXT) FROM message m"
                  + " WHERE NOT EXISTS (SELECT 1 FROM notification n WHERE n.message = m.id)"),
          new LedgerCheck(
              "The parts of a message are numbered from 1 without a gap",
              "parts are missing in these messages",
              "SELECT CAST(message AS TEXT) FROM notification GROUP BY message"
                  + " HAVING COUNT(*) <> MAX(part) OR MIN(part) <> 1"),
          // A set difference and no join: the timeline has no index by notification, which every
          // notification would pay for.
          new LedgerCheck(
              "Every processed notification about an appointment is on its timeline",
              "these are not",
              "SELECT message || '-' || part FROM (SELECT message, part FROM notification WHERE status = 'processed'"
                  + " AND (event IS NULL OR event NOT IN ('SLOTS', 'NOTED')) EXCEPT SELECT message, part FROM timeline) AS untold"),
          new LedgerCheck(
              "An appointment's timeline has one entry for each of its revisions",
              "entries are missing or too many for these appointments",
              "SELECT a.source || '/' || a.identifier FROM appointment a WHERE a.revision <>"
                  + " (SELECT COUNT(*) FROM timeline t WHERE t.appointment = a.id) OR a.revision <>"
                  + " (SELECT COALESCE(MAX(t.revision), 0) FROM timeline t WHERE t.appointment = a.id)"),
          new LedgerCheck(
              "Every timeline belongs to an appointment",
              "the timelines of these appointment numbers do not",
              "SELECT DISTINCT CAST(t.appointment AS TEXT) FROM timeline t"
                  + " WHERE NOT EXISTS (SELECT 1 FROM appointment a WHERE a.id = t.appointment)"),
          new LedgerCheck(
              "Every delivery belongs to an appointment and to the first of its chain",
              "these deliveries do not",
              "SELECT CAST(d.id AS TEXT) FROM delivery d"
                  + " WHERE NOT EXISTS (SELECT 1 FROM appointment a WHERE a.id = d.appointment)"
                  + " OR NOT EXISTS (SELECT 1 FROM appointment r WHERE r.id = d.root)"),
          new LedgerCheck(
              "Every sent delivery says when it was sent",
              "these deliveries do not",
              "SELECT CAST(id AS TEXT) FROM delivery WHERE status = 'sent' AND sent_at IS NULL"));

  /** The sentence to report; empty if the rule holds. */
  Optional<String> problem(Handle handle) {
    List<String> ids =
        handle
            .createQuery(sql + " LIMIT :shown")
            .bind("shown", SHOWN_AT_MOST + 1)
            .mapTo(String.class)
            .list();
    if (ids.isEmpty()) {
      return Optional.empty();
    }
    boolean isMore = ids.size() > SHOWN_AT_MOST;
    String shown = String.join(", ", isMore ? ids.subList(0, SHOWN_AT_MOST) : ids);
    return Optional.of(rule + "; " + found + ": " + shown + (isMore ? " and more." : "."));
  }
}
