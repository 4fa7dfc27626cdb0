package io.appointmentrelay.store;

import io.appointmentrelay.appointment.AppointmentEvent;
import io.appointmentrelay.appointment.AppointmentRecord;
import io.appointmentrelay.appointment.EventKind;
import io.appointmentrelay.appointment.PatientProfile;
import io.appointmentrelay.appointment.Reason;
import io.appointmentrelay.appointment.Rebooking;
import io.appointmentrelay.appointment.Told;
import io.appointmentrelay.appointment.Told.Entry;
import io.appointmentrelay.store.Planned.Unsaid;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Joins a cancellation and a booking under a new visit number, in whichever order they come, for
 * those who are told: the waiting cancellation is not sent, and of the new visit its recipient
 * knows what they knew of the old one, so that it is told as moved. The appointments stay two.
 */
final class RebookingCommit {

  private static final String WAITING_CANCELLATIONS =
      "SELECT DISTINCT a.state, a.root, a.id, a.identifier FROM appointment a CROSS JOIN delivery d WHERE d.root = a.root"
          + " AND d.appointment = a.id AND a.patient = ? AND a.feed_group = ? AND a.root <> ? AND d.status = 'planned' AND d.nature = 'NEWS'"
          + " AND d.event = 'CANCELLED' AND d.planned > ? ORDER BY a.id DESC";

  private static final String WAITING_BOOKINGS =
      "SELECT a.state, a.root, a.id, a.identifier FROM appointment a CROSS JOIN timeline t WHERE t.appointment = a.id"
          + " AND t.revision = 1 AND a.patient = ? AND a.feed_group = ? AND a.root <> ? AND a.root = a.id AND t.event = 'BOOKED'"
          + " AND t.at >= ? AND t.at <= ? ORDER BY a.id DESC";

  /** On the channels, and for those, where both wait to be told. */
  private static final String BOTH_WAITING =
      "SELECT o.id, n.id, o.channel, o.audience, t.told FROM delivery o JOIN delivery n ON n.root = ?"
          + " AND n.channel || '' = o.channel AND n.audience = o.audience AND n.status = 'planned' AND n.nature = 'NEWS' LEFT JOIN told t ON t.root = o.root"
          + " AND t.channel = o.channel AND t.audience = o.audience"
          + " WHERE o.root = ? AND o.status = 'planned' AND o.nature = 'NEWS' AND o.event = 'CANCELLED'"
          + " AND NOT EXISTS (SELECT 1 FROM told k WHERE k.root = n.root AND k.channel = o.channel AND k.audience = o.audience)";

  private final Duration window;
  private final Seal seal;
  private final RecipientCode code;

  /**
   * @param window how soon after one another; zero: never joined
   */
  RebookingCommit(Duration window, Seal seal, RecipientCode code) {
    this.window = window;
    this.seal = seal;
    this.code = code;
  }

  /** A record with its root. */
  private record Other(AppointmentRecord record, long root) {}

  /** Two deliveries of one channel to the same people that wait. */
  private record Pair(
      long cancellation, long booking, String channel, String audience, @Nullable String told) {}

  /** Runs after the event's own deliveries are planned; returns whose cancellation is not said. */
  List<Unsaid> join(
      Statements statements, AppointmentEvent event, AppointmentWrites.Stored stored, Instant now)
      throws SQLException {
    AppointmentRecord record = event.after();
    PatientProfile patient = record.patient();
    List<Unsaid> unsaid = new ArrayList<>();
    if (window.isZero() || patient == null || patient.reference() == null) {
      return unsaid;
    }
    if (event.kind() == EventKind.BOOKED && stored.firstEver()) {
      List<Other> cancelled = others(statements, WAITING_CANCELLATIONS, record, stored.root(), now);
      for (Other old : cancelled) {
        if (Rebooking.isOneMove(old.record(), record, now)) {
          unsaid.addAll(tellAsOne(statements, old, stored.root(), 0));
          return unsaid;
        }
      }
    } else if (event.kind() == EventKind.CANCELLED) {
      List<Other> booked =
          others(
              statements,
              WAITING_BOOKINGS,
              record,
              stored.root(),
              event.at().minus(window),
              event.at().plus(window));
      for (Other next : booked) {
        if (Rebooking.isOneMove(record, next.record(), now)) {
          unsaid.addAll(tellAsOne(statements, new Other(record, stored.root()), next.root(), 1));
        }
        if (!unsaid.isEmpty()) {
          return unsaid;
        }
      }
    }
    return unsaid;
  }

