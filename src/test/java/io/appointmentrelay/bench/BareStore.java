package io.appointmentrelay.bench;

import io.appointmentrelay.store.Database;
import io.appointmentrelay.store.PostgresDatabase;
import io.appointmentrelay.store.Sha256;
import io.appointmentrelay.store.SqliteDatabase;
import io.appointmentrelay.store.StoreAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.apache.commons.codec.digest.DigestUtils;

/**
 * What a bare relay keeps, by plain JDBC on one connection, each batch in one transaction that is
 * on disk when {@link #keep} returns.
 */
abstract class BareStore implements AutoCloseable {

  /** Undoes what opening it has done. */
  private interface Closing {
    void close() throws IOException, SQLException;
  }

  private final Connection connection;
  private final Closing closing;
  private long last;

  private BareStore(Connection connection, Closing closing) throws SQLException {
    this.connection = connection;
    this.closing = closing;
    connection.setAutoCommit(false);
  }

  /**
   * The bodies and nothing else, in SQLite.
   *
   * @param folder on the disk that is to be measured
   */
  static BareStore ofBodies(Path folder) throws IOException, SQLException {
    Path own = ownFolder(folder);
    Connection connection = DriverManager.getConnection("jdbc:sqlite:" + own.resolve("bare.db"));
    try (Statement setUp = connection.createStatement()) {
      setUp.execute("PRAGMA journal_mode=WAL");
      setUp.execute("PRAGMA synchronous=FULL");
      setUp.execute("CREATE TABLE notification (id INTEGER PRIMARY KEY, body BLOB NOT NULL)");
    }
    return new Bodies(connection, () -> Folders.delete(own));
  }

  /** The bodies and nothing else, in an empty schema of PostgreSQL. */
  static BareStore ofBodies(StoreAddress postgres) throws SQLException {
    Connection connection =
        DriverManager.getConnection(
            postgres.url() + "&reWriteBatchedInserts=true", postgres.user(), postgres.password());
    try (Statement setUp = connection.createStatement()) {
      setUp.execute("SET synchronous_commit = on");
      setUp.execute("CREATE TABLE notification (id BIGINT PRIMARY KEY, body BYTEA NOT NULL)");
    }
    return new Bodies(connection, () -> {});
  }

  /**
   * The rows, indexes and hashes that the relay keeps of a notification before it answers, in its
   * schema and with its settings for SQLite.
   *
   * @param folder on the disk that is to be measured
   */
  static BareStore ofInbox(Path folder) throws IOException, SQLException {
    Path own = ownFolder(folder);
    return ofInbox(
        SqliteDatabase.open("jdbc:sqlite:" + own.resolve("bare.db")), () -> Folders.delete(own));
  }

  /** The same in an empty schema of PostgreSQL. */
  static BareStore ofInbox(StoreAddress postgres) throws SQLException {
    return ofInbox(PostgresDatabase.open(postgres), () -> {});
  }

  private static BareStore ofInbox(Database database, Closing closing) throws SQLException {
    database.migrate();
    return new Inbox(
        database,
        database.openWriter(),
        () -> {
          database.close();
          closing.close();
        });
  }

  /** Keeps the bodies; their numbers begin with the one returned. */
  long keep(List<byte[]> bodies) throws SQLException {
    long first = last + 1;
    for (byte[] body : bodies) {
      add(++last, body);
    }
    send();
    connection.commit();
    committed(connection);
    return first;
  }

  abstract void add(long number, byte[] body) throws SQLException;

  abstract void send() throws SQLException;

  void committed(Connection writer) throws SQLException {}

  @Override
  public void close() throws IOException, SQLException {
    connection.close();
    closing.close();
  }

  private static final class Bodies extends BareStore {
    private final PreparedStatement insert;

    private Bodies(Connection connection, Closing closing) throws SQLException {
      super(connection, closing);
      insert = connection.prepareStatement("INSERT INTO notification (id, body) VALUES (?, ?)");
    }

    @Override
    void add(long number, byte[] body) throws SQLException {
      insert.setLong(1, number);
      insert.setBytes(2, body);
      insert.addBatch();
    }

    @Override
    void send() throws SQLException {
      insert.executeBatch();
    }
  }

  private static final class Inbox extends BareStore {
    private static final int FIRST_VISIT = 10_000_000;

    private final Database database;
    private final PreparedStatement message;
    private final PreparedStatement notification;
    private final MessageDigest sha256 = DigestUtils.getSha256Digest();
    private byte[] link = new byte[32];

    private Inbox(Database database, Connection connection, Closing closing) throws SQLException {
      super(connection, closing);
      this.database = database;
      message =
          connection.prepareStatement(
              "INSERT INTO message (id, body, body_hash, link) VALUES (?, ?, ?, ?)");
      notification =
          connection.prepareStatement(
              "INSERT INTO notification (message, part, source, received_at, status, label, appointment, ordering_key,"
                  + " deduplication) VALUES (?, 1, 'redox-fhir', ?, 'received', 'AppointmentBooked', ?, ?, ?) ON CONFLICT DO NOTHING");
    }

    @Override
    void add(long number, byte[] body) throws SQLException {
      byte[] hash = sha256.digest(body);
      sha256.update(link);
      link = sha256.digest(hash);
      message.setLong(1, number);
      message.setBytes(2, body);
      message.setBytes(3, hash);
      message.setBytes(4, link);
      message.addBatch();
      notification.setLong(1, number);
      notification.setLong(2, System.currentTimeMillis());
      String visit = "V123x" + (FIRST_VISIT + number);
      notification.setString(3, visit);
      notification.setString(4, "redox-fhir " + visit);
      notification.setBytes(5, Sha256.half(hash));
      notification.addBatch();
    }

    @Override
    void send() throws SQLException {
      message.executeBatch();
      notification.executeBatch();
    }

    @Override
    void committed(Connection writer) throws SQLException {
      database.committed(writer);
    }
  }

  private static Path ownFolder(Path folder) throws IOException {
    return Files.createTempDirectory(Files.createDirectories(folder), "bare-");
  }
}
