package io.appointmentrelay.store;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** What somebody sees who has the store and not the relay: every byte of its files, or a dump. */
public final class RawStore {

  private RawStore() {}

  /** One letter per byte. */
  public static String of(Path directory) {
    return TestStore.isPostgres() ? dump(directory) : files(directory);
  }

  /** The rows as they are, without what the files have freed. */
  public static String rows(Path directory) {
    return dump(directory);
  }

  private static String files(Path directory) {
    StringBuilder all = new StringBuilder();
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        all.append(new String(Files.readAllBytes(file), ISO_8859_1));
      }
      return all.toString();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String dump(Path directory) {
    StringBuilder all = new StringBuilder();
    try (Connection connection = TestStore.connect(directory);
        Statement statement = connection.createStatement()) {
      List<String> tables = new ArrayList<>();
      try (ResultSet rows =
          statement.executeQuery(
              TestStore.isPostgres()
                  ? "SELECT tablename FROM pg_tables WHERE schemaname = current_schema()"
                  : "SELECT name FROM sqlite_master WHERE type = 'table'")) {
        while (rows.next()) {
          tables.add(rows.getString(1));
        }
      }
      for (String table : tables) {
        try (ResultSet rows = statement.executeQuery("SELECT * FROM " + table)) {
          while (rows.next()) {
            for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
              all.append(text(rows.getObject(i))).append('\n');
            }
          }
        }
      }
      return all.toString();
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String text(Object value) {
    return value instanceof byte[] bytes ? new String(bytes, ISO_8859_1) : String.valueOf(value);
  }
}
