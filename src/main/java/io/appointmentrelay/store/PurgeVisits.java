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
 * Purges what is known of visits, once all of a chain are over, long ago, and were not spoken of
 * since.
 */
final class PurgeVisits {

  private static final String BY_START =
      "SELECT starts_at, id FROM appointment WHERE starts_at < ? AND (starts_at, id) > (?, ?)"
          + " ORDER BY starts_at, id LIMIT ?";

  private static final String WITHOUT_START =
      "SELECT 0, id FROM appointment WHERE starts_at IS NULL AND state IS NOT NULL AND id > ?"
          + " ORDER BY id LIMIT ?";

  private static final String YOUNG =
      "SELECT 1 FROM appointment a WHERE a.id = ? AND (a.starts_at >= ? OR EXISTS (SELECT 1 FROM timeline t"
          + " WHERE t.appointment = a.id AND t.at >= ?))";

  private final int rows;
  private final Chains chains;

  PurgeVisits(int rows, Chains chains) {
    this.rows = rows;
    this.chains = chains;
  }

  Portion byStart(Statements statements, PurgeLimits limits, boolean dry, @Nullable String after)
      throws SQLException {
    Instant limit = limits.timeline();
    if (limit == null) {
      return new Portion(Purged.NOTHING, null);
    }
    String[] key =
        after == null ? new String[] {String.valueOf(Long.MIN_VALUE), "0"} : after.split("/", 2);
    if (key.length != 2) {
      throw new WrongCursor();
    }
    return portion(
        statements,
        limits,
        dry,
        BY_START,
        limit,
        Cursor.number(key[0]),
        Cursor.number(key[1]),
        rows);
  }

  Portion withoutStart(
      Statements statements, PurgeLimits limits, boolean dry, @Nullable String after)
      throws SQLException {
    if (limits.timeline() == null) {
      return new Portion(Purged.NOTHING, null);
    }
    long id = after == null ? 0 : Cursor.number(after.substring(after.indexOf('/') + 1));
    return portion(statements, limits, dry, WITHOUT_START, id, rows);
  }

  private Portion portion(
      Statements statements,
      PurgeLimits limits,
      boolean dry,
      String sql,
      @Nullable Object... values)
      throws SQLException {
    List<Long> ids = new ArrayList<>();
    String last = null;
    try (ResultSet found = statements.bind(sql, values).executeQuery()) {
      while (found.next()) {
        ids.add(found.getLong(2));
        last = found.getLong(1) + "/" + found.getLong(2);
      }
    }
    long appointments = 0;
    long deliveries = 0;
    for (long id : ids) {
      Chains.Chain chain = chains.of(statements, id);
      if (chain == null || !isOver(statements, chain, limits)) {
        continue;
      }
      if (dry) {
        appointments++;
      } else {
        appointments += chain.appointments().size();
        deliveries += Emptying.empty(statements, chain, "purged", limits.now());
      }
    }
    return new Portion(new Purged(0, deliveries, appointments), last);
  }

  private static boolean isOver(Statements statements, Chains.Chain chain, PurgeLimits limits)
      throws SQLException {
    for (long id : chain.appointments()) {
      if (PurgeStore.exists(statements, YOUNG, id, limits.timeline(), limits.timeline())) {
        return false;
      }
    }
    return !Chains.hasDelivery(statements, chain, "'planned', 'sending', 'uncertain'");
  }
}
