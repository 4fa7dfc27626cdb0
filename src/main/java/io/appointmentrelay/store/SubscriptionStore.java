package io.appointmentrelay.store;

import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

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
                    + " ON CONFLICT (source) DO UPDATE SET until = MAX(until, excluded.until)",
                source,
                until));
  }
}
