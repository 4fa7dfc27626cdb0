package io.appointmentrelay.store;

import io.appointmentrelay.appointment.OptOutChoice;
import io.appointmentrelay.appointment.Purpose;
import io.appointmentrelay.appointment.ReachLimits;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * What is remembered of people by the address they are written to, which itself is not kept: only a
 * code of it, made with this installation's own key.
 */
public final class RecipientStore {

  private static final String REACHED =
      "SELECT COUNT(*) FROM reach WHERE recipient = ? AND day > ? AND delivery <> ?";

  /**
   * Somebody who does not want to be written to.
   *
   * @param recipient masked
   * @param purpose what is not wanted
   */
  public record OptOut(String recipient, String purpose, Instant since) {}

  private final GroupCommit commits;
  private final Readers readers;
  private final RecipientCode code;
  private final Seal seal;

  RecipientStore(GroupCommit commits, Readers readers, RecipientCode code, Seal seal) {
    this.commits = commits;
    this.readers = readers;
    this.code = code;
    this.seal = seal;
  }

  /**
   * Remembers that somebody does not want to be written to for a purpose; who said so before is not
   * listed twice.
   *
   * @param recipient in the one form in which it is compared
   */
  public CompletableFuture<OptOut> optOut(
      String recipient, String masked, Purpose purpose, Instant now) {
    byte[] coded = code.of(recipient);
    String sealed = seal.text(masked, Place.masked(coded));
    return commits.submit(
        statements -> {
          statements.update(
              "INSERT INTO opt_out (recipient, purpose, masked, since) VALUES (?, ?, ?, ?)"
                  + " ON CONFLICT (recipient, purpose) DO NOTHING",
              coded,
              purpose.word(),
              sealed,
              now);
          try (ResultSet rows =
              statements
                  .bind(
                      "SELECT masked, purpose, since, id, recipient FROM opt_out WHERE recipient = ? AND purpose = ?",
                      coded,
                      purpose.word())
                  .executeQuery()) {
            rows.next();
            return optOut(rows);
          }
        });
  }

  /**
   * Forgets that somebody did not want to be written to; returns how many entries are gone.
   *
   * @param purpose only this entry; absent: every entry of this recipient
   */
  public CompletableFuture<Integer> optIn(String recipient, @Nullable Purpose purpose) {
    String word = purpose == null ? null : purpose.word();
    return commits.submit(
        statements ->
            statements.update(
                "DELETE FROM opt_out WHERE recipient = ? AND (CAST(? AS TEXT) IS NULL OR purpose = ?)",
                code.of(recipient),
                word,
                word));
  }

  /** Does as somebody has chosen, inside the transaction that settles what they wrote. */
  static void choose(Statements statements, RecipientCode code, OptOutChoice choice, Instant now)
      throws SQLException {
    if (choice.out()) {
      statements.update(
          "INSERT INTO opt_out (recipient, purpose, masked, since) VALUES (?, ?, ?, ?)"
              + " ON CONFLICT (recipient, purpose) DO NOTHING",
          code.of(choice.recipient()),
          Purpose.ALL.word(),
          choice.masked(),
          now);
    } else {
      statements.update(
          "DELETE FROM opt_out WHERE recipient = ? AND purpose = ?",
          code.of(choice.recipient()),
          Purpose.ALL.word());
    }
  }

  /** Who does not want to be written to, the longest on the list first. */
  public Page<OptOut> optOuts(PageRequest page) {
    long after = page.after() == null ? 0 : Cursor.number(page.after());
    return readers.query(
        "SELECT masked, purpose, since, id, recipient FROM opt_out WHERE id > ? ORDER BY id LIMIT ?",
        rows -> {
          List<OptOut> items = new ArrayList<>();
          String last = null;
          while (rows.next()) {
            if (items.size() == page.limit()) {
              return new Page<>(items, last);
            }
            items.add(optOut(rows));
            last = rows.getString(4);
          }
          return new Page<>(items, null);
        },
        after,
        page.limit() + 1);
  }

  private OptOut optOut(ResultSet rows) throws SQLException {
    return new OptOut(
        seal.open(rows.getString(1), Place.masked(rows.getBytes(5))),
        rows.getString(2),
        Instant.ofEpochMilli(rows.getLong(3)));
  }

  /** Whether somebody does not want to be written to, for this purpose or for all. */
  public boolean isOptedOut(String recipient, Purpose purpose) {
    return readers.query(
        "SELECT 1 FROM opt_out WHERE recipient = ? AND purpose IN (?, 'all')",
        ResultSet::next,
        code.of(recipient),
        purpose.word());
  }

  /**
   * The limit that one more message on that day would exceed; empty if there is none.
   *
   * @param recipient in the one form in which it is compared
   * @param delivery the one in question, which does not count itself
   */
  public Optional<ReachLimits.Each> exceeded(
      String recipient, LocalDate day, ReachLimits limits, long delivery) {
    for (ReachLimits.Each limit : limits.each()) {
      int reached =
          readers.query(
              REACHED,
              RecipientStore::count,
              code.of(recipient),
              day.toEpochDay() - limit.days(),
              delivery);
      if (reached >= limit.messages()) {
        return Optional.of(limit);
      }
    }
    return Optional.empty();
  }

  /** As {@link #exceeded}, inside the transaction that claims. */
  static boolean isExceeded(Statements statements, RecipientCode code, OutboxStore.Reach reach)
      throws SQLException {
    for (ReachLimits.Each limit : reach.limits().each()) {
      try (ResultSet rows =
          statements
              .bind(
                  REACHED,
                  code.of(reach.recipient()),
                  reach.day().toEpochDay() - limit.days(),
                  reach.delivery())
              .executeQuery()) {
        if (count(rows) >= limit.messages()) {
          return true;
        }
      }
    }
    return false;
  }

  /** Counts a claimed delivery; claimed again, it counts once, on the later day. */
  static void count(Statements statements, RecipientCode code, OutboxStore.Reach reach)
      throws SQLException {
    statements.update(
        "INSERT INTO reach (delivery, recipient, day) VALUES (?, ?, ?)"
            + " ON CONFLICT (delivery) DO UPDATE SET recipient = excluded.recipient, day = excluded.day",
        reach.delivery(),
        code.of(reach.recipient()),
        reach.day().toEpochDay());
  }

  /** A delivery that did not leave counts no more. */
  static void forget(Statements statements, long delivery) throws SQLException {
    statements.update("DELETE FROM reach WHERE delivery = ?", delivery);
  }

  private static int count(ResultSet rows) throws SQLException {
    rows.next();
    return rows.getInt(1);
  }
}
