package io.appointmentrelay.store;

import io.appointmentrelay.appointment.AppointmentEvent;
import io.appointmentrelay.appointment.AppointmentRecord;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Objects;

/** Writes records and their timelines, each only if it still has the revision that was read. */
final class AppointmentWrites {

  /**
   * Where a record is kept.
   *
   * @param firstEver nothing can hang on it yet
   */
  record Stored(long id, long root, boolean firstEver) {}

  /** A record's own id and its root's, as stored. */
  private record Row(long id, long root) {}

  private final Ids ids;
  private final Clock clock;

  AppointmentWrites(Ids ids, Clock clock) {
    this.ids = ids;
    this.clock = clock;
  }

  /**
   * Writes an event's records; returns where the last of them is kept.
   *
   * @param knownAt when the source said how things are, if it did
   */
  Stored store(
      Statements statements,
      WaitingPart cause,
      AppointmentEvent event,
      List<Entry> entries,
      Instant knownAt)
      throws SQLException {
    Stored stored = null;
    for (Entry entry : entries) {
      stored = upsert(statements, entry, knownAt);
      timeline(statements, stored.id(), cause.position(), event, entry);
    }
    return Objects.requireNonNull(stored, "an event writes at least its own record");
  }

  private Stored upsert(Statements statements, Entry entry, Instant knownAt) throws SQLException {
    return entry.record().revision() == 1
        ? insert(statements, entry, knownAt)
        : update(statements, entry, knownAt);
  }

  private Stored insert(Statements statements, Entry entry, Instant knownAt) throws SQLException {
    AppointmentRecord record = entry.record();
    long id = ids.nextAppointment();
    boolean ownRoot = record.root().equals(record.identifier());
    long root = ownRoot ? id : idOf(statements, record.group(), record.root());
    int inserted =
        statements.update(
            "INSERT INTO appointment (id, feed_group, identifier, root, source, status, starts_at, patient, revision,"
                + " known_at, updated_at, state) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 1, ?, ?, ?) ON CONFLICT DO NOTHING",
            id,
            record.group(),
            record.identifier(),
            root,
            record.source(),
            record.status(),
            record.details().start(),
            entry.patient(),
            knownAt,
            clock.instant(),
            entry.state());
    if (inserted == 0) {
      throw new VersionConflict();
    }
    return new Stored(id, root, ownRoot);
  }

  private Stored update(Statements statements, Entry entry, Instant knownAt) throws SQLException {
    AppointmentRecord record = entry.record();
    Row row = find(statements, record.group(), record.identifier());
    boolean ownRoot = record.root().equals(record.identifier());
    long root = ownRoot ? row.id() : idOf(statements, record.group(), record.root());
    if (root != row.root()) {
      joinChain(statements, row, root);
    }
    int updated =
        statements.update(
            "UPDATE appointment SET root = ?, source = ?, status = ?, starts_at = ?, patient = ?, revision = ?,"
                + " known_at = CASE WHEN known_at > ? THEN known_at ELSE ? END, updated_at = ?, state = ? WHERE id = ?"
                + " AND revision = ?",
            root,
            record.source(),
            record.status(),
            record.details().start(),
            entry.patient(),
            record.revision(),
            knownAt,
            knownAt,
            clock.instant(),
            entry.state(),
            row.id(),
            record.revision() - 1);
    if (updated == 0) {
      throw new VersionConflict();
    }
    return new Stored(row.id(), root, false);
  }

  /**
   * An appointment that was its own root learns what it replaces: what is planned, was sent and was
   * told of it now goes by the root of the chain. What was told of it is younger than what was told
   * of the ones before it.
   */
  private static void joinChain(Statements statements, Row joining, long root) throws SQLException {
    statements.update(
        "UPDATE delivery SET root = ? WHERE root = ? AND appointment = ?",
        root,
        joining.root(),
        joining.id());
    statements.update(
        "INSERT INTO told (root, channel, audience, told) SELECT ?, channel, audience, told FROM told WHERE root = ?"
            + " ON CONFLICT (root, channel, audience) DO UPDATE SET told = excluded.told",
        root,
        joining.root());
    statements.update("DELETE FROM told WHERE root = ?", joining.root());
  }

  private static long idOf(Statements statements, String group, String identifier)
      throws SQLException {
    return find(statements, group, identifier).id();
  }

  private static Row find(Statements statements, String group, String identifier)
      throws SQLException {
    try (ResultSet rows =
        statements
            .bind(
                "SELECT id, root FROM appointment WHERE feed_group = ? AND identifier = ?",
                group,
                identifier)
            .executeQuery()) {
      if (!rows.next()) {
        throw new VersionConflict();
      }
      return new Row(rows.getLong(1), rows.getLong(2));
    }
  }

  private static void timeline(
      Statements statements, long appointment, Position cause, AppointmentEvent event, Entry entry)
      throws SQLException {
    statements.update(
        "INSERT INTO timeline (appointment, revision, at, event, message, part, changes) VALUES (?, ?, ?, ?, ?, ?, ?)",
        appointment,
        entry.record().revision(),
        event.at(),
        event.kind().name(),
        cause.message(),
        cause.part(),
        entry.changes());
  }
}
