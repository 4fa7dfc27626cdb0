package io.appointmentrelay.store;

import java.security.SecureRandom;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The processes that work on one store. Each says again and again, inside its own transactions,
 * that it lives; who has not said so for a while is gone, and the others take its work over. In a
 * store for one process there is nobody else.
 *
 * <p>The division of work is good manners, so that two do not do the same at once. What keeps order
 * and keeps a delivery from being sent twice are the conditions in the transactions themselves.
 */
final class Crew {

  private static final Logger LOG = LoggerFactory.getLogger(Crew.class);

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

  private static final String KEYS_BETWEEN = ",";

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
  private final Seal seal;
  private final Seldom complaint = new Seldom();
  private volatile Place place = Place.ALONE;
  private volatile long heardSince = millis();
  private long said = Long.MIN_VALUE / 2;
  private volatile boolean works;
  private long begun;
  private @Nullable Place found;

  Crew(boolean shared, Seal seal) {
    this.seal = seal;
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
        "INSERT INTO process (id, lives_until, keys) VALUES (?, "
            + NOW
            + " + ?, ?) ON CONFLICT (id) DO UPDATE SET lives_until = excluded.lives_until, keys = excluded.keys",
        own,
        LIVES_MILLIS,
        String.join(KEYS_BETWEEN, seal.ids()));
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
    for (List<String> keys : keysOfOthers(statements)) {
      if (!keys.isEmpty() && !seal.ids().contains(keys.get(0)) && complaint.now()) {
        // Kept apart at the start; who stood still for longer than it is said to live comes here.
        LOG.error(
            "Another relay seals with a key that is not in relay.store.key here: {}. What it has sealed waits; add it behind"
                + " the others (id:key), and start anew",
            keys.get(0));
      }
    }
  }

  /** Of each other process that lives the keys it has, the one that it writes with first. */
  private List<List<String>> keysOfOthers(Statements statements) throws SQLException {
    List<List<String>> others = new ArrayList<>();
    try (ResultSet rows =
        statements
            .bind("SELECT keys FROM process WHERE id <> ? AND id IN " + LIVING, id)
            .executeQuery()) {
      while (rows.next()) {
        String keys = rows.getString(1);
        others.add(keys.isEmpty() ? List.of() : List.of(keys.split(KEYS_BETWEEN, -1)));
      }
    }
    return others;
  }

  /**
   * How many other processes cannot read what this one seals, or seal what it cannot read.
   *
   * @return 0 also in a store for one process
   */
  int cannotReadEachOther(Statements statements) throws SQLException {
    if (id == null) {
      return 0;
    }
    Set<String> ours = seal.ids();
    String writes = seal.writesWith();
    int apart = 0;
    for (List<String> keys : keysOfOthers(statements)) {
      boolean theyRead = writes == null || keys.contains(writes);
      boolean weRead = keys.isEmpty() || ours.contains(keys.get(0));
      apart += theyRead && weRead ? 0 : 1;
    }
    return apart;
  }

  /** How many other processes do not seal with the key of this one. */
  int sealOtherwise(Statements statements) throws SQLException {
    int others = 0;
    if (id != null) {
      for (List<String> keys : keysOfOthers(statements)) {
        others += !keys.isEmpty() && keys.get(0).equals(seal.writesWith()) ? 0 : 1;
      }
    }
    return others;
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
