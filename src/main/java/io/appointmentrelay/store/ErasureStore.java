package io.appointmentrelay.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Takes away everything about one patient, or about one appointment and those it replaced: what
 * senders sent, what is known, whom messages went to. What waits is cancelled. Ids, statuses and
 * what recognises a repeat stay, so that all still adds up.
 */
public final class ErasureStore {

  /** Why a delivery did not go out, and a notification will not run. */
  static final String ERASED = "erased";

  private static final String OF_PATIENT =
      "SELECT id FROM appointment WHERE patient = ? AND feed_group = ? ORDER BY id";

  private static final String OF_IDENTIFIER =
      "SELECT id FROM appointment WHERE identifier = ? AND feed_group = ? AND state IS NOT NULL";

  private final GroupCommit commits;
  private final Readers readers;
  private final Database database;
  private final RecipientCode code;
  private final Chains chains;

  ErasureStore(GroupCommit commits, Readers readers, Database database, RecipientCode code) {
    this.commits = commits;
    this.readers = readers;
    this.database = database;
    this.code = code;
    this.chains = new Chains(database.seal());
  }

  /**
   * Of whom.
   *
   * @param group of the feeds that speak of the patient
   * @param sources of that group
   * @param patient the sender's reference; absent: {@code appointment} is asked for
   * @param appointment what its sender calls it
   */
  public record Subject(
      String group, Set<String> sources, @Nullable String patient, @Nullable String appointment) {
    public Subject {
      sources = Set.copyOf(sources);
    }

    /** Never prints who it is. */
    @Override
    public String toString() {
      return "Subject[" + group + "]";
    }
  }

  /**
   * What is erased, or would be.
   *
   * @param bodies of notifications
   * @param cancelled of the deliveries
   * @param busy appointments a message of which is just being sent: they are not erased, and to be
   *     asked for again
   */
  public record Erased(long appointments, long bodies, long deliveries, long cancelled, long busy) {
    static final Erased NOTHING = new Erased(0, 0, 0, 0, 0);

    Erased plus(Erased other) {
      return new Erased(
          appointments + other.appointments,
          bodies + other.bodies,
          deliveries + other.deliveries,
          cancelled + other.cancelled,
          busy + other.busy);
    }

    /** Whether there is anything. */
    public boolean isNothing() {
      return equals(NOTHING);
    }

    String words() {
      return appointments
          + " appointments, "
          + bodies
          + " bodies, "
          + deliveries
          + " deliveries, "
          + cancelled
          + " cancelled";
    }
  }

  /** Counts what would be erased. */
  public Erased look(Subject subject) {
    return run(subject, null, null, Instant.EPOCH);
  }

  /**
   * Erases, one chain of appointments after the other, and notes that it was done.
   *
   * @param who a console user, or from where it was asked
   */
  public Erased erase(Subject subject, String who, Instant now) {
    Erased erased = run(subject, who, new TreeSet<>(), now);
    database.forgetOverwritten();
    return erased;
  }

  private Erased run(Subject subject, @Nullable String who, @Nullable Set<Long> done, Instant now) {
    Set<Long> counted = done == null ? new TreeSet<>() : done;
    Erased all = Erased.NOTHING;
    for (long id : appointments(subject)) {
      if (!counted.contains(id)) {
        Set<Long> together = new LinkedHashSet<>();
        all =
            all.plus(
                commits
                    .submit(statements -> chain(statements, subject, id, who, now, together))
                    .join());
        counted.addAll(together);
      }
    }
    return all;
  }

  private List<Long> appointments(Subject subject) {
    String patient = subject.patient();
    return readers.query(
        patient == null ? OF_IDENTIFIER : OF_PATIENT,
        rows -> {
          List<Long> ids = new ArrayList<>();
          while (rows.next()) {
            ids.add(rows.getLong(1));
          }
          return ids;
        },
        patient == null ? subject.appointment() : code.ofPatient(patient),
        subject.group());
  }

