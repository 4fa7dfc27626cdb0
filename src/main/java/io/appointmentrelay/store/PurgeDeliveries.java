package io.appointmentrelay.store;

import io.appointmentrelay.store.PurgeStore.Portion;
import io.appointmentrelay.store.PurgeStore.Purged;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Purges whom messages went to and what they were judged by, once nothing waits for their visits,
 * and these are over.
 */
final class PurgeDeliveries {

  private static final String KIND = "deliveries";

  private static final String PLANNED =
      "SELECT id, planned_at FROM delivery WHERE id > ? ORDER BY id LIMIT ?";

  private static final String OVER =
      " WHERE id = ? AND purged_at IS NULL AND status NOT IN ('planned', 'sending', 'uncertain')"
          + " AND due < ? AND (sent_at IS NULL OR sent_at < ?)"
          + " AND NOT EXISTS (SELECT 1 FROM delivery w WHERE w.root = delivery.root"
          + " AND w.status IN ('planned', 'sending', 'uncertain'))"
          + " AND NOT EXISTS (SELECT 1 FROM appointment a WHERE a.id = delivery.appointment AND a.starts_at >= ?)";

  private final int rows;

  PurgeDeliveries(int rows) {
    this.rows = rows;
  }

  private record Row(long id, Instant plannedAt) {}

  /** Those that were passed by. */
  Portion again(Statements statements, PurgeLimits limits, boolean dry, @Nullable String after)
      throws SQLException {
    Instant limit = limits.deliveries();
    if (limit == null) {
      return new Portion(Purged.NOTHING, null);
    }
    List<Long> ids = PurgeStore.later(statements, KIND, PurgeStore.number(after, 0), rows);
    long purged = 0;
    for (long id : ids) {
      purged += purge(statements, id, limit, limits.now(), dry) ? 1 : 0;
    }
    return new Portion(
        new Purged(0, purged, 0), ids.isEmpty() ? null : ids.get(ids.size() - 1).toString());
  }

  /** Those that no purge has looked at. */
  Portion next(Statements statements, PurgeLimits limits, boolean dry, @Nullable String after)
      throws SQLException {
    Instant limit = limits.deliveries();
    if (limit == null) {
      return new Portion(Purged.NOTHING, null);
    }
    List<Row> found =
        planned(
            statements,
            after == null ? PurgeStore.mark(statements, KIND) : PurgeStore.number(after, 0));
    long purged = 0;
    Long last = null;
    for (Row row : found) {
      if (!row.plannedAt().isBefore(limit)) {
        break;
      }
      purged += purge(statements, row.id(), limit, limits.now(), dry) ? 1 : 0;
      last = row.id();
    }
    if (last != null && !dry) {
      PurgeStore.mark(statements, KIND, last);
    }
    return new Portion(new Purged(0, purged, 0), last == null ? null : last.toString());
  }

  private List<Row> planned(Statements statements, long after) throws SQLException {
    List<Row> found = new ArrayList<>();
    try (ResultSet result = statements.bind(PLANNED, after, rows).executeQuery()) {
      while (result.next()) {
        found.add(new Row(result.getLong(1), PurgeStore.millis(result.getLong(2))));
      }
    }
    return found;
  }

  private static boolean purge(
      Statements statements, long id, Instant limit, Instant now, boolean dry) throws SQLException {
    if (dry) {
      return PurgeStore.exists(statements, "SELECT 1 FROM delivery" + OVER, id, limit, limit, now);
    }
    boolean purged =
        statements.update(
                "UPDATE delivery SET " + Emptying.DELIVERY + OVER, now, id, limit, limit, now)
            == 1;
    if (purged) {
      statements.update("DELETE FROM reach WHERE delivery = ?", id);
      PayloadWrites.drop(statements, id);
    }
    if (!purged
        && PurgeStore.exists(
            statements, "SELECT 1 FROM delivery WHERE id = ? AND purged_at IS NULL", id)) {
      PurgeStore.putOff(statements, KIND, id);
    } else {
      PurgeStore.putOffNoMore(statements, KIND, id);
    }
    return purged;
  }
}
