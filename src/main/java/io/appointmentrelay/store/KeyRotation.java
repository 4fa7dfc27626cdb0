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
   * @param next where to go on; absent: it is done
   */
  public record Step(
      String key, String table, long looked, long sealed, long left, @Nullable String next) {}

  /** Whether there is a key to seal with. */
  public boolean isPossible() {
    return seal.writesWith() != null;
  }

  /**
   * Goes on for some seconds.
   *
   * @param after the {@code next} of the step before; absent: from the beginning
   * @throws WrongCursor if it is none
   */
  public Step step(@Nullable String after) {
    int table = 0;
    String key = null;
    if (after != null) {
      String[] columns = Cursor.columns(after, 2);
      table = (int) Cursor.number(columns[0]);
      key = columns[1].isEmpty() ? null : columns[1];
      if (table < 0 || table >= tables.size()) {
        throw new WrongCursor();
      }
    }
    long until = System.nanoTime() + STEP_NANOS;
    long looked = 0;
    long sealed = 0;
    while (table < tables.size() && System.nanoTime() < until) {
      List<Found> page = tables.get(table).page(key);
      looked += page.size();
      sealed += write(page);
      boolean isLast = page.isEmpty();
      key = isLast ? null : page.get(page.size() - 1).key();
      table += isLast ? 1 : 0;
    }
    return table < tables.size()
        ? new Step(id(), tables.get(table).table(), looked, sealed, 0, next(table, key))
        : new Step(id(), "all", looked, sealed, finish(), null);
  }

  private static String next(int table, @Nullable String key) {
    return Cursor.of(table, key == null ? "" : key);
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

  /** The other keys are needed no more when nothing is left that they sealed. */
  private long finish() {
    long left = tables.stream().mapToLong(Resealing::left).sum();
    if (left == 0) {
      commits
          .submit(
              statements ->
                  statements.update(
                      "DELETE FROM installation WHERE name LIKE 'key:%' AND name <> ?",
                      Installation.SEALED_WITH + id()))
          .join();
    }
    database.forgetOverwritten();
    return left;
  }
}
