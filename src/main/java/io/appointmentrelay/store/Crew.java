package io.appointmentrelay.store;

import java.security.SecureRandom;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The processes that work on one store. Each says again and again, inside its own transactions,
 * that it lives; who has not said so for a while is gone, and the others take its work over. In a
 * store for one process there is nobody else.
 *
 * <p>The division of work is good manners, so that two do not do the same at once. What keeps order
 * and keeps a delivery from being sent twice are the conditions in the transactions themselves.
 */
final class Crew {

  /** Who has not said for so long that it lives is gone. */
  static final long LIVES_MILLIS = 5_000;

  private static final long SAYS_SO_MILLIS = 1_000;

  /**
   * Who has been cut off from the store, as all are when its server restarts, takes nothing over
   * until those who were cut off too have had the time to say that they live.
   */
  private static final long LISTENS_MILLIS = LIVES_MILLIS + 1_000;

  /** The database's clock: those of several machines may differ. */
  private static final String NOW = "CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)";

  static final String LIVING = "(SELECT id FROM process WHERE lives_until > " + NOW + ")";

  private static final SecureRandom RANDOM = new SecureRandom();

  /**
   * Which part of the work is this process's.
   *
   * @param members how many processes share it
   * @param index from 0
   */
  record Place(int members, int index) {
    static final Place ALONE = new Place(1, 0);
  }

  private final @Nullable Long id;
  private volatile Place place = Place.ALONE;
  private volatile long heardSince = millis();
  private long said = Long.MIN_VALUE / 2;
  private volatile boolean works;
  private long begun;
  private @Nullable Place found;

  Crew(boolean shared) {
    this.id = shared ? RANDOM.nextLong() : null;
  }

  /** Not the time of day, which may jump. */
  private static long millis() {
    return System.nanoTime() / 1_000_000;
  }

  /** From now on a part of the work is this process's. */
  void work() {
    works = true;
  }

  boolean isShared() {
    return id != null;
  }

  /** What claims of this process are marked with; absent: there is no other. */
  @Nullable Long id() {
    return id;
  }

  Place place() {
    return place;
  }

  /** Whether this process has listened long enough to say that another is gone. */
  boolean knowsWhoLives() {
    return millis() - heardSince > LISTENS_MILLIS;
  }

  /** At the beginning of a transaction, now and then: this process lives. */
  void begin(Statements statements) throws SQLException {
    found = null;
    begun = millis();
    if (id != null && works && begun - said >= SAYS_SO_MILLIS) {
      say(statements, id);
    }
  }

  /** Before the commit: one that took long says it again, so that what it claims is not taken. */
  void end(Statements statements) throws SQLException {
    if (id != null && works && millis() - begun >= SAYS_SO_MILLIS) {
      say(statements, id);
    }
  }

  private void say(Statements statements, Long own) throws SQLException {
    statements.update(
        "INSERT INTO process (id, lives_until) VALUES (?, "
            + NOW
            + " + ?) ON CONFLICT (id) DO UPDATE SET lives_until = excluded.lives_until",
        own,
        LIVES_MILLIS);
    List<Long> living = new ArrayList<>();
    try (ResultSet rows =
        statements
            .bind("SELECT id FROM process WHERE id IN " + LIVING + " ORDER BY id")
            .executeQuery()) {
      while (rows.next()) {
        living.add(rows.getLong(1));
      }
    }
    found = new Place(living.size(), living.indexOf(own));
  }

  /** The transaction was committed: what it said is heard. */
  void committed() {
    Place heard = found;
    if (heard == null) {
      return;
    }
    long now = millis();
    if (now - said > LIVES_MILLIS) {
      heardSince = now;
    }
    said = now;
    place = heard;
    found = null;
  }

  /** This process ends: the others need not wait. */
  boolean leave(Statements statements) throws SQLException {
    if (id != null) {
      statements.update(
          "DELETE FROM process WHERE id = ? OR lives_until < " + NOW + " - ?", id, 3_600_000L);
    }
    return true;
  }
}
