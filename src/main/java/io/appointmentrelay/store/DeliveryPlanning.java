package io.appointmentrelay.store;

import io.appointmentrelay.appointment.AppointmentEvent;
import io.appointmentrelay.appointment.AppointmentRecord;
import io.appointmentrelay.appointment.Audience;
import io.appointmentrelay.appointment.Delivery;
import io.appointmentrelay.appointment.EventKind;
import io.appointmentrelay.appointment.Nature;
import io.appointmentrelay.appointment.PlannedDelivery;
import io.appointmentrelay.appointment.Reason;
import io.appointmentrelay.appointment.Told;
import io.appointmentrelay.appointment.Why;
import io.appointmentrelay.store.Planned.Unsaid;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Plans deliveries for a new version of an appointment and supersedes those that the version has
 * overtaken.
 */
final class DeliveryPlanning {

  // Below, "channel || ''" keeps the database from looking among all deliveries of the channel
  // instead of the few of
  // the root: what is planned may be millions.

  private static final String SAME_MESSAGE =
      "SELECT 1 FROM delivery WHERE root = ? AND text = ? AND channel || '' = ? AND audience = ? AND starts_at = ? AND start_offset = ?";

  /** What was in flight at a crash and then overtaken may have arrived: it is not said again. */
  private static final String ALREADY_WENT =
      SAME_MESSAGE
          + " AND (status IN ('planned', 'sending', 'uncertain', 'sent') OR status = 'superseded' AND interrupted = 1)";

  private static final String PENDING = SAME_MESSAGE + " AND status = 'planned'";

  /** Pending news is put off by newer news so often at most. */
  private static final int WAITS_AT_MOST = 5;

  /** When the first of the news that one after another took each other's place was due. */
  private static final String OVERTAKEN_SINCE =
      "SELECT MIN(planned) FROM delivery WHERE root = ? AND channel || '' = ? AND audience = ? AND nature = 'NEWS'"
          + " AND status = 'superseded' AND id > COALESCE((SELECT MAX(id + 0) FROM delivery WHERE root = ? AND channel || '' = ?"
          + " AND audience = ? AND nature = 'NEWS' AND status <> 'superseded'), 0)";

  private static final String NEWS_WAITS =
      "SELECT 1 FROM delivery WHERE root = ? AND channel || '' = ? AND audience = ? AND nature = 'NEWS'"
          + " AND status IN ('planned', 'sending', 'uncertain') LIMIT 1";

  private final Ids ids;
  private final Clock clock;
  private final Seal seal;

  /** Who hears on what: what each was told, and has pending, is its own. */
  private record Listener(String channel, Audience audience) {
    static Listener of(PlannedDelivery delivery) {
      return new Listener(delivery.channel(), delivery.audience());
    }

    boolean hearsNewsBy(Delivery delivery) {
      return delivery.nature() == Nature.NEWS
          && delivery.channel().equals(channel)
          && delivery.audience() == audience;
    }
  }

  DeliveryPlanning(Ids ids, Clock clock, Seal seal) {
    this.ids = ids;
    this.clock = clock;
    this.seal = seal;
  }

  /** Plans, and returns what is due at once and what is suppressed already. */
  Planned plan(
      Statements statements,
      AppointmentEvent event,
      AppointmentWrites.Stored stored,
      List<PlannedDelivery> planned,
      Prepared prepared)
      throws SQLException {
    Set<PlannedDelivery> pending =
        stored.firstEver() ? Set.of() : pending(statements, stored.root(), event.after(), planned);
    for (PlannedDelivery delivery : planned) {
      if (delivery.audience() == Audience.STAFF && delivery.nature() == Nature.NEWS) {
        presumeKnown(statements, event, stored.root(), Listener.of(delivery));
      }
    }
    if (event.kind().isChange() && !stored.firstEver()) {
      supersedePreparation(statements, stored.root(), event.kind());
    }
    AppointmentRecord replaced = event.replaced();
    if (replaced != null && event.kind().isChange()) {
      supersedeNewsOfReplaced(statements, stored);
    } else if (replaced != null) {
      supersedeAllOf(statements, replaced);
    }
    Instant now = clock.instant();
    List<Delivery> dueNow = new ArrayList<>();
    List<Unsaid> unsaid = new ArrayList<>();
    Map<Listener, Instant> newsOfThisPlan = new HashMap<>();
    for (PlannedDelivery delivery : planned) {
      boolean wentBefore =
          !stored.firstEver() && alreadyWent(statements, stored.root(), event.after(), delivery);
      if (wentBefore) {
        continue;
      }
      Listener listener = Listener.of(delivery);
      if (delivery.nature() == Nature.NEWS) {
        boolean secondOfThisPlan = newsOfThisPlan.containsKey(listener);
        if (!stored.firstEver() || secondOfThisPlan) {
          supersedeNews(statements, stored.root(), listener);
          dueNow.removeIf(listener::hearsNewsBy);
        }
      }
      Reason skipped = pending.contains(delivery) ? null : delivery.skipped();
      Instant notBefore = newsOfThisPlan.getOrDefault(listener, Instant.MIN);
      Delivery inserted =
          insert(
              statements,
              event,
              stored,
              delivery,
              prepared.payload(delivery),
              skipped,
              notBefore,
              now);
      if (inserted == null) {
        unsaid.add(new Unsaid(delivery.channel(), reasonOf(delivery)));
        continue;
      }
      if (delivery.nature() == Nature.NEWS) {
        newsOfThisPlan.put(listener, inserted.due());
      }
      if (!inserted.due().isAfter(now)) {
        dueNow.add(inserted);
      }
    }
    return new Planned(dueNow, unsaid);
  }

