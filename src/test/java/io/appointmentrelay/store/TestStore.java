package io.appointmentrelay.store;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The store that belongs to a test's directory: a file in it, or, with {@code
 * -Drelay.test.store=postgresql}, a schema of a PostgreSQL server named after it.
 */
public final class TestStore {

  private static final boolean POSTGRESQL =
      "postgresql".equals(System.getProperty("relay.test.store"));

  private TestStore() {}

  public static boolean isPostgres() {
    return POSTGRESQL;
  }

  public static StoreAddress address(Path directory) {
    return POSTGRESQL
        ? TestPostgres.schema("relay_at_" + Integer.toHexString(directory.toString().hashCode()))
        : StoreAddress.of("jdbc:sqlite:" + directory.resolve("relay.db"));
  }

  /** What a relay must be told so that it uses this store. */
  public static Map<String, String> settings(Path directory) {
    Map<String, String> settings = new HashMap<>();
    if (POSTGRESQL) {
      StoreAddress address = address(directory);
      settings.put("relay.store.url", address.url());
      settings.put("relay.store.user", String.valueOf(address.user()));
      settings.put("relay.store.password", String.valueOf(address.password()));
    }
    return settings;
  }

  public static Connection connect(Path directory) throws SQLException {
    StoreAddress address = address(directory);
    return DriverManager.getConnection(address.url(), address.user(), address.password());
  }

  /** What is committed now, for another directory's store, which must not exist yet. */
  public static void copy(Path from, Path to) throws SQLException {
    try (Connection source = connect(from)) {
      if (!POSTGRESQL) {
        try (PreparedStatement vacuum = source.prepareStatement("VACUUM INTO ?")) {
          vacuum.setString(1, to.resolve("relay.db").toString());
          vacuum.execute();
        }
        return;
      }
      source.setAutoCommit(false);
      source.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
      try (Database target = address(to).open();
          Connection writer = connect(to)) {
        target.migrate();
        for (String table : tables(source)) {
          copy(table, source, writer);
        }
        for (String table :
            List.of("access", "opt_out", "event_gap", "reconciliation", "silence")) {
          try (Statement statement = writer.createStatement()) {
            statement.execute(
                "SELECT setval(pg_get_serial_sequence('"
                    + table
                    + "', 'id'), (SELECT COALESCE(MAX(id), 0) + 1 FROM "
                    + table
                    + "))");
          }
        }
        for (String table : List.of("message", "appointment", "delivery")) {
          try (Statement statement = writer.createStatement()) {
            statement.execute(
                "SELECT setval('last_"
                    + table
                    + "', (SELECT COALESCE(MAX(id), 0) FROM "
                    + table
                    + "))");
          }
        }
      }
    }
  }

  private static List<String> tables(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT tablename FROM pg_tables WHERE schemaname = current_schema()"
                    + " AND tablename NOT LIKE 'flyway%'")) {
      List<String> tables = new ArrayList<>();
      while (rows.next()) {
        tables.add(rows.getString(1));
      }
      return tables;
    }
  }

  private static void copy(String table, Connection source, Connection target) throws SQLException {
    try (Statement statement = source.createStatement();
        Statement clear = target.createStatement();
        ResultSet rows = statement.executeQuery("SELECT * FROM " + table)) {
      clear.execute("DELETE FROM " + table);
      int columns = rows.getMetaData().getColumnCount();
      try (PreparedStatement insert =
          target.prepareStatement(
              "INSERT INTO "
                  + table
                  + " OVERRIDING SYSTEM VALUE VALUES (?"
                  + ", ?".repeat(columns - 1)
                  + ")")) {
        while (rows.next()) {
          for (int i = 1; i <= columns; i++) {
            insert.setObject(i, rows.getObject(i));
          }
          insert.addBatch();
        }
        insert.executeBatch();
      }
    }
  }
}
