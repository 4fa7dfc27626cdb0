package io.appointmentrelay.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** What sources' FHIR servers have, held against what is known: what was asked for and came out. */
public final class ReconciliationStore {

  private static final String SELECT =
      "SELECT id, source, night, from_day, to_day, asked_at, begun_at, ended_at, failed, trouble,"
          + " next_day, compared, report FROM reconciliation ";

  private final GroupCommit commits;
  private final Readers readers;
  private final Crew crew;

  ReconciliationStore(GroupCommit commits, Readers readers) {
    this.commits = commits;
    this.readers = readers;
    this.crew = commits.crew();
  }

  /**
   * What differed about an appointment.
   *
   * @param fields those that differ; none: all of it
   */
  public record Difference(String identifier, List<String> fields) {
    public Difference {
      fields = List.copyOf(fields);
    }
  }

  /**
   * What came out so far.
   *
   * @param unknown had been missed: nothing was known of them
   * @param differing were known otherwise
   * @param left are known to be over, and the server's older version says otherwise
   * @param onlyKnownHere are known to be to come, and the server does not have them
   */
  public record Report(
      List<String> unknown,
      List<Difference> differing,
      List<String> left,
      List<String> onlyKnownHere) {

    /** Nothing yet. */
    public static final Report EMPTY = new Report(List.of(), List.of(), List.of(), List.of());

    public Report {
      unknown = List.copyOf(unknown);
      differing = List.copyOf(differing);
      left = List.copyOf(left);
      onlyKnownHere = List.copyOf(onlyKnownHere);
    }
  }

  /**
   * One comparison of a source's FHIR server with what is known.
   *
   * @param night the day of a nightly one; absent: it was asked for
   * @param from the first day of visits that are compared
   * @param to the last one
   * @param begunAt absent: it waits
   * @param endedAt absent: it is not done yet
   * @param failed it was given up
   * @param trouble why it failed, or waits
   * @param nextDay visits up to the day before were compared
   * @param compared how many visits the server had
   */
  public record Reconciliation(
      long id,
      String source,
      @Nullable LocalDate night,
      LocalDate from,
      LocalDate to,
      Instant askedAt,
      @Nullable Instant begunAt,
      @Nullable Instant endedAt,
      boolean failed,
      @Nullable String trouble,
      LocalDate nextDay,
      int compared,
      Report report) {}

  /**
   * Asks for one; it is done when its turn comes. Completes with its id; with 0 if the night has
   * one.
   *
   * @param night the day of a nightly one, which has only one; absent: somebody asks
   */
  public CompletableFuture<Long> ask(
      String source, @Nullable LocalDate night, LocalDate from, LocalDate to, Instant now) {
    return commits.submit(
        statements -> {
          int asked =
              statements.update(
                  "INSERT INTO reconciliation (source, night, from_day, to_day, asked_at, due, next_day, report)"
                      + " VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (source, night) DO NOTHING",
                  source,
                  night == null ? null : night.toEpochDay(),
                  from.toEpochDay(),
                  to.toEpochDay(),
                  now,
                  now,
                  from.toEpochDay(),
                  Json.write(Report.EMPTY));
          return asked == 0 ? 0L : newest(statements);
        });
  }

  private static long newest(Statements statements) throws SQLException {
    try (ResultSet rows = statements.bind("SELECT MAX(id) FROM reconciliation").executeQuery()) {
      rows.next();
      return rows.getLong(1);
    }
  }

  /** Whether any is to be done. */
  public boolean anyDue(Instant now) {
    return readers.query(
        "SELECT 1 FROM reconciliation WHERE ended_at IS NULL AND due <= ? LIMIT 1",
        ResultSet::next,
        now);
  }

  /** The oldest one that is due and that nobody does begins, or goes on; empty: there is none. */
  public CompletableFuture<Optional<Reconciliation>> begin(Instant now) {
    return commits.submit(
        statements -> {
          Optional<Reconciliation> next;
          try (ResultSet rows =
              statements
                  .bind(
                      SELECT
                          + "WHERE ended_at IS NULL AND due <= ? AND "
                          + PollStore.free(crew)
                          + " ORDER BY id LIMIT 1",
                      now)
                  .executeQuery()) {
            next = all(rows).stream().findFirst();
          }
          if (next.isPresent()) {
            statements.update(
                "UPDATE reconciliation SET holder = ?, begun_at = COALESCE(begun_at, ?) WHERE id = ?",
                crew.id(),
                now,
                next.get().id());
          }
          return next;
        });
  }

  /** Visits up to the day before {@code nextDay} were compared, and this came out in all. */
  public CompletableFuture<?> comesTo(long id, LocalDate nextDay, int compared, Report report) {
    return commits.submit(
        statements ->
            statements.update(
                "UPDATE reconciliation SET next_day = ?, compared = ?, report = ? WHERE id = ? AND ended_at IS NULL",
                nextDay.toEpochDay(),
                compared,
                Json.write(report),
                id));
  }

  /** It is done. */
  public CompletableFuture<?> ended(long id, Instant now) {
    return commits.submit(
        statements ->
            statements.update(
                "UPDATE reconciliation SET ended_at = ?, holder = NULL, trouble = NULL WHERE id = ?",
                now,
                id));
  }

  /**
   * It was broken off.
   *
   * @param again when it goes on; absent: it is given up
   */
  public CompletableFuture<?> brokenOff(
      long id, String trouble, @Nullable Instant again, Instant now) {
    return commits.submit(
        statements ->
            statements.update(
                "UPDATE reconciliation SET holder = NULL, trouble = ?, due = ?, ended_at = ?, failed = ? WHERE id = ?",
                trouble,
                again == null ? now : again,
                again == null ? now : null,
                again == null ? 1 : 0,
                id));
  }

  /** The newest first; at most {@code limit}, those before {@code before}. */
  public List<Reconciliation> newest(long before, int limit) {
    return readers.query(
        SELECT + "WHERE id < ? ORDER BY id DESC LIMIT ?", ReconciliationStore::all, before, limit);
  }

  /** One of them. */
  public Optional<Reconciliation> one(long id) {
    return readers.query(SELECT + "WHERE id = ?", rows -> all(rows).stream().findFirst(), id);
  }

  /** How long ago the last nightly one of a source was; empty: there was none. */
  public Optional<LocalDate> lastNight(String source) {
    return readers.query(
        "SELECT night FROM reconciliation WHERE source = ? AND night IS NOT NULL ORDER BY night DESC LIMIT 1",
        rows -> rows.next() ? Optional.of(LocalDate.ofEpochDay(rows.getLong(1))) : Optional.empty(),
        source);
  }

  private static List<Reconciliation> all(ResultSet rows) throws SQLException {
    List<Reconciliation> all = new ArrayList<>();
    while (rows.next()) {
      long night = rows.getLong(3);
      LocalDate nightOf = rows.wasNull() ? null : LocalDate.ofEpochDay(night);
      all.add(
          new Reconciliation(
              rows.getLong(1),
              rows.getString(2),
              nightOf,
              LocalDate.ofEpochDay(rows.getLong(4)),
              LocalDate.ofEpochDay(rows.getLong(5)),
              Instant.ofEpochMilli(rows.getLong(6)),
              PollStore.instant(rows, 7),
              PollStore.instant(rows, 8),
              rows.getLong(9) != 0,
              rows.getString(10),
              LocalDate.ofEpochDay(rows.getLong(11)),
              rows.getInt(12),
              Json.read(rows.getString(13), Report.class)));
    }
    return all;
  }
}