  /** Why it is suppressed as it is planned. */
  private static Reason reasonOf(PlannedDelivery delivery) {
    Reason skipped = delivery.skipped();
    return delivery.due() == null || skipped == null ? Reason.START_UNKNOWN : skipped;
  }

  private static void supersedePreparation(Statements statements, long root, EventKind kind)
      throws SQLException {
    String onlyBefore = kind == EventKind.CHECKED_IN ? " AND nature = 'BEFORE_START'" : "";
    statements.update(
        "UPDATE delivery SET status = 'superseded' WHERE root = ? AND status = 'planned'"
            + " AND nature IN ('BEFORE_START', 'AFTER_START')"
            + onlyBefore,
        root);
  }

  /** Whoever is replaced has nothing to say any more, on whatever channel: its successor has. */
  private static void supersedeNewsOfReplaced(
      Statements statements, AppointmentWrites.Stored successor) throws SQLException {
    statements.update(
        "UPDATE delivery SET status = 'superseded', in_flight = NULL WHERE root = ?"
            + " AND status IN ('planned', 'uncertain') AND nature = 'NEWS'"
            + " AND appointment <> ?",
        successor.root(),
        successor.id());
  }

  /**
   * What is known too late to bring a chain under one root: nobody hears more of the old number.
   */
  private static void supersedeAllOf(Statements statements, AppointmentRecord replaced)
      throws SQLException {
    statements.update(
        "UPDATE delivery SET status = 'superseded', in_flight = NULL WHERE (root, appointment) ="
            + " (SELECT a.root, a.id FROM appointment a WHERE a.feed_group = ? AND a.identifier = ?)"
            + " AND status IN ('planned', 'uncertain') AND nature <> 'EVENT'",
        replaced.group(),
        replaced.identifier());
  }

  /**
   * News is at most one pending delivery per channel and audience: the newer plan takes the older
   * one's place.
   */
  private static void supersedeNews(Statements statements, long root, Listener listener)
      throws SQLException {
    statements.update(
        "UPDATE delivery SET status = 'superseded', in_flight = NULL WHERE root = ?"
            + " AND status IN ('planned', 'uncertain') AND nature = 'NEWS'"
            + " AND channel || '' = ? AND audience = ?",
        root,
        listener.channel(),
        listener.audience().word());
  }

  /**
   * Staff have the calendar: when there is news for them and none that waits, they know what stood
   * in it until then.
   */
  private void presumeKnown(
      Statements statements, AppointmentEvent event, long root, Listener listener)
      throws SQLException {
    Told known = Told.before(event);
    String audience = listener.audience().word();
    if (known == null || newsWaits(statements, root, listener.channel(), audience)) {
      return;
    }
    statements.update(
        "INSERT INTO told (root, channel, audience, told) VALUES (?, ?, ?, ?)"
            + " ON CONFLICT (root, channel, audience) DO UPDATE SET told = excluded.told",
        root,
        listener.channel(),
        audience,
        seal.json(known, Place.TOLD));
  }

  private static boolean newsWaits(
      Statements statements, long root, String channel, String audience) throws SQLException {
    try (ResultSet rows = statements.bind(NEWS_WAITS, root, channel, audience).executeQuery()) {
      return rows.next();
    }
  }

  /**
   * Those to be skipped that wait already: they were possible in time, and only their hour is past.
   */
  private static Set<PlannedDelivery> pending(
      Statements statements, long root, AppointmentRecord record, List<PlannedDelivery> planned)
      throws SQLException {
    Set<PlannedDelivery> pending = new HashSet<>();
    for (PlannedDelivery delivery : planned) {
      if (delivery.skipped() != null && exists(statements, PENDING, root, record, delivery)) {
        pending.add(delivery);
      }
    }
    return pending;
  }

  /** What went out for this start is not repeated. */
  private static boolean alreadyWent(
      Statements statements, long root, AppointmentRecord record, PlannedDelivery delivery)
      throws SQLException {
    return delivery.nature().isPreparation()
        && exists(statements, ALREADY_WENT, root, record, delivery);
  }

