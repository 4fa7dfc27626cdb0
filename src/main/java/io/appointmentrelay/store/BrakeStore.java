package io.appointmentrelay.store;

import io.appointmentrelay.appointment.Delivery;
import io.appointmentrelay.appointment.Nature;
import io.appointmentrelay.appointment.Pace;
import io.appointmentrelay.appointment.Reason;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The brake: when more messages to people would leave than the pace allows, all others are held
 * until an operator releases them. It survives the process.
 *
 * <p>A message counts at its first claim, so that retries do not pull it. What was due when an
 * operator released it is let go, however much it is; what comes after counts anew.
 */
public final class BrakeStore {

  /** The window is counted in so many slices. */
  private static final int SLICES = 20;

  private static final String STATE =
      "SELECT pulled_at, released_at, released_through FROM brake WHERE id = 1";

  /**
   * How the brake is.
   *
   * @param pulled since when it holds; absent: it does not
   * @param held how many messages wait for its release
   */
  public record Status(@Nullable Instant pulled, long held) {
    public boolean isPulled() {
      return pulled != null;
    }
  }

  private record State(boolean pulled, long releasedAt, long releasedThrough) {
    static final State NEVER = new State(false, Long.MIN_VALUE, 0);

    /** An operator has seen it wait, and let it go. */
    boolean hasLetGo(Delivery delivery) {
      return delivery.id() <= releasedThrough && delivery.planned().toEpochMilli() <= releasedAt;
    }

    boolean holds(Delivery delivery) {
      return pulled && !hasLetGo(delivery);
    }
  }

  private final GroupCommit commits;
  private final Readers readers;

  BrakeStore(GroupCommit commits, Readers readers) {
    this.commits = commits;
    this.readers = readers;
  }

  /** Whether this message to a person is held now. */
  public boolean holds(Delivery delivery) {
    return readers.query(STATE, BrakeStore::state).holds(delivery);
  }

  /** How the brake is now. */
  public Status status() {
    Optional<Instant> pulled =
        readers.query(
            "SELECT pulled_at FROM brake WHERE pulled_at IS NOT NULL",
            rows ->
                rows.next()
                    ? Optional.of(Instant.ofEpochMilli(rows.getLong(1)))
                    : Optional.empty());
    if (pulled.isEmpty()) {
      return new Status(null, 0);
    }
    long held =
        readers.query(
            "SELECT COUNT(*) FROM delivery WHERE status = 'planned' AND reason = ?",
            rows -> rows.next() ? rows.getLong(1) : 0L,
            Reason.BRAKE.words());
    return new Status(pulled.get(), held);
  }

  /** An operator's release: what is held is due now; false: nothing was held. */
  public CompletableFuture<Boolean> release(Instant now) {
    return commits.submit(
        statements -> {
          int released =
              statements.update(
                  "UPDATE brake SET pulled_at = NULL, released_at = ?,"
                      + " released_through = (SELECT COALESCE(MAX(id), 0) FROM delivery) WHERE pulled_at IS NOT NULL",
                  now);
          if (released == 1) {
            statements.update("DELETE FROM pace");
            statements.update(
                "UPDATE delivery SET due = ? WHERE status = 'planned' AND reason = ?",
                now,
                Reason.BRAKE.words());
          }
          return released == 1;
        });
  }

  /** Whether a message may not be claimed; the one that is too many pulls the brake. */
  static boolean isHeld(Statements statements, Delivery delivery, Pace pace, Instant now)
      throws SQLException {
    State state = state(statements);
    if (!counts(delivery, state)) {
      return state.holds(delivery);
    }
    if (state.pulled()) {
      return true;
    }
    if (claimed(statements, pace, now) < pace.messages()) {
      return false;
    }
    statements.update(
        "INSERT INTO brake (id, pulled_at, released_at, released_through) VALUES (1, ?, NULL, 0)"
            + " ON CONFLICT (id) DO UPDATE SET pulled_at = excluded.pulled_at",
        now);
    return true;
  }

  /** Counts a message that was claimed. */
  static void count(Statements statements, Delivery delivery, Pace pace, Instant now)
      throws SQLException {
    if (!counts(delivery, state(statements))) {
      return;
    }
    long millis = now.toEpochMilli();
    long slice = Math.max(1, pace.window().toMillis() / SLICES);
    statements.update(
        "INSERT INTO pace (since, messages) VALUES (?, 1)"
            + " ON CONFLICT (since) DO UPDATE SET messages = pace.messages + 1",
        millis - Math.floorMod(millis, slice));
    statements.update("DELETE FROM pace WHERE since <= ?", now.minus(pace.window()));
  }

  /** A first claim that was given back, say at an end, is claimed and counted once more. */
  static void countBack(Statements statements, Delivery claimed) throws SQLException {
    if (claimed.nature() != Nature.EVENT && claimed.attempts() == 1) {
      statements.update(
          "UPDATE pace SET messages = messages - 1 WHERE messages > 0"
              + " AND since = (SELECT MAX(since) FROM pace)");
    }
  }

  private static boolean counts(Delivery delivery, State state) {
    return delivery.attempts() == 0 && !state.hasLetGo(delivery);
  }

  private static int claimed(Statements statements, Pace pace, Instant now) throws SQLException {
    try (ResultSet rows =
        statements
            .bind(
                "SELECT COALESCE(SUM(messages), 0) FROM pace WHERE since > ? AND since <= ?",
                now.minus(pace.window()),
                now)
            .executeQuery()) {
      rows.next();
      return rows.getInt(1);
    }
  }

  private static State state(Statements statements) throws SQLException {
    try (ResultSet rows = statements.bind(STATE).executeQuery()) {
      return state(rows);
    }
  }

  private static State state(ResultSet rows) throws SQLException {
    if (!rows.next()) {
      return State.NEVER;
    }
    rows.getLong(1);
    boolean pulled = !rows.wasNull();
    long releasedAt = rows.getLong(2);
    return new State(pulled, rows.wasNull() ? Long.MIN_VALUE : releasedAt, rows.getLong(3));
  }
}
