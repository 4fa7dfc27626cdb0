package io.appointmentrelay.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Both databases have the same tables with the same columns: one set of statements runs on both.
 */
class SchemaTwinsTest {

  /** What only a store that several processes share has. */
  private static final String OF_SEVERAL_PROCESSES = "process";

  private static final String ON_SQLITE =
      "SELECT t.name, c.name FROM sqlite_master t JOIN pragma_table_info(t.name) c"
          + " WHERE t.type = 'table' AND t.name NOT LIKE 'flyway%'";

  private static final String ON_POSTGRES =
      "SELECT table_name, column_name FROM information_schema.columns"
          + " WHERE table_schema = current_schema() AND table_name NOT LIKE 'flyway%'"
          + " AND table_name IN (SELECT tablename FROM pg_tables WHERE schemaname = current_schema())";

  @TempDir private Path directory;

  @Test
  void aColumnOfOneIsAColumnOfTheOther() throws SQLException {
    StoreAddress postgres = TestPostgres.newSchema();
    StoreAddress sqlite = StoreAddress.of("jdbc:sqlite:" + directory.resolve("relay.db"));

    Map<String, TreeSet<String>> onPostgres = columns(postgres, ON_POSTGRES);
    onPostgres.remove(OF_SEVERAL_PROCESSES);

    assertThat(onPostgres).isEqualTo(columns(sqlite, ON_SQLITE)).hasSizeGreaterThan(10);
  }

  private static Map<String, TreeSet<String>> columns(StoreAddress address, String sql)
      throws SQLException {
    try (Database database = address.open()) {
      database.migrate();
    }
    Map<String, TreeSet<String>> columns = new TreeMap<>();
    try (Connection connection =
            DriverManager.getConnection(address.url(), address.user(), address.password());
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      while (rows.next()) {
        columns.computeIfAbsent(rows.getString(1), table -> new TreeSet<>()).add(rows.getString(2));
      }
    }
    return columns;
  }
}
