package io.appointmentrelay.store;

import io.appointmentrelay.appointment.Delivery;
import io.appointmentrelay.appointment.InFlight;
import io.appointmentrelay.appointment.Reason;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Deliveries that were in flight when a process ended: nobody knows whether they arrived, until
 * somebody is asked or decides.
 */
public final class UncertainStore {

  private static final String STILL = " WHERE id = ? AND status = 'uncertain' AND fence = ?";

  /** Known by who lives, and not by a time: a clock may jump, and its sender is sending. */
  private static final String ABANDONED =
      " AND (holder IS NULL OR holder NOT IN " + Crew.LIVING + ")";

  private static final String IS_ABANDONED =
      "SELECT 1 FROM delivery WHERE status IN ('sending', 'uncertain') AND status = 'sending'"
          + ABANDONED
          + " LIMIT 1";

  /**
   * News that may have arrived, with newer news after it, whatever became of that: sent again it
   * would say something else under its id.
   */
  static final String OVERTAKEN =
      "UPDATE delivery SET status = 'superseded', in_flight = NULL WHERE status IN ('sending', 'uncertain')"
          + " AND status = 'uncertain' AND nature = 'NEWS'"
          + OutboxStore.andNewerNews("");

  private final GroupCommit commits;
  private final Readers readers;
  private final Seal seal;
  private final Crew crew;

  UncertainStore(GroupCommit commits, Readers readers, Seal seal) {
    this.commits = commits;
    this.readers = readers;
    this.seal = seal;
    this.crew = commits.crew();
  }

  /**
   * One of them.
   *
   * @param inFlight what to know its message by; absent for events to systems
   */
  public record Uncertain(Delivery delivery, @Nullable InFlight inFlight) {}

  /**
   * Whether several processes may share the store: then what a process had claimed is free once it
   * is gone.
   */
  public boolean isShared() {
    return crew.isShared();
  }

  /** As {@link #recover}, for a shared store: finds what processes that are gone had claimed. */
  public CompletableFuture<Integer> recoverAbandoned() {
    if (!crew.knowsWhoLives() || !readers.query(IS_ABANDONED, ResultSet::next)) {
      return CompletableFuture.completedFuture(0);
    }
    return recoverWhere(ABANDONED);
  }

  /**
   * For the only process of a store, at its start: whatever is being sent is nobody's, and becomes
   * uncertain; returns how many. News that newer news waits behind is not sent again: it may have
   * arrived, and would say something else under the same id now.
   */
  public CompletableFuture<Integer> recover() {
    return recoverWhere("");
  }

  private CompletableFuture<Integer> recoverWhere(String condition) {
    return commits.submit(
        statements -> {
          int found =
              statements.update(
                  "UPDATE delivery SET status = 'uncertain', fence = fence + 1, interrupted = 1,"
                      + " reason = ? WHERE status IN ('sending', 'uncertain') AND status = 'sending'"
                      + condition,
                  Reason.IN_FLIGHT.words());
          statements.update(OVERTAKEN);
          return found;
        });
  }

  /** Those to be settled now, the oldest first; not those that are held for an operator. */
  public List<Uncertain> due(Instant now, int limit) {
    Crew.Place place = crew.place();
    return readers.query(
        OutboxStore.COLUMNS.replace(" FROM delivery d ", ", d.in_flight FROM delivery d ")
            + "WHERE d.status IN ('sending', 'uncertain') AND d.status = 'uncertain' AND d.due <= ? AND d.reason <> ?"
            + (place.members() == 1
                ? ""
                : " AND d.root % " + place.members() + " = " + place.index())
            + " ORDER BY d.id LIMIT ?",
        this::all,
        now,
        Reason.IN_DOUBT.words(),
        limit);
  }

  private List<Uncertain> all(ResultSet rows) throws SQLException {
    List<Uncertain> found = new ArrayList<>();
    while (rows.next()) {
      String inFlight = rows.getString("in_flight");
      found.add(
          new Uncertain(
              OutboxStore.delivery(rows, seal),
              inFlight == null
                  ? null
                  : seal.read(
                      inFlight, InFlight.class, Place.delivery("in_flight", rows.getLong(1)))));
    }
    return found;
  }

  /**
   * Which of a carrier's ids belong to deliveries already. Looks through all deliveries: for after
   * a crash.
   */
  public Set<String> taken(List<String> providerIds) {
    if (providerIds.isEmpty()) {
      return Set.of();
    }
    return readers.query(
        "SELECT provider_id FROM delivery WHERE provider_id IN (?"
            + ", ?".repeat(providerIds.size() - 1)
            + ")",
        rows -> {
          Set<String> taken = new HashSet<>();
          while (rows.next()) {
            taken.add(rows.getString(1));
          }
          return taken;
        },
        providerIds.toArray());
  }

  /**
   * It had arrived: it is sent, and its recipient knows what it told, unless something later told
   * more; false: it is not uncertain any more.
   */
  public CompletableFuture<Boolean> found(Uncertain uncertain, InFlight left, String providerId) {
    Delivery delivery = uncertain.delivery();
    String told = left.tells() == null ? null : seal.json(left.tells(), Place.TOLD);
    return commits.submit(
        statements -> {
          int changed =
              statements.update(
                  "UPDATE delivery SET status = 'sent', sent_at = ?, provider_id = ?, reason = NULL, in_flight = NULL"
                      + STILL,
                  left.at(),
                  providerId,
                  delivery.id(),
                  delivery.fence());
          if (changed == 1 && told != null) {
            statements.update(
                "INSERT INTO told (root, channel, audience, told) SELECT root, channel, audience, ? FROM delivery WHERE id = ?"
                    + " AND NOT EXISTS (SELECT 1 FROM delivery later WHERE later.root = delivery.root"
                    + " AND later.channel || '' = delivery.channel AND later.audience = delivery.audience AND later.status = 'sent' AND later.sent_at > ?)"
                    + " ON CONFLICT (root, channel, audience) DO UPDATE SET told = excluded.told",
                told,
                delivery.id(),
                left.at());
            if (crew.isShared()) {
              statements.update(
                  OutboxStore.JUDGED_BEFORE, Long.MAX_VALUE, delivery.id(), delivery.id());
            }
          }
          return changed == 1;
        });
  }

  /** Its carrier never got it: it is as if it had not been sent. */
  public CompletableFuture<Boolean> notFound(Uncertain uncertain) {
    return changed(
        "UPDATE delivery SET status = 'planned', interrupted = 0, in_flight = NULL" + STILL,
        uncertain.delivery());
  }

  /** Nobody knows, so it may arrive twice: it is sent again under the same message id. */
  public CompletableFuture<Boolean> planAgain(Uncertain uncertain) {
    return changed(
        "UPDATE delivery SET status = 'planned', in_flight = NULL" + STILL, uncertain.delivery());
  }

  /** It cannot be said yet. */
  public CompletableFuture<Boolean> askLater(Uncertain uncertain, Instant when) {
    Delivery delivery = uncertain.delivery();
    return commits.submit(
        statements ->
            statements.update(
                    "UPDATE delivery SET due = ?" + STILL, when, delivery.id(), delivery.fence())
                == 1);
  }

  /** It waits for an operator, who retries or cancels it. */
  public CompletableFuture<Boolean> hold(Uncertain uncertain) {
    return changed(
        "UPDATE delivery SET reason = '" + Reason.IN_DOUBT.words() + "'" + STILL,
        uncertain.delivery());
  }

  private CompletableFuture<Boolean> changed(String sql, Delivery delivery) {
    return commits.submit(
        statements -> statements.update(sql, delivery.id(), delivery.fence()) == 1);
  }
}
