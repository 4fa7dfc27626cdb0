package io.appointmentrelay.bench;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * Fills a stopped relay's SQLite store with copies of what one booking has left in it, so that
 * their shape is always the shape of today's schema.
 */
final class StoreFilling implements AutoCloseable {

  private static final String SERIES =
      "WITH RECURSIVE n(i) AS (SELECT %d UNION ALL SELECT i + 1 FROM n WHERE i < %d) ";
  private static final int SLICE = 500_000;

  /** Of the patient in the sample that is copied. */
  private static final String TELEPHONE = "6085550112";

  private final Path file;
  private final Connection store;

  StoreFilling(Path file) throws SQLException {
    this.file = file;
    store = DriverManager.getConnection("jdbc:sqlite:" + file);
    try (Statement setUp = store.createStatement()) {
      setUp.execute("PRAGMA synchronous=OFF");
      setUp.execute("PRAGMA cache_size=-1000000");
    }
  }

  /**
   * Past visits with deliveries that were sent, an equal share for each.
   *
   * @param appointments how many of them
   * @param deliveries of each
   */
  void past(int appointments, int deliveries) throws SQLException {
    long appointment = firstAppointment();
    for (int from = 1; from <= appointments; from += SLICE) {
      int to = Math.min(appointments, from + SLICE - 1);
      copyAppointments(appointment, from, to, "starts_at - 31536000000", "state");
      for (int copy = 0; copy < deliveries; copy++) {
        copyDelivery(
            "status = 'sent'", from, to, "'sent'", "due - 31536000000", "starts_at - 31536000000");
      }
    }
  }

  /** Visits to come of as many patients, each with its planned text message. */
  void reminders(int number) throws SQLException {
    long appointment = firstAppointment();
    for (int from = 1; from <= number; from += SLICE) {
      int to = Math.min(number, from + SLICE - 1);
      String otherNumber = "replace(state, '" + TELEPHONE + "', '608' || (2200000 + i))";
      copyAppointments(appointment, from, to, "starts_at", otherNumber);
      copyDelivery(
          "channel = 'sms' AND status = 'planned' AND text = 'reminder'",
          from,
          to,
          "'planned'",
          "due",
          "starts_at");
    }
  }

  private void copyAppointments(long template, int from, int to, String startsAt, String state)
      throws SQLException {
    copy(
        "appointment",
        from,
        to,
        "id = " + template,
        column ->
            switch (column) {
              case "id" -> "id + i";
              case "identifier" -> "identifier || '-' || i";
              case "root" -> "id + i";
              case "patient" -> "patient || '-' || i";
              case "starts_at" -> startsAt;
              case "state" -> state;
              default -> column;
            });
  }

  private void copyDelivery(
      String template, int from, int to, String status, String due, String startsAt)
      throws SQLException {
    long last = number("SELECT MAX(id) FROM delivery");
    String one = "id = (SELECT MIN(id) FROM delivery WHERE " + template + ")";
    copy(
        "delivery",
        from,
        to,
        one,
        column ->
            switch (column) {
              case "id" -> last + " + i - " + from + " + 1";
              case "appointment", "root" -> column + " + i";
              case "status" -> status;
              case "due" -> due;
              case "starts_at" -> startsAt;
              default -> column;
            });
  }

  private interface Expression {
    String of(String column);
  }

  private void copy(String table, int from, int to, String template, Expression expression)
      throws SQLException {
    List<String> columns = new ArrayList<>();
    List<String> values = new ArrayList<>();
    try (Statement statement = store.createStatement();
        ResultSet described = statement.executeQuery("PRAGMA table_info(" + table + ")")) {
      while (described.next()) {
        String column = described.getString("name");
        columns.add(column);
        values.add(expression.of(column));
      }
    }
    try (Statement statement = store.createStatement()) {
      statement.executeUpdate(
          SERIES.formatted(from, to)
              + "INSERT INTO "
              + table
              + " ("
              + String.join(", ", columns)
              + ") SELECT "
              + String.join(", ", values)
              + " FROM "
              + table
              + ", n WHERE "
              + template);
    }
  }

  private long firstAppointment() throws SQLException {
    return number("SELECT MIN(id) FROM appointment");
  }

  private long number(String query) throws SQLException {
    try (Statement statement = store.createStatement();
        ResultSet row = statement.executeQuery(query)) {
      row.next();
      return row.getLong(1);
    }
  }

  /** All of it is on the disk then: what is measured next does not wait for it. */
  @Override
  public void close() throws SQLException, IOException {
    store.close();
    try (FileChannel whole = FileChannel.open(file, StandardOpenOption.WRITE)) {
      whole.force(true);
    }
  }
}