  private static boolean exists(
      Statements statements,
      String sql,
      long root,
      AppointmentRecord record,
      PlannedDelivery delivery)
      throws SQLException {
    Instant start = record.details().start();
    if (start == null) {
      return false;
    }
    try (ResultSet rows =
        statements
            .bind(
                sql,
                root,
                delivery.text(),
                delivery.channel(),
                delivery.audience().word(),
                start,
                delivery.offset())
            .executeQuery()) {
      return rows.next();
    }
  }

  /**
   * @param notBefore when the news of the same plan is due: a reminder whose hour is past already
   *     would else leave first, and take for told what the news was to tell
   */
  private @Nullable Delivery insert(
      Statements statements,
      AppointmentEvent event,
      AppointmentWrites.Stored stored,
      PlannedDelivery planned,
      @Nullable String payload,
      @Nullable Reason skipped,
      Instant notBefore,
      Instant now)
      throws SQLException {
    AppointmentRecord record = event.after();
    long id = ids.nextDelivery();
    Instant wished = planned.due();
    Instant judgedBy = wished == null ? now : inTurn(statements, stored, planned, wished, now);
    boolean waitsForNews =
        skipped == null && planned.nature().isPreparation() && judgedBy.isBefore(notBefore);
    Instant due = waitsForNews ? notBefore : judgedBy;
    Reason judged = wished == null ? Reason.START_UNKNOWN : skipped;
    statements.update(
        "INSERT INTO delivery (id, appointment, root, version, event, channel, audience, nature, text, start_offset,"
            + " starts_at, planned, due, status, reason, why, planned_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        id,
        stored.id(),
        stored.root(),
        record.version(),
        event.kind().name(),
        planned.channel(),
        planned.audience().word(),
        planned.nature().name(),
        planned.text(),
        planned.offset(),
        record.details().start(),
        judgedBy,
        due,
        judged == null ? "planned" : "suppressed",
        judged == null ? null : judged.words(),
        skipped == null ? null : WhyColumn.write(List.of(late(now, skipped, due)), id, seal),
        now);
    PayloadWrites.keep(statements, id, payload);
    if (judged != null) {
      return null;
    }
    return new Delivery(
        id,
        record.group(),
        record.identifier(),
        record.root(),
        record.version(),
        event.kind(),
        planned.channel(),
        planned.audience(),
        planned.nature(),
        planned.text(),
        planned.offset(),
        record.details().start(),
        judgedBy,
        due,
        0,
        0,
        0,
        0,
        planned.payload());
  }

  private static Instant inTurn(
      Statements statements,
      AppointmentWrites.Stored stored,
      PlannedDelivery planned,
      Instant wished,
      Instant now)
      throws SQLException {
    boolean settles = planned.nature() == Nature.NEWS && !stored.firstEver() && wished.isAfter(now);
    return settles
        ? atLast(statements, stored, planned, wished, now)
        : behindEarlier(statements, stored, planned, wished);
  }

  /**
   * News that takes the place of pending news waits anew, but a visit that keeps changing is not
   * kept secret: not longer than some waits after the first of the row would have been due.
   */
  private static Instant atLast(
      Statements statements,
      AppointmentWrites.Stored stored,
      PlannedDelivery planned,
      Instant wished,
      Instant now)
      throws SQLException {
    try (ResultSet rows =
        statements
            .bind(
                OVERTAKEN_SINCE,
                stored.root(),
                planned.channel(),
                planned.audience().word(),
                stored.root(),
                planned.channel(),
                planned.audience().word())
            .executeQuery()) {
      rows.next();
      long first = rows.getLong(1);
      if (rows.wasNull()) {
        return wished;
      }
      Duration wait = Duration.between(now, wished);
      Instant last = Instant.ofEpochMilli(first).plus(wait.multipliedBy(WAITS_AT_MOST - 1));
      return !wished.isAfter(last) ? wished : last.isAfter(now) ? last : now;
    }
  }

  private static Why late(Instant now, Reason skipped, Instant due) {
    return new Why(now, "if late", skipped.words(), "would have been due " + due);
  }

  /**
   * Events to a system keep their order: a later one is never due before an earlier one that waits.
   */
  private static Instant behindEarlier(
      Statements statements,
      AppointmentWrites.Stored stored,
      PlannedDelivery planned,
      Instant wished)
      throws SQLException {
    if (planned.nature() != Nature.EVENT || stored.firstEver()) {
      return wished;
    }
    try (ResultSet rows =
        statements
            .bind(
                "SELECT MAX(due) FROM delivery WHERE root = ? AND channel || '' = ? AND nature = 'EVENT' AND status = 'planned'",
                stored.root(),
                planned.channel())
            .executeQuery()) {
      Instant latest = rows.next() ? Instant.ofEpochMilli(rows.getLong(1)) : Instant.EPOCH;
      return latest.isAfter(wished) ? latest : wished;
    }
  }
}
