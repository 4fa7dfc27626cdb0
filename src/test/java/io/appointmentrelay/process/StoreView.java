package io.appointmentrelay.process;

import io.appointmentrelay.store.RawBody;
import io.appointmentrelay.store.StoreAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Reads a store, whether the relay runs or not. */
public final class StoreView {

  private final StoreAddress address;

  public StoreView(Path file) {
    this(StoreAddress.of("jdbc:sqlite:" + file + "?busy_timeout=10000"));
  }

  public StoreView(StoreAddress address) {
    this.address = address;
  }

  /**
   * One row of the inbox.
   *
   * @param id as webhooks and the console name it
   * @param message rises with the order of arrival
   */
  public record Kept(
      String id,
      long message,
      String source,
      String appointment,
      String status,
      String event,
      String body) {}

  public List<Kept> notifications() throws SQLException {
    List<Kept> all = new ArrayList<>();
    try (Connection store = open();
        Statement statement = store.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT n.message || '-' || n.part, n.message, n.source, n.appointment, n.status, n.event, m.body FROM notification n"
                    + " JOIN message m ON m.id = n.message ORDER BY n.message, n.part")) {
      while (rows.next()) {
        all.add(
            new Kept(
                rows.getString(1),
                rows.getLong(2),
                rows.getString(3),
                rows.getString(4),
                rows.getString(5),
                rows.getString(6),
                new String(RawBody.inflated(rows.getBytes(7)), StandardCharsets.UTF_8)));
      }
    }
    return all;
  }

  /**
   * One row of the outbox.
   *
   * @param reason null if there is none
   * @param providerId what the carrier calls it; null if it was not told
   * @param interrupted nobody knew at some time whether it had left
   */
  public record Delivered(
      long id,
      String channel,
      String status,
      String reason,
      String providerId,
      boolean interrupted,
      long due) {}

  public List<Delivered> deliveries() throws SQLException {
    List<Delivered> all = new ArrayList<>();
    try (Connection store = open();
        Statement statement = store.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT id, channel, status, reason, provider_id, interrupted, due FROM delivery ORDER BY id")) {
      while (rows.next()) {
        all.add(
            new Delivered(
                rows.getLong(1),
                rows.getString(2),
                rows.getString(3),
                rows.getString(4),
                rows.getString(5),
                rows.getInt(6) == 1,
                rows.getLong(7)));
      }
    }
    return all;
  }

  /** Notifications that have not run, and deliveries that should have left. */
  public long waiting() throws SQLException {
    return count("SELECT COUNT(*) FROM notification WHERE status = 'received'") + overdue();
  }

  /** Deliveries that are neither in a final state nor in the future. */
  public long overdue() throws SQLException {
    return overdue(Instant.now());
  }

  /** As seen by a clock that shows this. */
  public long overdue(Instant now) throws SQLException {
    return count(
        "SELECT COUNT(*) FROM delivery WHERE status IN ('sending', 'uncertain')"
            + " OR status = 'planned' AND due <= "
            + now.toEpochMilli());
  }

  /** What those deliveries wait for, as far as their rows say. */
  public List<String> overdueRows(Instant now) throws SQLException {
    return deliveries().stream()
        .filter(
            one ->
                List.of("sending", "uncertain").contains(one.status())
                    || (one.status().equals("planned") && one.due() <= now.toEpochMilli()))
        .map(Delivered::toString)
        .toList();
  }

  /** All messages on the channels of the appointments that these were about, a row each. */
  public List<String> around(List<String> providerIds) {
    List<String> rows = new ArrayList<>();
    String of =
        "SELECT root FROM delivery WHERE provider_id IN ('"
            + String.join("','", providerIds)
            + "')";
    try (Connection store = open();
        Statement statement = store.createStatement();
        ResultSet found =
            statement.executeQuery(
                "SELECT id, root, appointment, version, event, channel, nature, text, status, reason, attempts, interrupted,"
                    + " provider_id, planned_at, due, sent_at FROM delivery WHERE channel <> 'webhook' AND root IN ("
                    + of
                    + ") AND nature = 'NEWS' ORDER BY root, id")) {
      while (found.next()) {
        StringBuilder row = new StringBuilder();
        for (int i = 1; i <= found.getMetaData().getColumnCount(); i++) {
          row.append(found.getString(i)).append(' ');
        }
        rows.add(row.toString());
      }
      return rows;
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  public long deliveries(String status) throws SQLException {
    return count("SELECT COUNT(*) FROM delivery WHERE status = '" + status + "'");
  }

  /** Deliveries that may have arrived, and were given up because newer news took their place. */
  public Set<Long> perhapsTold() throws SQLException {
    Set<Long> ids = new HashSet<>();
    try (Connection store = open();
        Statement statement = store.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT id FROM delivery WHERE interrupted = 1 AND status = 'superseded'")) {
      while (rows.next()) {
        ids.add(rows.getLong(1));
      }
    }
    return ids;
  }

  public long count(String query) throws SQLException {
    try (Connection store = open();
        Statement statement = store.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      rows.next();
      return rows.getLong(1);
    }
  }

  private Connection open() throws SQLException {
    return DriverManager.getConnection(address.url(), address.user(), address.password());
  }
}
