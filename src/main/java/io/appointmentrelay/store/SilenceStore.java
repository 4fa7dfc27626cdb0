package io.appointmentrelay.store;

import io.appointmentrelay.appointment.UsualHours;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** How much sources usually say, when they fell silent, and who was told of it. */
public final class SilenceStore {

  private static final String SELECT =
      "SELECT id, source, since, noticed_at, ended_at, silent_told_at, heard_told_at, tries FROM silence ";

  private final GroupCommit commits;
  private final Readers readers;

  SilenceStore(GroupCommit commits, Readers readers) {
    this.commits = commits;
    this.readers = readers;
  }

  /** A source has said so much in an hour, beside what is known of that hour. */
  public record Heard(String source, long messages, Instant lastAt) {}

  /**
   * A silence out of the usual.
   *
   * @param since when the source was last heard
   * @param endedAt when it was heard again; absent: it is silent still
   */
  public record Silence(
      long id,
      String source,
      Instant since,
      Instant noticedAt,
      @Nullable Instant endedAt,
      @Nullable Instant silentToldAt,
      @Nullable Instant heardToldAt,
      int tries) {}

  /** Adds to what sources were heard to say. */
  public CompletableFuture<?> heard(List<Heard> more) {
    return commits.submit(
        statements -> {
          for (Heard heard : more) {
            statements.update(
                "INSERT INTO heard (source, hour, messages, last_at) VALUES (?, ?, ?, ?)"
                    + " ON CONFLICT (source, hour) DO UPDATE SET messages = heard.messages + excluded.messages,"
                    + " last_at = CASE WHEN excluded.last_at > heard.last_at THEN excluded.last_at ELSE heard.last_at END",
                heard.source(),
                UsualHours.hour(heard.lastAt()),
                heard.messages(),
                heard.lastAt());
          }
          return true;
        });
  }

  /** What a source has said, by hours since 1970, from an hour on. */
  public Map<Long, Long> heardSince(String source, long hour) {
    return readers.query(
        "SELECT hour, messages FROM heard WHERE source = ? AND hour >= ? ORDER BY hour",
        rows -> {
          Map<Long, Long> heard = new TreeMap<>();
          while (rows.next()) {
            heard.put(rows.getLong(1), rows.getLong(2));
          }
          return heard;
        },
        source,
        hour);
  }

  /** When a source was last heard; empty: never. */
  public Optional<Instant> lastHeard(String source) {
    return readers.query(
        "SELECT last_at FROM heard WHERE source = ? ORDER BY hour DESC LIMIT 1",
        SilenceStore::time,
        source);
  }

  /** The hour in which a source was first heard, as far as is remembered; empty: never. */
  public Optional<Instant> firstHeard(String source) {
    return readers.query(
        "SELECT hour * 3600000 FROM heard WHERE source = ? ORDER BY hour LIMIT 1",
        SilenceStore::time,
        source);
  }

  private static Optional<Instant> time(ResultSet rows) throws SQLException {
    return rows.next() ? Optional.of(Instant.ofEpochMilli(rows.getLong(1))) : Optional.empty();
  }

  /** The silences that last, of all sources. */
  public List<Silence> lasting() {
    return readers.query(
        SELECT + "WHERE heard_told_at IS NULL AND ended_at IS NULL ORDER BY id",
        SilenceStore::silences);
  }

  /** A source is silent, unless it is known to be; true: it was not. */
  public CompletableFuture<Boolean> begins(String source, Instant since, Instant now) {
    return commits.submit(
        statements ->
            statements.update(
                    "INSERT INTO silence (source, since, noticed_at, due) SELECT ?, CAST(? AS BIGINT), CAST(? AS BIGINT),"
                        + " CAST(? AS BIGINT) WHERE NOT EXISTS"
                        + " (SELECT 1 FROM silence WHERE source = ? AND ended_at IS NULL)",
                    source,
                    since,
                    now,
                    now,
                    source)
                == 1);
  }

  /** It was heard again, or is not listened to any more; true: it was silent until then. */
  public CompletableFuture<Boolean> ends(Silence silence, Instant now) {
    return commits.submit(
        statements ->
            statements.update(
                    "UPDATE silence SET ended_at = ?, due = ? WHERE id = ? AND ended_at IS NULL",
                    now,
                    now,
                    silence.id())
                == 1);
  }

  /** Whether there is anything to tell. */
  public boolean anyToTell(Instant now) {
    return readers.query(
        "SELECT 1 FROM silence WHERE heard_told_at IS NULL"
            + " AND (silent_told_at IS NULL OR ended_at IS NOT NULL) AND due <= ? LIMIT 1",
        ResultSet::next,
        now);
  }

  /**
   * Takes the oldest that is to be told; for so long no other process does. Empty: there is none.
   *
   * @param until when it is tried again if nobody says how it went
   */
  public CompletableFuture<Optional<Silence>> takeToTell(Instant now, Instant until) {
    return commits.submit(
        statements -> {
          Optional<Silence> next;
          try (ResultSet rows =
              statements
                  .bind(
                      SELECT
                          + "WHERE heard_told_at IS NULL"
                          + " AND (silent_told_at IS NULL OR ended_at IS NOT NULL) AND due <= ?"
                          + " ORDER BY id LIMIT 1",
                      now)
                  .executeQuery()) {
            next = silences(rows).stream().findFirst();
          }
          if (next.isPresent()) {
            statements.update(
                "UPDATE silence SET due = ?, tries = tries + 1 WHERE id = ?",
                until,
                next.get().id());
          }
          return next;
        });
  }

  /** What was taken was told: that it began, or that it ended. */
  public CompletableFuture<?> told(Silence silence, Instant now) {
    String column = silence.silentToldAt() == null ? "silent_told_at" : "heard_told_at";
    return commits.submit(
        statements ->
            statements.update(
                "UPDATE silence SET " + column + " = ?, due = ?, tries = 0 WHERE id = ?",
                now,
                now,
                silence.id()));
  }

  /** What was taken could not be told; it is tried again then. */
  public CompletableFuture<?> waits(Silence silence, Instant until) {
    return commits.submit(
        statements ->
            statements.update("UPDATE silence SET due = ? WHERE id = ?", until, silence.id()));
  }

  /** Forgets what is too old to say what is usual, but for the first there was. */
  public CompletableFuture<Integer> forget(long beforeHour) {
    return commits.submit(
        statements ->
            statements.update(
                "DELETE FROM heard WHERE hour < ? AND hour >"
                    + " (SELECT MIN(f.hour) FROM heard f WHERE f.source = heard.source)",
                beforeHour));
  }

  private static List<Silence> silences(ResultSet rows) throws SQLException {
    List<Silence> silences = new ArrayList<>();
    while (rows.next()) {
      silences.add(
          new Silence(
              rows.getLong(1),
              rows.getString(2),
              Instant.ofEpochMilli(rows.getLong(3)),
              Instant.ofEpochMilli(rows.getLong(4)),
              PollStore.instant(rows, 5),
              PollStore.instant(rows, 6),
              PollStore.instant(rows, 7),
              rows.getInt(8)));
    }
    return silences;
  }
}
