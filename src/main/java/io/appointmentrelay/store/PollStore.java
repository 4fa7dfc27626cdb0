package io.appointmentrelay.store;

import io.appointmentrelay.appointment.AppointmentRecord;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** How far the sources that are asked have been asked, and by which process. */
public final class PollStore {

  private static final String SELECT =
      "SELECT source, first_at, begun_at, ended_at, trouble, compared_at, next_day FROM poll";

  private final GroupCommit commits;
  private final Readers readers;
  private final Seal seal;
  private final Crew crew;

  PollStore(GroupCommit commits, Readers readers, Seal seal) {
    this.seal = seal;
    this.commits = commits;
    this.readers = readers;
    this.crew = commits.crew();
  }

  /**
   * The state of a source's polls.
   *
   * @param firstAt when it was first polled
   * @param begunAt when the last poll began: what a poll under way is known by
   * @param endedAt when a poll last came to its end
   * @param trouble why the last one did not
   * @param comparedAt when all visits of the window were last compared
   * @param nextDay where a comparison goes on that is under way
   */
  public record Poll(
      String source,
      Instant firstAt,
      Instant begunAt,
      @Nullable Instant endedAt,
      @Nullable String trouble,
      @Nullable Instant comparedAt,
      @Nullable LocalDate nextDay) {}

  /**
   * A poll begins, if none is under way and none began more recently; so of several processes one
   * polls.
   */
  public CompletableFuture<Optional<Poll>> begin(String source, Instant now, Duration atLeast) {
    return commits.submit(
        statements -> {
          int begun =
              statements.update(
                  "INSERT INTO poll (source, first_at, begun_at, holder) VALUES (?, ?, ?, ?)"
                      + " ON CONFLICT (source) DO NOTHING",
                  source,
                  now,
                  now,
                  crew.id());
          if (begun == 0) {
            begun =
                statements.update(
                    "UPDATE poll SET begun_at = ?, holder = ? WHERE source = ? AND begun_at <= ? AND "
                        + free(crew),
                    now,
                    crew.id(),
                    source,
                    now.minus(atLeast));
          }
          return begun == 0 ? Optional.empty() : read(statements, source);
        });
  }

  /** Nobody holds it, or who is gone; this process sees to it itself that it does it once. */
  static String free(Crew crew) {
    return crew.isShared()
        ? "(holder IS NULL OR holder = " + crew.id() + " OR holder NOT IN " + Crew.LIVING + ")"
        : "1 = 1";
  }

  private static Optional<Poll> read(Statements statements, String source) throws SQLException {
    try (ResultSet rows = statements.bind(SELECT + " WHERE source = ?", source).executeQuery()) {
      return polls(rows).stream().findFirst();
    }
  }

  private static List<Poll> polls(ResultSet rows) throws SQLException {
    List<Poll> polls = new ArrayList<>();
    while (rows.next()) {
      long nextDay = rows.getLong(7);
      LocalDate day = rows.wasNull() ? null : LocalDate.ofEpochDay(nextDay);
      polls.add(
          new Poll(
              rows.getString(1),
              Instant.ofEpochMilli(rows.getLong(2)),
              Instant.ofEpochMilli(rows.getLong(3)),
              instant(rows, 4),
              rows.getString(5),
              instant(rows, 6),
              day));
    }
    return polls;
  }

  static @Nullable Instant instant(ResultSet rows, int column) throws SQLException {
    long millis = rows.getLong(column);
    return rows.wasNull() ? null : Instant.ofEpochMilli(millis);
  }

  /** All sources that were ever polled. */
  public List<Poll> all() {
    return readers.query(SELECT + " ORDER BY source", PollStore::polls);
  }

  /** A comparison of all visits has come so far. */
  public CompletableFuture<?> comesTo(Poll poll, LocalDate nextDay) {
    return commits.submit(
        statements ->
            statements.update(
                "UPDATE poll SET next_day = ? WHERE source = ? AND begun_at = ?",
                nextDay.toEpochDay(),
                poll.source(),
                poll.begunAt()));
  }

  /** All visits of the window were compared. */
  public CompletableFuture<?> compared(Poll poll, Instant now) {
    return commits.submit(
        statements ->
            statements.update(
                "UPDATE poll SET next_day = NULL, compared_at = ? WHERE source = ? AND begun_at = ?",
                now,
                poll.source(),
                poll.begunAt()));
  }

  /** The poll came to its end. */
  public CompletableFuture<?> ended(Poll poll, Instant now) {
    return commits.submit(
        statements ->
            statements.update(
                "UPDATE poll SET holder = NULL, ended_at = ?, trouble = NULL WHERE source = ? AND begun_at = ?",
                now,
                poll.source(),
                poll.begunAt()));
  }

  /** The poll was broken off. */
  public CompletableFuture<?> brokenOff(Poll poll, String trouble) {
    return commits.submit(
        statements ->
            statements.update(
                "UPDATE poll SET holder = NULL, trouble = ? WHERE source = ? AND begun_at = ?",
                trouble,
                poll.source(),
                poll.begunAt()));
  }

  /** Visits known to take place in a time, of a group, by start; at most so many. */
  public List<AppointmentRecord> known(String group, Instant from, Instant to, int most) {
    return readers.query(
        "SELECT state, identifier FROM appointment WHERE feed_group = ? AND starts_at >= ? AND starts_at < ?"
            + " AND state IS NOT NULL"
            + " ORDER BY starts_at, id LIMIT ?",
        rows -> {
          List<AppointmentRecord> known = new ArrayList<>();
          while (rows.next()) {
            known.add(
                seal.read(
                    rows.getString(1),
                    AppointmentRecord.class,
                    Place.state(group, rows.getString(2))));
          }
          return known;
        },
        group,
        from,
        to,
        most);
  }
}
