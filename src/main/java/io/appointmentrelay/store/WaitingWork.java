package io.appointmentrelay.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What waits, counted by indexes that hold nothing else. */
public final class WaitingWork {

  /**
   * How much waits.
   *
   * @param oldest since when the longest waiting one waits; absent if none does
   */
  public record Waiting(long count, @Nullable Instant oldest) {

    /** How long the longest waiting one has waited. */
    public Duration age(Instant now) {
      Duration age = oldest == null ? Duration.ZERO : Duration.between(oldest, now);
      return age.isNegative() ? Duration.ZERO : age;
    }
  }

  private final Readers readers;

  public WaitingWork(Database database) {
    this.readers = new Readers(database);
  }

  /** Notification parts that are received and not settled. */
  public Waiting notifications() {
    return readers.query(
        "SELECT COUNT(*), MIN(received_at) FROM notification WHERE status = 'received'",
        WaitingWork::waiting);
  }

  /** Notification parts that are set aside. */
  public long parked() {
    return readers.query(
        "SELECT COUNT(*) FROM notification WHERE status = 'parked'", WaitingWork::count);
  }

  /** Deliveries that are due and not sent. */
  public Waiting dueDeliveries(Instant now) {
    return readers.query(
        "SELECT COUNT(*), MIN(due) FROM delivery WHERE status = 'planned' AND due <= ?",
        WaitingWork::waiting,
        now);
  }

  /** Deliveries that are planned, for now or later. */
  public long plannedDeliveries() {
    return readers.query(
        "SELECT COUNT(*) FROM delivery WHERE status = 'planned'", WaitingWork::count);
  }

  private static long count(ResultSet rows) throws SQLException {
    rows.next();
    return rows.getLong(1);
  }

  private static Waiting waiting(ResultSet rows) throws SQLException {
    rows.next();
    long count = rows.getLong(1);
    return new Waiting(count, count == 0 ? null : Instant.ofEpochMilli(rows.getLong(2)));
  }
}
