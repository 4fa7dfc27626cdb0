package io.appointmentrelay.store;

import io.appointmentrelay.store.Resealing.Found;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Seals everything with the key that writes, step by step, beside a relay that works: a value is
 * replaced only while it is still the one that was read, and everything new is sealed with that key
 * anyway. It may stop anywhere, and begins again with what is left.
 */
public final class KeyRotation {

  private static final long STEP_NANOS = TimeUnit.SECONDS.toNanos(2);

  private final GroupCommit commits;
  private final Database database;
  private final Seal seal;
  private final List<Resealing> tables;

  KeyRotation(GroupCommit commits, Readers readers, Database database) {
    this.commits = commits;
    this.database = database;
    this.seal = database.seal();
    this.tables = Resealing.all(readers, seal);
  }

  /**
   * How far it is.
   *
   * @param table where it is
   * @param looked how many rows this step looked at
   * @param sealed how many values this step sealed
   * @param left how many values are not sealed with the key that writes; only at the end
   * @param others how many relays on this store write with another key; only at the end
   * @param next where to go on; absent: it is done
   */
  public record Step(
      String key,
      String table,
      long looked,
      long sealed,
      long left,
      int others,
      @Nullable String next) {}

  /** Whether there is a key to seal with. */
  public boolean isPossible() {
    return seal.writesWith() != null;
  }

  /** Rewrites the store without what was in clear before; not beside a relay that works. */
  public void compact() {
    database.compact();
  }

  /**
   * Goes on for some seconds.
   *
   * @param after the {@code next} of the step before; absent: from the beginning
   * @throws WrongCursor if it is none
   */
  public Step step(@Nullable String after) {
    At at = after == null ? new At(0, 0, null) : At.of(after, 2 * tables.size());
    long until = System.nanoTime() + STEP_NANOS;
    long looked = 0;
    long sealed = 0;
    while (at.round() < tables.size() && System.nanoTime() < until) {
      List<Found> page = tables.get(at.round()).page(at.key());
      looked += page.size();
      sealed += write(page);
      at = page.isEmpty() ? at.nextRound(0) : at.behind(page.get(page.size() - 1).key());
    }
    if (at.round() >= tables.size()) {
      // Counting a table may take long, so that it is a step of its own.
      at = at.nextRound(tables.get(at.round() - tables.size()).left());
    }
    String table = tables.get(at.round() % tables.size()).table();
    if (at.round() < 2 * tables.size()) {
      return new Step(id(), table, looked, sealed, 0, 0, at.written());
    }
    int others = finish(at.left());
    return new Step(id(), table, looked, sealed, at.left(), others, null);
  }

  /**
   * Where it goes on: in the first rounds values are sealed, in the second those are counted that
   * are left.
   */
  private record At(int round, long left, @Nullable String key) {
    static At of(String cursor, int rounds) {
      String[] columns = Cursor.columns(cursor, 3);
      long round = Cursor.number(columns[0]);
      long left = Cursor.number(columns[1]);
      if (round < 0 || round >= rounds || left < 0) {
        throw new WrongCursor();
      }
      return new At((int) round, left, columns[2].isEmpty() ? null : columns[2]);
    }

    At behind(String row) {
      return new At(round, left, row);
    }

    At nextRound(long more) {
      return new At(round + 1, left + more, null);
    }

    String written() {
      return Cursor.of(round, left, key == null ? "" : key);
    }
  }

  private String id() {
    return String.valueOf(seal.writesWith());
  }

  private long write(List<Found> page) {
    List<Found> stale = page.stream().filter(found -> !found.changes().isEmpty()).toList();
    if (stale.isEmpty()) {
      return 0;
    }
    return commits
        .submit(
            statements -> {
              database.overwrite(statements.connection(), true);
              long written = 0;
              for (Found found : stale) {
                for (Resealing.Change change : found.changes()) {
                  written += statements.update(change.sql(), change.values().toArray());
                }
              }
              database.overwrite(statements.connection(), false);
              return written;
            })
        .join();
  }

  /**
   * The other keys are needed no more when nothing is left that they sealed, and nobody seals with
   * them any more.
   *
   * @return how many still do
   */
  private int finish(long left) {
    int others =
        commits
            .submit(
                statements -> {
                  int found = commits.crew().sealOtherwise(statements);
                  if (left == 0 && found == 0) {
                    statements.update(
                        "DELETE FROM installation WHERE name LIKE 'key:%' AND name <> ?",
                        Installation.SEALED_WITH + id());
                  }
                  return found;
                })
            .join();
    database.forgetOverwritten();
    return others;
  }
}