  /**
   * @param fences by how much the booking's fence rises: whoever has judged it by what was told
   *     before must judge again
   * @return the cancellations that are not said; none: there was nothing to join
   */
  private List<Unsaid> tellAsOne(Statements statements, Other old, long newRoot, int fences)
      throws SQLException {
    List<Unsaid> joined = new ArrayList<>();
    for (Pair pair : pairs(statements, newRoot, old.root())) {
      Told told =
          pair.told() == null
              ? old.record().presumed()
              : seal.read(pair.told(), Told.class, Place.TOLD);
      if (told == null || !told.expects()) {
        continue;
      }
      joined.add(new Unsaid(pair.channel(), Reason.REBOOKED));
      statements.update(
          "UPDATE delivery SET status = 'suppressed', reason = ?, fence = fence + 1 WHERE id = ?",
          Reason.REBOOKED.words(),
          pair.cancellation());
      statements.update(
          "UPDATE delivery SET fence = fence + ? WHERE id = ?", fences, pair.booking());
      Entry entry = entryOf(statements, old, told);
      tell(statements, newRoot, pair, told.in(entry));
      tell(statements, old.root(), pair, told.calledOff().in(anotherEntry(entry)));
    }
    return joined;
  }

  /** The new visit takes over the entry in the calendar, and with it its count of versions. */
  private static Entry entryOf(Statements statements, Other old, Told told) throws SQLException {
    Entry entry = told.entry() == null ? new Entry(old.record().root(), 0) : told.entry();
    try (ResultSet rows =
        statements
            .bind("SELECT SUM(revision) FROM appointment WHERE root = ?", old.root())
            .executeQuery()) {
      rows.next();
      return new Entry(entry.root(), entry.versions() + rows.getInt(1));
    }
  }

  /** The old one, should it take place after all, must not overwrite the new one's entry. */
  private static Entry anotherEntry(Entry entry) {
    return new Entry(entry.root() + "\nagain", 0);
  }

  private void tell(Statements statements, long root, Pair pair, Told told) throws SQLException {
    statements.update(
        "INSERT INTO told (root, channel, audience, told) VALUES (?, ?, ?, ?)"
            + " ON CONFLICT (root, channel, audience) DO UPDATE SET told = excluded.told",
        root,
        pair.channel(),
        pair.audience(),
        seal.json(told, Place.TOLD));
  }

  private static List<Pair> pairs(Statements statements, long newRoot, long oldRoot)
      throws SQLException {
    List<Pair> pairs = new ArrayList<>();
    try (ResultSet rows = statements.bind(BOTH_WAITING, newRoot, oldRoot).executeQuery()) {
      while (rows.next()) {
        pairs.add(
            new Pair(
                rows.getLong(1),
                rows.getLong(2),
                rows.getString(3),
                rows.getString(4),
                rows.getString(5)));
      }
    }
    return pairs;
  }

  /**
   * @param values what is asked for behind patient and group
   */
  private List<Other> others(
      Statements statements, String sql, AppointmentRecord one, @Nullable Object... values)
      throws SQLException {
    PatientProfile patient = one.patient();
    String reference = patient == null ? null : patient.reference();
    List<@Nullable Object> asked = new ArrayList<>();
    asked.add(reference == null ? null : code.ofPatient(reference));
    asked.add(one.group());
    asked.addAll(Arrays.asList(values));
    List<Other> others = new ArrayList<>();
    try (ResultSet rows = statements.bind(sql, asked.toArray()).executeQuery()) {
      while (rows.next()) {
        others.add(
            new Other(
                seal.read(
                    rows.getString(1),
                    AppointmentRecord.class,
                    Place.state(one.group(), rows.getString(4))),
                rows.getLong(2)));
      }
    }
    return others;
  }
}
