package io.appointmentrelay.store;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicInteger;

/** A PostgreSQL server of this JVM, started when a test first asks for it; runs as root too. */
public final class TestPostgres {

  private static final AtomicInteger NUMBER = new AtomicInteger();

  private TestPostgres() {}

  private static final class Server {
    static final EmbeddedPostgres ONE = start();

    private static EmbeddedPostgres start() {
      try {
        return EmbeddedPostgres.builder()
            .setServerConfig("max_connections", "300")
            .setServerConfig("fsync", "off")
            .start();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** A schema of this name, made if there is none: as good as a database, and made at once. */
  public static StoreAddress schema(String name) {
    try (Connection connection = connect(address("public"));
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE SCHEMA IF NOT EXISTS " + name);
      return address(name);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** One that no other test has. */
  public static StoreAddress newSchema() {
    return schema("relay_" + NUMBER.incrementAndGet());
  }

  static Connection connect(StoreAddress address) throws SQLException {
    return DriverManager.getConnection(address.url(), address.user(), address.password());
  }

  private static StoreAddress address(String schema) {
    return new StoreAddress(
        "jdbc:postgresql://localhost:" + Server.ONE.getPort() + "/postgres?currentSchema=" + schema,
        "postgres",
        "postgres");
  }
}
