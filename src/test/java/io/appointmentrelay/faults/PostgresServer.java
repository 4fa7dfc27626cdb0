package io.appointmentrelay.faults;

import io.appointmentrelay.process.Installation;
import io.appointmentrelay.process.StoreView;
import io.appointmentrelay.store.RestartablePostgres;
import io.appointmentrelay.store.StoreAddress;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;

/** A PostgreSQL server, shared by two processes. Full is told by it as read-only. */
final class PostgresServer implements Site {

  private final RestartablePostgres server;

  private PostgresServer(RestartablePostgres server) {
    this.server = server;
  }

  static PostgresServer start() throws Exception {
    return new PostgresServer(RestartablePostgres.start());
  }

  @Override
  public Installation installed(Path directory, int smtpPort, int httpPort) throws Exception {
    return Installation.in(directory).sendingTo(smtpPort, httpPort).reading(server.address());
  }

  @Override
  public StoreView view() {
    return new StoreView(server.address());
  }

  @Override
  public int processes() {
    return 2;
  }

  @Override
  public void fill() throws Exception {
    execute("ALTER SYSTEM SET default_transaction_read_only = on", "SELECT pg_reload_conf()");
  }

  @Override
  public void free() throws Exception {
    execute("ALTER SYSTEM RESET default_transaction_read_only", "SELECT pg_reload_conf()");
  }

  @Override
  public void cutConnections() throws Exception {
    execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'appointment-relay'");
  }

  private void execute(String... all) throws SQLException {
    StoreAddress address = server.address();
    try (Connection connection =
            DriverManager.getConnection(address.url(), address.user(), address.password());
        Statement statement = connection.createStatement()) {
      for (String one : all) {
        statement.execute(one);
      }
    }
  }

  @Override
  public void stop() throws Exception {
    server.stop();
  }

  @Override
  public void goOn() throws Exception {
    server.goOn();
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
