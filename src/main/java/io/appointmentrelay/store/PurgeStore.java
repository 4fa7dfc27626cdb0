package io.appointmentrelay.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Takes away what has been kept long enough, in small transactions beside a relay that works. Rows,
 * their statuses and what recognises a repeat stay, so that all still adds up; what waits, is
 * parked, or belongs to a visit that is still to come is passed by, and looked at again next time.
 */
public final class PurgeStore {

  private static final int ROWS = 50;
  private static final long STEP_NANOS = TimeUnit.SECONDS.toNanos(2);
  private static final String DAY = "purged-on";

  /** What is gone, or would be. */
  public record Purged(long bodies, long deliveries, long appointments) {
    static final Purged NOTHING = new Purged(0, 0, 0);

    /** Both together. */
    public Purged plus(Purged other) {
      return new Purged(
          bodies + other.bodies, deliveries + other.deliveries, appointments + other.appointments);
    }
  }

  /**
   * How far it is.
   *
   * @param next where to go on; absent: it is done
   */
  public record Step(Purged purged, @Nullable String next) {}

  /** What is gone of some rows, and behind which the next begin; absent: there are no more. */
  record Portion(Purged purged, @Nullable String next) {}

  /** One kind of what is purged. */
  interface Round {
    Portion purge(Statements statements, PurgeLimits limits, boolean dry, @Nullable String after)
        throws SQLException;
  }

  private final GroupCommit commits;
  private final Readers readers;
  private final Database database;
  private final List<Round> rounds;

  PurgeStore(GroupCommit commits, Readers readers, Database database, Seal seal) {
    this.commits = commits;
    this.readers = readers;
    this.database = database;
    PurgeBodies bodies = new PurgeBodies(ROWS);
    PurgeDeliveries deliveries = new PurgeDeliveries(ROWS);
    PurgeVisits visits = new PurgeVisits(ROWS, new Chains(seal));
    this.rounds =
        List.of(
            bodies::again,
            bodies::next,
            deliveries::again,
            deliveries::next,
            visits::byStart,
            visits::withoutStart);
  }

  /**
   * Goes on for some seconds.
   *
   * @param dry nothing is changed: it is only counted what would be gone
   * @param after the {@code next} of the step before; absent: from the beginning
   * @throws WrongCursor if it is none
   */
  public Step step(PurgeLimits limits, boolean dry, @Nullable String after) {
    int round = 0;
    String key = null;
    if (after != null) {
      String[] columns = Cursor.columns(after, 2);
      round = (int) Cursor.number(columns[0]);
      key = columns[1].isEmpty() ? null : columns[1];
      if (round < 0 || round >= rounds.size()) {
        throw new WrongCursor();
      }
    }
    Purged purged = Purged.NOTHING;
    long until = System.nanoTime() + STEP_NANOS;
    while (round < rounds.size() && System.nanoTime() < until) {
      Portion portion = portion(rounds.get(round), limits, dry, key);
      purged = purged.plus(portion.purged());
      key = portion.next();
      round += key == null ? 1 : 0;
    }
    if (round < rounds.size()) {
      return new Step(purged, Cursor.of(round, key == null ? "" : key));
    }
    if (!dry) {
      database.forgetOverwritten();
    }
    return new Step(purged, null);
  }

  private Portion portion(Round round, PurgeLimits limits, boolean dry, @Nullable String key) {
    return commits
        .submit(
            statements -> {
              if (!dry) {
                database.overwrite(statements.connection(), true);
              }
              Portion portion = round.purge(statements, limits, dry, key);
              if (!dry) {
                database.overwrite(statements.connection(), false);
              }
              return portion;
            })
        .join();
  }

  /** The last day on which a purge was begun; empty: never. */
  public Optional<LocalDate> lastDay() {
    return readers.query(
        "SELECT value FROM installation WHERE name = ?",
        rows -> rows.next() ? Optional.of(LocalDate.parse(rows.getString(1))) : Optional.empty(),
        DAY);
  }

  /** Begins a day's purge; false: somebody has begun it already. */
  public CompletableFuture<Boolean> begin(LocalDate day) {
    return commits.submit(
        statements ->
            statements.update(
                    "INSERT INTO installation (name, value) VALUES (?, ?) ON CONFLICT (name)"
                        + " DO UPDATE SET value = excluded.value WHERE installation.value < excluded.value",
                    DAY,
                    day.toString())
                == 1);
  }

  /** How far a round has come in earlier purges. */
  static long mark(Statements statements, String kind) throws SQLException {
    try (ResultSet rows =
        statements
            .bind("SELECT value FROM installation WHERE name = ?", "purged:" + kind)
            .executeQuery()) {
      return rows.next() ? Long.parseLong(rows.getString(1)) : 0;
    }
  }

  static void mark(Statements statements, String kind, long id) throws SQLException {
    statements.update(
        "INSERT INTO installation (name, value) VALUES (?, ?)"
            + " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        "purged:" + kind,
        String.valueOf(id));
  }

  /** What was passed by, some of it. */
  static List<Long> later(Statements statements, String kind, long after, int limit)
      throws SQLException {
    List<Long> ids = new ArrayList<>();
    try (ResultSet rows =
        statements
            .bind(
                "SELECT id FROM purge_later WHERE kind = ? AND id > ? ORDER BY id LIMIT ?",
                kind,
                after,
                limit)
            .executeQuery()) {
      while (rows.next()) {
        ids.add(rows.getLong(1));
      }
    }
    return ids;
  }

  static void putOff(Statements statements, String kind, long id) throws SQLException {
    statements.update(
        "INSERT INTO purge_later (kind, id) VALUES (?, ?) ON CONFLICT DO NOTHING", kind, id);
  }

  static void putOffNoMore(Statements statements, String kind, long id) throws SQLException {
    statements.update("DELETE FROM purge_later WHERE kind = ? AND id = ?", kind, id);
  }

  static boolean exists(Statements statements, String sql, @Nullable Object... values)
      throws SQLException {
    try (ResultSet rows = statements.bind(sql, values).executeQuery()) {
      return rows.next();
    }
  }

  static long number(@Nullable String key, long otherwise) {
    return key == null ? otherwise : Cursor.number(key);
  }

  static Instant millis(long millis) {
    return Instant.ofEpochMilli(millis);
  }
}
