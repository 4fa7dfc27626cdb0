package io.appointmentrelay.store;

import io.appointmentrelay.appointment.AppointmentEvent;
import io.appointmentrelay.appointment.AppointmentRecord;
import io.appointmentrelay.appointment.Change;
import io.appointmentrelay.appointment.PatientProfile;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes records and their timelines, each only if it still has the revision that was read. */
final class AppointmentWrites {

  /**
   * Where a record is kept.
   *
   * @param firstEver nothing can hang on it yet
   */
  record Stored(long id, long root, boolean firstEver) {}

  private final Ids ids;

  AppointmentWrites(Ids ids) {
    this.ids = ids;
  }

  Stored store(Statements statements, Position cause, AppointmentEvent event) throws SQLException {
    AppointmentRecord replaced = event.replaced();
    if (replaced != null) {
      Stored old = upsert(statements, replaced);
      entry(statements, old.id(), cause, event, replaced, endedBy(replaced));
    }
    Stored stored = upsert(statements, event.after());
    entry(statements, stored.id(), cause, event, event.after(), event.changes());
    return stored;
  }

  private static List<Change> endedBy(AppointmentRecord replaced) {
    return List.of(new Change("replacedBy", null, replaced.replacedBy()));
  }

  private Stored upsert(Statements statements, AppointmentRecord record) throws SQLException {
    return record.revision() == 1 ? insert(statements, record) : update(statements, record);
  }

  private Stored insert(Statements statements, AppointmentRecord record) throws SQLException {
    long id = ids.nextAppointment();
    boolean ownRoot = record.root().equals(record.identifier());
    long root = ownRoot ? id : idOf(statements, record.group(), record.root());
    int inserted =
        statements.update(
            "INSERT INTO appointment (id, feed_group, identifier, root, source, status, starts_at, patient, revision,"
                + " state) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 1, ?) ON CONFLICT (feed_group, identifier) DO NOTHING",
            id,
            record.group(),
            record.identifier(),
            root,
            record.source(),
            record.status(),
            record.details().start(),
            patient(record),
            Json.write(record));
    if (inserted == 0) {
      throw new VersionConflict();
    }
    return new Stored(id, root, ownRoot);
  }

  private static Stored update(Statements statements, AppointmentRecord record)
      throws SQLException {
    long id = idOf(statements, record.group(), record.identifier());
    boolean ownRoot = record.root().equals(record.identifier());
    long root = ownRoot ? id : idOf(statements, record.group(), record.root());
    int updated =
        statements.update(
            "UPDATE appointment SET root = ?, source = ?, status = ?, starts_at = ?, patient = ?, revision = ?, state = ?"
                + " WHERE id = ? AND revision = ?",
            root,
            record.source(),
            record.status(),
            record.details().start(),
            patient(record),
            record.revision(),
            Json.write(record),
            id,
            record.revision() - 1);
    if (updated == 0) {
      throw new VersionConflict();
    }
    if (!ownRoot) {
      joinChain(statements, id, root);
    }
    return new Stored(id, root, false);
  }

  /**
   * A record that was known before it was said to replace another brings along what was planned and
   * told while it was its own root; else its preparation would go out twice.
   */
  private static void joinChain(Statements statements, long id, long root) throws SQLException {
    statements.update("UPDATE delivery SET root = ? WHERE root = ?", root, id);
    statements.update(
        "UPDATE told SET root = ? WHERE root = ? AND NOT EXISTS"
            + " (SELECT 1 FROM told other WHERE other.root = ? AND other.channel = told.channel)",
        root,
        id,
        root);
  }

  private static long idOf(Statements statements, String group, String identifier)
      throws SQLException {
    try (ResultSet rows =
        statements
            .bind(
                "SELECT id FROM appointment WHERE feed_group = ? AND identifier = ?",
                group,
                identifier)
            .executeQuery()) {
      if (!rows.next()) {
        throw new VersionConflict();
      }
      return rows.getLong(1);
    }
  }

  private static void entry(
      Statements statements,
      long appointment,
      Position cause,
      AppointmentEvent event,
      AppointmentRecord record,
      List<Change> changes)
      throws SQLException {
    statements.update(
        "INSERT INTO timeline (appointment, revision, at, event, message, part, changes) VALUES (?, ?, ?, ?, ?, ?, ?)",
        appointment,
        record.revision(),
        event.at(),
        event.kind().name(),
        cause.message(),
        cause.part(),
        changes.isEmpty() ? null : Json.write(changes));
  }

  private static @Nullable String patient(AppointmentRecord record) {
    PatientProfile patient = record.patient();
    return patient == null ? null : patient.reference();
  }
}
