package io.appointmentrelay.store;

import io.appointmentrelay.appointment.Delivery;
import io.appointmentrelay.appointment.PlannedDelivery;
import java.sql.SQLException;
import java.util.List;

/**
 * Plans what somebody is to do about a delivery that did not reach its end, with its end. Due are
 * they at once, and events to a system not before an earlier one that waits.
 */
final class TaskWrites {

  private static final String INSERT =
      "INSERT INTO delivery (id, appointment, root, version, event, channel, audience, nature, text, starts_at, planned,"
          + " due, planned_at, status) SELECT ?, d.appointment, d.root, d.version, d.event, ?, ?, ?, ?, d.starts_at, ?,"
          + " COALESCE((SELECT MAX(e.due) FROM delivery e WHERE e.root = d.root AND e.channel || '' = ? AND e.nature = 'EVENT'"
          + " AND e.nature = ? AND e.status = 'planned' AND e.due > ?), ?), ?, 'planned' FROM delivery d WHERE d.id = ?";

  private TaskWrites() {}

  static void plan(
      Statements statements, Ids ids, Delivery failed, List<PlannedDelivery> tasks, Seal seal)
      throws SQLException {
    for (PlannedDelivery task : tasks) {
      long id = ids.nextDelivery();
      statements.update(
          INSERT,
          id,
          task.channel(),
          task.audience().word(),
          task.nature().name(),
          task.text(),
          task.due(),
          task.channel(),
          task.nature().name(),
          task.due(),
          task.due(),
          task.due(),
          failed.id());
      String place = Place.payload(failed.group(), failed.appointment());
      PayloadWrites.keep(statements, id, seal.textOrNull(task.payload(), place));
    }
  }
}
