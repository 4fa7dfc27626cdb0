package io.appointmentrelay.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * PostgreSQL: survives the machine the relay runs on. A connection that is lost is opened anew by
 * whoever needs one next.
 */
public final class PostgresDatabase implements Database {

  private static final int CONNECT_SECONDS = 5;

  /** Longer than any statement of the relay takes, shorter than a sender's patience. */
  private static final int ANSWER_SECONDS = 20;

  /** The audit reads everything, and takes its time. */
  private static final int NO_LIMIT = 0;

  /** A list that looks far for something rare does not fetch everything on the way. */
  private static final int ROWS_AT_ONCE = 200;

  /**
   * Whatever is asked for here has an index. Without statistics, as in the first minutes of a store
   * or after it was restored, the server would read whole tables instead, and keep to that. Nothing
   * asked for here is worth compiling.
   */
  private static final String BY_INDEX =
      "set_config('enable_seqscan', 'off', false), set_config('jit', 'off', false)";

  /**
   * A commit is on disk before it is reported, whatever the server's default is; and a writer that
   * vanished, or hangs in the middle, does not hold up the others.
   */
  private static final String WRITES =
      "SELECT CASE current_setting('synchronous_commit') WHEN 'off'"
          + " THEN set_config('synchronous_commit', 'on', false) ELSE '' END,"
          + " set_config('lock_timeout', '10s', false),"
          + " set_config('idle_in_transaction_session_timeout', '4s', false),"
          + " set_config('tcp_keepalives_idle', '4', false),"
          + " set_config('tcp_keepalives_interval', '2', false),"
          + " set_config('tcp_keepalives_count', '2', false), "
          + BY_INDEX;

  private final StoreAddress address;
  private final HikariDataSource readers;
  private final Seal seal;

  private PostgresDatabase(StoreAddress address) {
    this.address = address;
    this.seal = Seal.of(address.keys());
    HikariConfig pool = new HikariConfig();
    pool.setDataSource(source(NO_LIMIT));
    pool.setPoolName("console-reads");
    pool.setReadOnly(true);
    pool.setMaximumPoolSize(4);
    pool.setMinimumIdle(0);
    pool.setConnectionTimeout(CONNECT_SECONDS * 1_000L);
    pool.setInitializationFailTimeout(-1);
    this.readers = new HikariDataSource(pool);
  }

  /** Opens the store; connects only when there is something to ask. */
  public static PostgresDatabase open(StoreAddress address) {
    return new PostgresDatabase(address);
  }

  private PGSimpleDataSource source(int answerSeconds) {
    PGSimpleDataSource source = new PGSimpleDataSource();
    source.setUrl(address.url());
    if (address.user() != null) {
      source.setUser(address.user());
    }
    if (address.password() != null) {
      source.setPassword(address.password());
    }
    source.setApplicationName("appointment-relay");
    if (!address.url().contains("targetServerType=")) {
      source.setTargetServerType("primary");
    }
    source.setConnectTimeout(CONNECT_SECONDS);
    source.setLoginTimeout(CONNECT_SECONDS);
    source.setSocketTimeout(answerSeconds);
    source.setTcpKeepAlive(true);
    source.setReadOnlyMode("always");
    source.setDefaultRowFetchSize(ROWS_AT_ONCE);
    // Errors go to logs by their code; the server's words would quote values.
    source.setLogServerErrorDetail(false);
    return source;
  }

  @Override
  public Connection openWriter() throws SQLException {
    Connection connection = source(ANSWER_SECONDS).getConnection();
    try (var statement = connection.createStatement()) {
      statement.execute(WRITES);
    }
    connection.setAutoCommit(false);
    return connection;
  }

  @Override
  public Connection openReader() throws SQLException {
    Connection connection = source(ANSWER_SECONDS).getConnection();
    try (var statement = connection.createStatement()) {
      statement.execute("SELECT " + BY_INDEX);
    }
    connection.setReadOnly(true);
    return connection;
  }

  @Override
  public Seal seal() {
    return seal;
  }

  @Override
  public DataSource readers() {
    return readers;
  }

  @Override
  public boolean isShared() {
    return true;
  }

  @Override
  public void migrate() {
    try {
      Flyway.configure()
          .dataSource(source(NO_LIMIT))
          .locations("classpath:db/migration/postgresql")
          .loggers("slf4j")
          .load()
          .migrate();
    } catch (FlywayException e) {
      throw new StoreUnavailable(
          "The store must be a PostgreSQL database in which the relay may make its tables, at relay.store.url;"
              + " it could not be opened or brought up to date. Check the server, and relay.store.url, .user and .password.",
          e);
    }
  }

  @Override
  public void close() {
    readers.close();
  }
}