  private Erased chain(
      Statements statements,
      Subject subject,
      long id,
      @Nullable String who,
      Instant now,
      Set<Long> together)
      throws SQLException {
    Chains.Chain chain = chains.of(statements, id);
    if (chain == null) {
      return Erased.NOTHING;
    }
    together.addAll(chain.appointments());
    if (Chains.hasDelivery(statements, chain, "'sending'")) {
      return new Erased(0, 0, 0, 0, chain.appointments().size());
    }
    Set<Long> messages = messages(statements, subject, chain);
    if (who == null) {
      return looked(statements, chain, messages);
    }
    database.overwrite(statements.connection(), true);
    Erased erased = erase(statements, chain, messages, now);
    AccessStore.write(
        statements, now, who, AccessStore.What.ERASURE, subject.group(), erased.words());
    database.overwrite(statements.connection(), false);
    return erased;
  }

  private static Erased looked(Statements statements, Chains.Chain chain, Set<Long> messages)
      throws SQLException {
    long bodies = 0;
    for (long message : messages) {
      bodies += count(statements, "message WHERE body IS NOT NULL AND id = ?", message);
    }
    long deliveries = 0;
    long cancelled = 0;
    for (long root : chain.roots()) {
      deliveries += count(statements, "delivery WHERE root = ?", root);
      cancelled +=
          count(statements, "delivery WHERE status IN ('planned', 'uncertain') AND root = ?", root);
    }
    return new Erased(chain.appointments().size(), bodies, deliveries, cancelled, 0);
  }

  private static long count(Statements statements, String of, long id) throws SQLException {
    try (ResultSet rows = statements.bind("SELECT COUNT(*) FROM " + of, id).executeQuery()) {
      rows.next();
      return rows.getLong(1);
    }
  }

  private static Erased erase(
      Statements statements, Chains.Chain chain, Set<Long> messages, Instant now)
      throws SQLException {
    long bodies = 0;
    for (long message : messages) {
      // A part that waits would bring back what it says.
      statements.update(
          "UPDATE notification SET status = 'parked', reason = ? WHERE message = ? AND status = 'received'",
          ERASED,
          message);
      bodies +=
          statements.update(
              "UPDATE message SET body = NULL, purged_at = ? WHERE id = ? AND body IS NOT NULL",
              now,
              message);
    }
    long cancelled = 0;
    for (long root : chain.roots()) {
      cancelled +=
          statements.update(
              "UPDATE delivery SET status = 'cancelled', reason = ?, fence = fence + 1 WHERE root = ?"
                  + " AND status IN ('planned', 'uncertain')",
              ERASED,
              root);
    }
    long deliveries = Emptying.empty(statements, chain, ERASED, now);
    return new Erased(chain.appointments().size(), bodies, deliveries, cancelled, 0);
  }

  /** Everything that was sent about them, also what waits or was a repeat. */
  private static Set<Long> messages(Statements statements, Subject subject, Chains.Chain chain)
      throws SQLException {
    Set<Long> messages = new TreeSet<>();
    for (long id : chain.appointments()) {
      add(messages, statements, "SELECT message FROM timeline WHERE appointment = ?", id);
    }
    for (String identifier : chain.identifiers()) {
      for (String source : subject.sources()) {
        for (String status : new String[] {"status <> 'received'", "status = 'received'"}) {
          add(
              messages,
              statements,
              "SELECT message FROM notification WHERE "
                  + status
                  + " AND appointment = ? AND source = ?",
              identifier,
              source);
        }
      }
    }
    return messages;
  }

  private static void add(Set<Long> messages, Statements statements, String sql, Object... values)
      throws SQLException {
    try (ResultSet rows = statements.bind(sql, values).executeQuery()) {
      while (rows.next()) {
        messages.add(rows.getLong(1));
      }
    }
  }
}
