package io.appointmentrelay.store;

import java.sql.SQLException;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Notes who saw what of patients, and what was erased. Nothing of what was seen is in it. */
public final class AccessStore {

  private static final int LONGEST = 400;

  /** A page of identifiers as long as senders write them. */
  private static final int LONGEST_DETAIL = 16_000;

  /** What may be seen or done: one, or a page of a list. */
  public enum What {
    NOTIFICATION,
    DELIVERY,
    APPOINTMENT,
    DELIVERIES,
    APPOINTMENTS,
    OPT_OUTS,
    ERASURE
  }

  private final GroupCommit commits;

  AccessStore(GroupCommit commits) {
    this.commits = commits;
  }

  /**
   * Completes when it is on disk: only then what is asked for may be shown.
   *
   * @param who a console user, or from where it was asked
   * @param which its id; of a list, by what was searched, without what was searched for
   * @param detail of a list, how many and which were shown; or in what form it was asked for
   */
  public CompletableFuture<?> note(
      Instant at, String who, What what, String which, @Nullable String detail) {
    return commits.submit(statements -> write(statements, at, who, what, which, detail));
  }

  static boolean write(
      Statements statements,
      Instant at,
      String who,
      What what,
      String which,
      @Nullable String detail)
      throws SQLException {
    return statements.update(
            "INSERT INTO access (at, who, what, which, detail) VALUES (?, ?, ?, ?, ?)",
            at,
            who,
            what.name(),
            cut(which, LONGEST),
            detail == null ? null : cut(detail, LONGEST_DETAIL))
        == 1;
  }

  private static String cut(String text, int longest) {
    return text.length() > longest ? text.substring(0, longest) + "…" : text;
  }
}
