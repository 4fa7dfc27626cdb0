package io.appointmentrelay.store;

import java.sql.SQLException;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Notes who saw what of patients, and what was erased. Nothing of what was seen is in it. */
public final class AccessStore {

  private static final int LONGEST = 400;

  /** What may be seen or done. */
  public enum What {
    NOTIFICATION,
    DELIVERY,
    APPOINTMENT,
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
   * @param which its id
   */
  public CompletableFuture<?> note(Instant at, String who, What what, String which) {
    return commits.submit(statements -> write(statements, at, who, what, which, null));
  }

  static boolean write(
      Statements statements,
      Instant at,
      String who,
      What what,
      String which,
      @Nullable String detail)
      throws SQLException {
    String shown = which.length() > LONGEST ? which.substring(0, LONGEST) + "…" : which;
    return statements.update(
            "INSERT INTO access (at, who, what, which, detail) VALUES (?, ?, ?, ?, ?)",
            at,
            who,
            what.name(),
            shown,
            detail)
        == 1;
  }
}
