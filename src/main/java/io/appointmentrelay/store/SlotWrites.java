package io.appointmentrelay.store;

import io.appointmentrelay.appointment.OfferedSlot;
import io.appointmentrelay.appointment.Party;
import io.appointmentrelay.appointment.Plan.Verdict;
import io.appointmentrelay.appointment.SlotsNotice;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Keeps pushed slots; a complete batch takes the place of earlier slots of the same providers and
 * days.
 */
final class SlotWrites {

  /**
   * Writes the slots of one notification. One that answers a question takes the place of all slots
   * that the question asked for.
   */
  void store(Statements statements, String source, Verdict.Slots pushed) throws SQLException {
    SlotsNotice notice = pushed.notice();
    SlotsNotice.Batch batch = notice.batch();
    String batchId = batch == null ? null : batch.id();
    SlotsNotice.Asked asked = notice.asked();
    if (asked != null) {
      dropWhatWasAskedFor(statements, source, asked);
    }
    for (OfferedSlot slot : notice.slots()) {
      upsert(statements, source, pushed.group(), slot, batchId);
    }
    if (batch != null && isComplete(statements, source, batch)) {
      dropWhatItReplaces(statements, source, batch.id(), pushed.zone());
    }
  }

  private static void dropWhatWasAskedFor(
      Statements statements, String source, SlotsNotice.Asked asked) throws SQLException {
    String ofProvider = asked.provider() == null ? "" : " AND provider = ?";
    List<Object> values = new ArrayList<>(List.of(source, asked.from(), asked.to()));
    if (asked.provider() != null) {
      values.add(asked.provider());
    }
    statements.update(
        "DELETE FROM slot WHERE source = ? AND starts_at >= ? AND starts_at < ?" + ofProvider,
        values.toArray());
  }

  private static void upsert(
      Statements statements, String source, String group, OfferedSlot slot, @Nullable String batch)
      throws SQLException {
    statements.update(
        "INSERT INTO slot (source, feed_group, slot_key, slot_id, starts_at, minutes, reason, provider, provider_name,"
            + " location, batch) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (source, slot_key) DO UPDATE SET"
            + " feed_group = excluded.feed_group, starts_at = excluded.starts_at, minutes = excluded.minutes, reason = excluded.reason,"
            + " provider = excluded.provider, provider_name = excluded.provider_name, location = excluded.location,"
            + " batch = excluded.batch",
        source,
        group,
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
      return LongKey.shortened("id " + slot.id());
    }
    String location = slot.location() == null ? "" : slot.location().shown();
    return LongKey.shortened(
        "at " + slot.start() + " " + reference(slot.provider()) + " " + location);
  }

  private static String reference(@Nullable Party party) {
    return party == null ? "" : party.reference() != null ? party.reference() : party.shown();
  }

  private static boolean isComplete(Statements statements, String source, SlotsNotice.Batch batch)
      throws SQLException {
    statements.update(
        "INSERT INTO slot_batch (source, batch, piece) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
        source,
        LongKey.shortened(batch.id()),
        batch.current());
    try (ResultSet rows =
        statements
            .bind(
                "SELECT COUNT(*) FROM slot_batch WHERE source = ? AND batch = ?",
                source,
                LongKey.shortened(batch.id()))
            .executeQuery()) {
      return rows.next() && rows.getInt(1) >= batch.total();
    }
  }

  /**
   * Only the days that the batch speaks of, each by itself: what lies between two of them stays.
   */
  private static void dropWhatItReplaces(
      Statements statements, String source, String batch, ZoneId zone) throws SQLException {
    for (ProviderDay day : days(statements, source, batch, zone)) {
      statements.update(
          "DELETE FROM slot WHERE source = ? AND provider = ? AND starts_at >= ? AND starts_at < ?"
              + " AND batch IS NOT NULL AND batch <> ?",
          source,
          day.provider(),
          day.date().atStartOfDay(zone).toInstant(),
          day.date().plusDays(1).atStartOfDay(zone).toInstant(),
          batch);
    }
    statements.update(
        "DELETE FROM slot_batch WHERE source = ? AND batch = ?", source, LongKey.shortened(batch));
  }

  private record ProviderDay(String provider, LocalDate date) {}

  private static Set<ProviderDay> days(
      Statements statements, String source, String batch, ZoneId zone) throws SQLException {
    Set<ProviderDay> days = new HashSet<>();
    try (ResultSet rows =
        statements
            .bind(
                "SELECT provider, starts_at FROM slot WHERE source = ? AND batch = ?",
                source,
                batch)
            .executeQuery()) {
      while (rows.next()) {
        Instant start = Instant.ofEpochMilli(rows.getLong(2));
        days.add(new ProviderDay(rows.getString(1), LocalDate.ofInstant(start, zone)));
      }
    }
    return days;
  }
}
