package io.appointmentrelay.store;

import io.appointmentrelay.store.PurgeStore.Portion;
import io.appointmentrelay.store.PurgeStore.Purged;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Purges what senders sent, once every part of it has run or was a duplicate. */
final class PurgeBodies {

  private static final String KIND = "bodies";

  private static final String ARRIVED =
      "SELECT message, MIN(received_at) FROM notification WHERE message > ? GROUP BY message"
          + " ORDER BY message LIMIT ?";

  private static final String SETTLED =
      " WHERE id = ? AND body IS NOT NULL AND NOT EXISTS (SELECT 1 FROM notification n"
          + " WHERE n.message = message.id AND n.status IN ('received', 'parked'))";

  private final int rows;

  PurgeBodies(int rows) {
    this.rows = rows;
  }

  private record Message(long id, Instant arrival) {}

  /** Those that were passed by. */
  Portion again(Statements statements, PurgeLimits limits, boolean dry, @Nullable String after)
      throws SQLException {
    if (limits.bodies() == null) {
      return new Portion(Purged.NOTHING, null);
    }
    List<Long> ids = PurgeStore.later(statements, KIND, PurgeStore.number(after, 0), rows);
    long purged = 0;
    for (long id : ids) {
      purged += purge(statements, id, limits.now(), dry) ? 1 : 0;
    }
    return new Portion(
        new Purged(purged, 0, 0), ids.isEmpty() ? null : ids.get(ids.size() - 1).toString());
  }

  /** Those that no purge has looked at. */
  Portion next(Statements statements, PurgeLimits limits, boolean dry, @Nullable String after)
      throws SQLException {
    Instant limit = limits.bodies();
    if (limit == null) {
      return new Portion(Purged.NOTHING, null);
    }
    List<Message> found =
        arrived(
            statements,
            after == null ? PurgeStore.mark(statements, KIND) : PurgeStore.number(after, 0));
    long purged = 0;
    Long last = null;
    for (Message message : found) {
      if (!message.arrival().isBefore(limit)) {
        break;
      }
      purged += purge(statements, message.id(), limits.now(), dry) ? 1 : 0;
      last = message.id();
    }
    if (last != null && !dry) {
      PurgeStore.mark(statements, KIND, last);
    }
    return new Portion(new Purged(purged, 0, 0), last == null ? null : last.toString());
  }

  private List<Message> arrived(Statements statements, long after) throws SQLException {
    List<Message> found = new ArrayList<>();
    try (ResultSet result = statements.bind(ARRIVED, after, rows).executeQuery()) {
      while (result.next()) {
        found.add(new Message(result.getLong(1), PurgeStore.millis(result.getLong(2))));
      }
    }
    return found;
  }

  private static boolean purge(Statements statements, long message, Instant now, boolean dry)
      throws SQLException {
    if (dry) {
      return PurgeStore.exists(statements, "SELECT 1 FROM message" + SETTLED, message);
    }
    boolean purged =
        statements.update("UPDATE message SET body = NULL, purged_at = ?" + SETTLED, now, message)
            == 1;
    if (!purged
        && PurgeStore.exists(
            statements, "SELECT 1 FROM message WHERE id = ? AND body IS NOT NULL", message)) {
      PurgeStore.putOff(statements, KIND, message);
    } else {
      PurgeStore.putOffNoMore(statements, KIND, message);
    }
    return purged;
  }
}
