package io.appointmentrelay.store;

import io.appointmentrelay.FreePort;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** A PostgreSQL server of one test's own, which goes away and comes back with what it had. */
public final class RestartablePostgres implements AutoCloseable {

  private final Path directory;
  private final int port;
  private EmbeddedPostgres server;

  private RestartablePostgres(Path directory, int port) throws IOException {
    this.directory = directory;
    this.port = port;
    goOn();
  }

  public static RestartablePostgres start() throws IOException {
    return new RestartablePostgres(Files.createTempDirectory("relay-postgres"), FreePort.any());
  }

  public StoreAddress address() {
    return new StoreAddress(
        "jdbc:postgresql://localhost:" + port + "/postgres", "postgres", "postgres");
  }

  /** Ends every connection, whatever it is doing. */
  public void stop() throws IOException {
    server.close();
  }

  public void goOn() throws IOException {
    server =
        EmbeddedPostgres.builder()
            .setPort(port)
            .setDataDirectory(directory)
            .setCleanDataDirectory(false)
            .start();
  }

  @Override
  public void close() throws IOException {
    server.close();
    try (Stream<Path> files = Files.walk(directory)) {
      files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
    }
  }
}
