package io.appointmentrelay.store;

import io.appointmentrelay.store.AuditReport.ChannelCounts;
import io.appointmentrelay.store.AuditReport.SourceCounts;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.HandleCallback;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.jdbi.v3.core.transaction.TransactionIsolationLevel;
import org.jspecify.annotations.Nullable;

/**
 * Counts what came in and what became of it, in one snapshot of the store, so that it adds up also
 * beside a running relay. Fails with {@link StoreUnavailable} when the store cannot be read.
 */
public final class Ledger {

  private final Jdbi jdbi;
  private final Seal seal;

  public Ledger(Database database) {
    this.jdbi = Jdbi.create(database.readers());
    this.seal = database.seal();
  }

  /** Counts, and checks that no status is unknown: reads the inbox and the outbox once. */
  public AuditReport counts() {
    return inSnapshot(handle -> report(handle, LedgerCheck.STATUSES, null));
  }

  /**
   * Counts, and looks for everything that cannot be seen by counting: reads the whole store, and
   * takes its time.
   */
  public AuditReport audit() {
    return audit(null);
  }

  /**
   * As {@link #audit()}, and whether the chain of what was accepted has this hash in it.
   *
   * @param head that an earlier audit has told; absent: none was kept
   */
  public AuditReport audit(byte @Nullable [] head) {
    List<LedgerCheck> all = new ArrayList<>(LedgerCheck.STATUSES);
    all.addAll(LedgerCheck.LOSSES);
    return inSnapshot(handle -> report(handle, all, ChainCheck.of(handle, seal, head)));
  }

  private AuditReport inSnapshot(HandleCallback<AuditReport, RuntimeException> reading) {
    try {
      return jdbi.inTransaction(TransactionIsolationLevel.SERIALIZABLE, reading);
    } catch (JdbiException e) {
      throw new StoreUnavailable(
          "Expected a store of this relay that can be read; it could not be read to the end."
              + " Check relay.store.url, and try again.",
          e);
    }
  }

  private static AuditReport report(
      Handle handle, List<LedgerCheck> checks, ChainCheck.@Nullable Result chain) {
    List<SourceCounts> sources = sources(handle);
    List<ChannelCounts> channels = channels(handle);
    List<String> problems = new ArrayList<>();
    for (LedgerCheck check : checks) {
      check.problem(handle).ifPresent(problems::add);
    }
    if (chain != null) {
      problems.addAll(chain.problems());
    }
    boolean isConserved =
        sources.stream().allMatch(SourceCounts::isConserved)
            && channels.stream().allMatch(ChannelCounts::isConserved);
    return new AuditReport(
        isConserved && problems.isEmpty(),
        sources,
        channels,
        problems,
        chain == null ? null : new AuditReport.Accepted(chain.messages(), chain.end().hex()));
  }

  private static List<SourceCounts> sources(Handle handle) {
    return counted(
            handle, "SELECT source, status, COUNT(*) FROM notification GROUP BY source, status")
        .entrySet()
        .stream()
        .map(
            source ->
                new SourceCounts(
                    source.getKey(),
                    source.getValue().all(),
                    source.getValue().of("duplicate"),
                    source.getValue().of("processed"),
                    source.getValue().of("parked"),
                    source.getValue().of("received")))
        .toList();
  }

  private static List<ChannelCounts> channels(Handle handle) {
    return counted(
            handle, "SELECT channel, status, COUNT(*) FROM delivery GROUP BY channel, status")
        .entrySet()
        .stream()
        .map(
            channel ->
                new ChannelCounts(
                    channel.getKey(),
                    channel.getValue().all(),
                    channel.getValue().of("sent"),
                    channel.getValue().of("dead"),
                    channel.getValue().of("superseded"),
                    channel.getValue().of("suppressed"),
                    channel.getValue().of("cancelled"),
                    channel.getValue().of("planned")
                        + channel.getValue().of("sending")
                        + channel.getValue().of("uncertain")))
        .toList();
  }

  private record Counts(Map<String, Long> byStatus) {
    long all() {
      return byStatus.values().stream().mapToLong(Long::longValue).sum();
    }

    long of(String status) {
      return byStatus.getOrDefault(status, 0L);
    }
  }

  private static Map<String, Counts> counted(Handle handle, String sql) {
    Map<String, Counts> counted = new TreeMap<>();
    handle
        .createQuery(sql)
        .map(
            (rows, context) ->
                counted
                    .computeIfAbsent(rows.getString(1), name -> new Counts(new TreeMap<>()))
                    .byStatus()
                    .put(rows.getString(2), rows.getLong(3)))
        .list();
    return counted;
  }
}
