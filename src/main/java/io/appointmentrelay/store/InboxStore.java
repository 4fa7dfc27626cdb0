package io.appointmentrelay.store;

import io.appointmentrelay.appointment.AppointmentEvent;
import io.appointmentrelay.appointment.EventNumber;
import io.appointmentrelay.appointment.Plan;
import io.appointmentrelay.store.RowInsert.Column;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.commons.codec.digest.DigestUtils;

/**
 * The inbox's rows: accepted before they are answered, settled in one transaction with all that
 * they cause.
 */
public final class InboxStore {

  private static final String WAITING_COLUMNS =
      "SELECT message, part, source, ordering_key, behind, received_at, attempts, failures, due FROM notification ";

  private static final String KEPT_BODY =
      "SELECT m.body, n.source, n.received_at FROM message m JOIN notification n ON n.message = m.id AND n.part = 1"
          + " WHERE m.id = ?";

  private static final RowInsert MESSAGE =
      new RowInsert(
          "message",
          false,
          Column.bigint("id"),
          Column.bytea("body"),
          Column.bytea("body_hash"),
          Column.bytea("link"));

  /** What was sent before is left out here, and kept as a duplicate. */
  private static final RowInsert NOTIFICATION =
      new RowInsert(
          "notification",
          true,
          Column.bigint("message"),
          Column.integer("part"),
          Column.text("source"),
          Column.bigint("received_at"),
          Column.text("status"),
          Column.text("label"),
          Column.text("appointment"),
          Column.text("ordering_key"),
          Column.text("behind"),
          Column.bytea("deduplication"));

  private final GroupCommit commits;
  private final Readers readers;
  private final Ids ids;
  private final Seal seal;
  private final RecipientCode code;
  private final Crew crew;
  private final PlanCommit planCommit;

  InboxStore(
      GroupCommit commits,
      Readers readers,
      Clock clock,
      Duration rebookWindow,
      Seal seal,
      RecipientCode code) {
    this.commits = commits;
    this.readers = readers;
    this.ids = commits.ids();
    this.seal = seal;
    this.code = code;
    this.crew = commits.crew();
    this.planCommit = new PlanCommit(ids, clock, rebookWindow, crew, seal, code);
  }

  /**
   * Keeps a notification. Completes when it is durable, with the parts that are to run: all but the
   * duplicates. Fails with {@link StoreUnavailable} if nothing was kept. The arrival is kept in
   * milliseconds, so that a part is the same when it is read back after a crash.
   */
  public CompletableFuture<List<WaitingPart>> accept(
      String source, Instant receivedAt, byte[] body, List<NewPart> parts) {
    Instant arrival = receivedAt.truncatedTo(ChronoUnit.MILLIS);
    // By who asks, not by the one writer.
    byte[] bodyHash = DigestUtils.sha256(body);
    byte[] kept = seal.bytes(body, Place.body(source, arrival));
    List<NewPart> known = parts.stream().map(part -> part.deduplicatedBy(source)).toList();
    return commits.submitFirstInHalves(
        statements -> insert(statements, source, arrival, body, bodyHash, kept, known));
  }

  private GroupCommit.Unit<List<WaitingPart>> insert(
      Statements statements,
      String source,
      Instant receivedAt,
      byte[] body,
      byte[] bodyHash,
      byte[] kept,
      List<NewPart> parts)
      throws SQLException {
    long message = ids.nextMessage();
    Link.Accepted accepted =
        new Link.Accepted(message, source, receivedAt.toEpochMilli(), parts.size(), bodyHash);
    statements.later(MESSAGE, message, kept, bodyHash, commits.chain().link(statements, accepted));
    List<Statements.Later> rows = new ArrayList<>(parts.size());
    for (int i = 0; i < parts.size(); i++) {
      Position position = new Position(message, i + 1);
      rows.add(insert(statements, position, source, receivedAt, parts.get(i), "received"));
    }
    return then -> {
      List<WaitingPart> waiting = new ArrayList<>(parts.size());
      for (int i = 0; i < parts.size(); i++) {
        NewPart part = parts.get(i);
        Position position = new Position(message, i + 1);
        if (rows.get(i).inserted()) {
          waiting.add(
              new WaitingPart(
                  position,
                  source,
                  orderingKey(part, position),
                  part.behind(),
                  receivedAt,
                  0,
                  0,
                  Instant.EPOCH,
                  body));
        } else {
          insert(then, position, source, receivedAt, part, "duplicate");
        }
        for (EventNumber number : part.numbers()) {
          NumberWrites.keep(then, source, number, receivedAt);
        }
      }
      return waiting;
    };
  }

  private static String orderingKey(NewPart part, Position position) {
    return part.orderingKey() == null ? position.id() : part.orderingKey();
  }

