package io.appointmentrelay.store;

import io.appointmentrelay.appointment.AppointmentEvent;
import io.appointmentrelay.appointment.AppointmentRecord;
import io.appointmentrelay.appointment.Audience;
import io.appointmentrelay.appointment.Change;
import io.appointmentrelay.appointment.DeliveryStatus;
import io.appointmentrelay.appointment.EventKind;
import io.appointmentrelay.appointment.KnownPreparation;
import io.appointmentrelay.appointment.Nature;
import io.appointmentrelay.appointment.Replan;
import io.appointmentrelay.appointment.StatusGroup;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The visits to come and what waits for them, read page by page; and a change of that, which is
 * made only if visit and deliveries still are as they were read.
 */
public final class ReplanStore {

  /**
   * A visit with the change that gave it its present version.
   *
   * @param id its own, as stored
   * @param root the first of its chain's, as stored
   * @param lastChange without what was known before it
   */
  public record Visit(long id, long root, AppointmentRecord record, AppointmentEvent lastChange) {}

  /**
   * Some of the visits that are open and still to come.
   *
   * @param next where to go on; absent: there are no more
   */
  public record Visits(List<Visit> visits, @Nullable String next) {}

  private static final String VISIT =
      "SELECT a.id, a.root, a.starts_at, a.state, t.event, t.at, t.message, t.part, t.changes, a.feed_group, a.identifier FROM appointment a"
          + " JOIN timeline t ON t.appointment = a.id AND t.revision = (SELECT MAX(l.revision) FROM timeline l"
          + " WHERE l.appointment = a.id AND l.event NOT IN ('UNCHANGED', 'STALE', 'CONFIRMED', 'DECLINED',"
          + " 'CALL_REQUESTED', 'REPLY_OUTDATED', 'REPLY_UNKNOWN')) WHERE ";

  private static final String BY_START =
      VISIT
          + "a.starts_at >= ? AND (a.starts_at, a.id) > (?, ?) ORDER BY a.starts_at, a.id LIMIT ?";

  private static final String ONE = VISIT + "a.id = ?";

  private static final String PREPARATION =
      "SELECT id, appointment, channel, nature, text, start_offset, starts_at, planned, due, status, reason,"
          + " interrupted, fence, audience FROM delivery WHERE root = ? AND nature IN ('BEFORE_START', 'AFTER_START') ORDER BY id";

  private final GroupCommit commits;
  private final Readers readers;
  private final Seal seal;
  private final ReplanCommit commit;

  ReplanStore(GroupCommit commits, Readers readers, Ids ids, Seal seal) {
    this.commits = commits;
    this.readers = readers;
    this.seal = seal;
    this.commit = new ReplanCommit(ids);
  }

  /**
   * Looks at the next visits by their start.
   *
   * @param after the {@code next} of the page before; absent: from now on
   * @param limit so many are looked at, of which those that are not open are left out
   * @throws WrongCursor if {@code after} is none of its own
   */
  public Visits toCome(Instant now, @Nullable String after, int limit) {
    long start = now.toEpochMilli();
    long id = Long.MAX_VALUE;
    if (after != null) {
      String[] key = Cursor.columns(after, 2);
      start = Cursor.number(key[0]);
      id = Cursor.number(key[1]);
    }
    return readers.query(BY_START, rows -> visits(rows, now, limit), start, start, id, limit);
  }

  /** A visit as it is now; empty if it is over or off. */
  public Optional<Visit> again(Visit visit, Instant now) {
    return readers
        .query(ONE, rows -> visits(rows, now, Integer.MAX_VALUE), visit.id())
        .visits()
        .stream()
        .findFirst();
  }

  /** All preparation of a visit's chain, whatever has become of it. */
  public List<KnownPreparation> preparation(Visit visit) {
    return readers.query(PREPARATION, ReplanStore::preparation, visit.root());
  }

  /**
   * Makes a change.
   *
   * @param read what {@link #preparation} had said when the difference was found
   * @return false: the visit or its deliveries have changed since, and nothing was done
   */
  public CompletableFuture<Boolean> apply(
      Visit visit, List<KnownPreparation> read, Replan.Difference difference, Instant now) {
    return commits.submit(
        statements -> {
          boolean asRead =
              isAtRevision(statements, visit) && preparation(statements, visit).equals(read);
          if (asRead) {
            commit.run(statements, visit, difference, now);
          }
          return asRead;
        });
  }

  private static boolean isAtRevision(Statements statements, Visit visit) throws SQLException {
    try (ResultSet rows =
        statements
            .bind("SELECT revision, root FROM appointment WHERE id = ?", visit.id())
            .executeQuery()) {
      return rows.next()
          && rows.getInt(1) == visit.record().revision()
          && rows.getLong(2) == visit.root();
    }
  }

  private static List<KnownPreparation> preparation(Statements statements, Visit visit)
      throws SQLException {
    try (ResultSet rows = statements.bind(PREPARATION, visit.root()).executeQuery()) {
      return preparation(rows);
    }
  }

  private Visits visits(ResultSet rows, Instant now, int limit) throws SQLException {
    List<Visit> visits = new ArrayList<>();
    String last = null;
    int lookedAt = 0;
    for (; rows.next(); lookedAt++) {
      last = Cursor.of(rows.getLong(3), rows.getLong(1));
      String state = rows.getString(4);
      if (state == null) {
        continue;
      }
      AppointmentRecord record =
          seal.read(
              state, AppointmentRecord.class, Place.state(rows.getString(10), rows.getString(11)));
      Instant start = record.details().start();
      boolean isToCome = start != null && start.isAfter(now);
      if (isToCome && record.statusGroup() == StatusGroup.OPEN) {
        visits.add(new Visit(rows.getLong(1), rows.getLong(2), record, lastChange(rows, record)));
      }
    }
    return new Visits(visits, lookedAt < limit ? null : last);
  }

  private AppointmentEvent lastChange(ResultSet rows, AppointmentRecord record)
      throws SQLException {
    String changes = rows.getString(9);
    Position cause = new Position(rows.getLong(7), rows.getInt(8));
    return new AppointmentEvent(
        EventKind.valueOf(rows.getString(5)),
        record.source(),
        cause.id(),
        Instant.ofEpochMilli(rows.getLong(6)),
        null,
        record,
        changes == null
            ? List.of()
            : List.of(seal.read(changes, Change[].class, Place.changes(cause))),
        null);
  }

  private static List<KnownPreparation> preparation(ResultSet rows) throws SQLException {
    List<KnownPreparation> all = new ArrayList<>();
    while (rows.next()) {
      all.add(
          new KnownPreparation(
              rows.getLong(1),
              rows.getLong(2),
              rows.getString(3),
              Audience.of(rows.getString(14)).orElseThrow(),
              Nature.valueOf(rows.getString(4)),
              rows.getString(5),
              rows.getString(6),
              Scan.instantOrNull(rows, "starts_at"),
              Scan.instant(rows, "planned"),
              Scan.instant(rows, "due"),
              DeliveryStatus.of(rows.getString(10)),
              rows.getString(11),
              rows.getBoolean(12),
              rows.getLong(13)));
    }
    return all;
  }
}
