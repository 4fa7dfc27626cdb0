package io.appointmentrelay.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** How far what subscriptions tell is known. */
public final class SubscriptionStore {

  private final GroupCommit commits;
  private final Readers readers;

  SubscriptionStore(GroupCommit commits, Readers readers) {
    this.commits = commits;
    this.readers = readers;
  }

  /** Up to when, by the server's clock, a source's changes were searched; empty: never. */
  public Optional<Instant> searchedUntil(String source) {
    return readers.query(
        "SELECT until FROM searched WHERE source = ?",
        rows -> rows.next() ? Optional.of(Instant.ofEpochMilli(rows.getLong(1))) : Optional.empty(),
        source);
  }

  /** Searches have come so far; an earlier time changes nothing. */
  public CompletableFuture<?> searchedUntil(String source, Instant until) {
    return commits.submit(
        statements ->
            statements.update(
                "INSERT INTO searched (source, until) VALUES (?, ?)"
                    + " ON CONFLICT (source) DO UPDATE SET until = excluded.until WHERE searched.until < excluded.until",
                source,
                until));
  }

  /**
   * Events of a subscription that have not come though later ones have.
   *
   * @param beforeAt when the event before them came
   * @param askedAt since when they are asked for; absent: they are waited for
   */
  public record Gap(
      long id,
      String source,
      String subscription,
      long first,
      long last,
      Instant beforeAt,
      Instant openedAt,
      @Nullable Instant askedAt) {}

  /** The gaps that are open, the oldest first. */
  public List<Gap> openGaps() {
    return readers.query(
        "SELECT id, source, subscription, first, last, before_at, opened_at, asked_at FROM event_gap"
            + " WHERE closed_at IS NULL ORDER BY id LIMIT 1000",
        SubscriptionStore::gaps);
  }

  private static List<Gap> gaps(ResultSet rows) throws SQLException {
    List<Gap> gaps = new ArrayList<>();
    while (rows.next()) {
      long asked = rows.getLong(8);
      Instant askedAt = rows.wasNull() ? null : Instant.ofEpochMilli(asked);
      gaps.add(
          new Gap(
              rows.getLong(1),
              rows.getString(2),
              rows.getString(3),
              rows.getLong(4),
              rows.getLong(5),
              Instant.ofEpochMilli(rows.getLong(6)),
              Instant.ofEpochMilli(rows.getLong(7)),
              askedAt));
    }
    return gaps;
  }

  /** How many gaps a source has had and has closed. */
  public long closedGaps(String source) {
    return readers.query(
        "SELECT COUNT(*) FROM event_gap WHERE closed_at IS NOT NULL AND source = ?",
        rows -> rows.next() ? rows.getLong(1) : 0L,
        source);
  }

  /** From now on what closes the gap was asked for. */
  public CompletableFuture<?> asked(Gap gap, Instant now) {
    return commits.submit(
        statements ->
            statements.update(
                "UPDATE event_gap SET asked_at = ? WHERE id = ? AND asked_at IS NULL",
                now,
                gap.id()));
  }

  /** The gap is done with, if it is open still; its events count as here. */
  public CompletableFuture<Boolean> close(Gap gap, String how, Instant now) {
    return commits.submit(
        statements -> {
          int closed =
              statements.update(
                  "UPDATE event_gap SET closed_at = ?, how = ? WHERE id = ? AND closed_at IS NULL",
                  now,
                  how,
                  gap.id());
          if (closed == 1) {
            NumberWrites.fill(
                statements, gap.source(), gap.subscription(), gap.first(), gap.last(), now);
          }
          return closed == 1;
        });
  }
}
