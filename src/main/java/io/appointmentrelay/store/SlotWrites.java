package io.appointmentrelay.store;

import io.appointmentrelay.appointment.OfferedSlot;
import io.appointmentrelay.appointment.Party;
import io.appointmentrelay.appointment.SlotsNotice;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * Keeps pushed slots; a complete batch takes the place of earlier slots of the same providers and
 * days.
 */
final class SlotWrites {

  void store(Statements statements, String source, SlotsNotice notice) throws SQLException {
    SlotsNotice.Batch batch = notice.batch();
    String batchId = batch == null ? null : batch.id();
    for (OfferedSlot slot : notice.slots()) {
      upsert(statements, source, slot, batchId);
    }
    if (batch != null && isComplete(statements, source, batch)) {
      dropWhatItReplaces(statements, source, batch.id());
    }
  }

  private static void upsert(
      Statements statements, String source, OfferedSlot slot, @Nullable String batch)
      throws SQLException {
    statements.update(
        "INSERT INTO slot (source, slot_key, slot_id, starts_at, minutes, reason, provider, provider_name, location,"
            + " batch) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (source, slot_key) DO UPDATE SET"
            + " starts_at = excluded.starts_at, minutes = excluded.minutes, reason = excluded.reason,"
            + " provider = excluded.provider, provider_name = excluded.provider_name, location = excluded.location,"
            + " batch = excluded.batch",
        source,
        key(slot),
        slot.id(),
        slot.start(),
        slot.minutes(),
        slot.reason(),
        reference(slot.provider()),
        slot.provider() == null ? null : slot.provider().name(),
        slot.location() == null ? null : slot.location().shown(),
        batch);
  }

  private static String key(OfferedSlot slot) {
    if (slot.id() != null) {
      return "id " + slot.id();
    }
    String location = slot.location() == null ? "" : slot.location().shown();
    return "at " + slot.start() + " " + reference(slot.provider()) + " " + location;
  }

  private static String reference(@Nullable Party party) {
    return party == null ? "" : party.reference() != null ? party.reference() : party.shown();
  }

  private static boolean isComplete(Statements statements, String source, SlotsNotice.Batch batch)
      throws SQLException {
    statements.update(
        "INSERT INTO slot_batch (source, batch, piece) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
        source,
        batch.id(),
        batch.current());
    try (ResultSet rows =
        statements
            .bind(
                "SELECT COUNT(*) FROM slot_batch WHERE source = ? AND batch = ?",
                source,
                batch.id())
            .executeQuery()) {
      return rows.next() && rows.getInt(1) >= batch.total();
    }
  }

  /** The days are days in UTC: the source says none of its own. */
  private static void dropWhatItReplaces(Statements statements, String source, String batch)
      throws SQLException {
    try (ResultSet rows =
        statements
            .bind(
                "SELECT provider, MIN(starts_at), MAX(starts_at) FROM slot WHERE source = ? AND batch = ?"
                    + " GROUP BY provider",
                source,
                batch)
            .executeQuery()) {
      while (rows.next()) {
        Instant first = Instant.ofEpochMilli(rows.getLong(2)).truncatedTo(ChronoUnit.DAYS);
        Instant last =
            Instant.ofEpochMilli(rows.getLong(3))
                .truncatedTo(ChronoUnit.DAYS)
                .plus(Duration.ofDays(1));
        statements.update(
            "DELETE FROM slot WHERE source = ? AND provider = ? AND starts_at >= ? AND starts_at < ?"
                + " AND batch IS NOT NULL AND batch <> ?",
            source,
            rows.getString(1),
            first,
            last,
            batch);
      }
    }
    statements.update("DELETE FROM slot_batch WHERE source = ? AND batch = ?", source, batch);
  }
}