  private static Statements.Later insert(
      Statements statements,
      Position position,
      String source,
      Instant receivedAt,
      NewPart part,
      String status) {
    boolean duplicate = status.equals("duplicate");
    return statements.later(
        NOTIFICATION,
        position.message(),
        position.part(),
        source,
        receivedAt,
        status,
        part.label(),
        part.appointment(),
        orderingKey(part, position),
        part.behind(),
        duplicate ? null : part.deduplication());
  }

  /** The bytes of a notification. */
  public byte[] body(long message) {
    return readers
        .query(
            KEPT_BODY,
            rows ->
                rows.next() && rows.getBytes(1) != null
                    ? Optional.of(
                        seal.open(
                            rows.getBytes(1),
                            Place.body(rows.getString(2), Instant.ofEpochMilli(rows.getLong(3)))))
                    : Optional.<byte[]>empty(),
            message)
        .orElseThrow(
            () ->
                new IllegalStateException("Notification " + message + " has no body in the store"));
  }

  /** How many processes share the work now. */
  public int members() {
    return crew.place().members();
  }

  /**
   * Parts that wait, in the order of their arrival, behind a position; where several processes
   * share the work, those of this one.
   */
  public List<WaitingPart> waitingAfter(Position position, int limit) {
    Crew.Place place = crew.place();
    return place.members() == 1
        ? allWaitingAfter(position, limit)
        : readers.query(
            WAITING_COLUMNS
                + "WHERE status = 'received' AND (message, part) > (?, ?)"
                + " AND MOD(ABS(CAST(HASHTEXT(ordering_key) AS BIGINT)), ?) = ? ORDER BY message, part LIMIT ?",
            InboxStore::waitingParts,
            position.message(),
            position.part(),
            place.members(),
            place.index(),
            limit);
  }

  private List<WaitingPart> allWaitingAfter(Position position, int limit) {
    return readers.query(
        WAITING_COLUMNS
            + "WHERE status = 'received' AND (message, part) > (?, ?) ORDER BY message, part LIMIT ?",
        InboxStore::waitingParts,
        position.message(),
        position.part(),
        limit);
  }

  private static List<WaitingPart> waitingParts(ResultSet rows) throws SQLException {
    List<WaitingPart> parts = new ArrayList<>();
    while (rows.next()) {
      parts.add(
          new WaitingPart(
              new Position(rows.getLong(1), rows.getInt(2)),
              rows.getString(3),
              rows.getString(4),
              rows.getString(5),
              Instant.ofEpochMilli(rows.getLong(6)),
              rows.getInt(7),
              rows.getInt(8),
              Instant.ofEpochMilli(rows.getLong(9)),
              null));
    }
    return parts;
  }

  /**
   * Commits everything a run has caused, and that it is done. Completes with what came into the
   * outbox by it. Fails with {@link VersionConflict} if a record has changed since the run read it.
   */
  public CompletableFuture<Planned> commit(WaitingPart part, Plan plan) {
    AppointmentEvent event = plan.event();
    Prepared prepared =
        event == null ? Prepared.NOTHING : Prepared.of(part, plan, event, seal, code);
    return commits.submitLast(statements -> planCommit.run(statements, part, plan, prepared));
  }

  /** Remembers a failed run and when the next one is due; changes nothing that is settled. */
  public CompletableFuture<Integer> failed(WaitingPart part) {
    return commits.submit(
        statements ->
            statements.update(
                "UPDATE notification SET attempts = ?, failures = ?, due = ? WHERE message = ? AND part = ?"
                    + " AND status = 'received'",
                part.attempts(),
                part.failures(),
                part.due(),
                part.position().message(),
                part.position().part()));
  }

  /**
   * Takes a parked part back in, with its original arrival; empty if it is not parked. It runs from
   * its first attempt.
   */
  public CompletableFuture<Optional<WaitingPart>> replay(Position position) {
    return commits.submit(
        statements -> {
          int changed =
              statements.update(
                  "UPDATE notification SET status = 'received', reason = NULL, event = NULL, attempts = 0, failures = 0,"
                      + " due = 0 WHERE message = ? AND part = ? AND status = 'parked'"
                      + " AND EXISTS (SELECT 1 FROM message m WHERE m.id = notification.message AND m.body IS NOT NULL)",
                  position.message(),
                  position.part());
          return changed == 0 ? Optional.empty() : Optional.of(read(statements, position));
        });
  }

  private static WaitingPart read(Statements statements, Position position) throws SQLException {
    try (ResultSet rows =
        statements
            .bind(
                WAITING_COLUMNS + "WHERE message = ? AND part = ?",
                position.message(),
                position.part())
            .executeQuery()) {
      return waitingParts(rows).get(0);
    }
  }
}
