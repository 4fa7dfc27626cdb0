package io.appointmentrelay.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;

/**
 * SQLite in write-ahead mode: every commit is on disk before it is reported, and readers never
 * block the writer.
 */
public final class SqliteDatabase implements Database {

  private static final String PREFIX = "jdbc:sqlite:";

  /**
   * Every touched page is written whole, once per commit: indexes are touched all over, and small
   * pages cost little beside what is written anyway.
   */
  private static final int PAGE_BYTES = 1_024;

  /**
   * Not SQLite's own read-only open: that one cannot create the shared-memory file beside the log.
   */
  private static final String READS_ONLY = "PRAGMA query_only = true";

  /** In kB, less than none: so SQLite has it. */
  private static final int READERS_CACHE = -2_000;

  /**
   * Small: at each commit SQLite goes through the hash table of its cache, which took a fifth of
   * the writer's time at 64 MB. What falls out is in the system's own cache; a memory map of the
   * file would spare little and, in each of thirty connections, count as so much memory.
   */
  private static final int WRITERS_CACHE = -8_000;

  private static final int FORGETS_WITHIN_MILLIS = 1_000;

  private static final Logger LOG = LoggerFactory.getLogger(SqliteDatabase.class);

  private final String url;
  private final @Nullable FileChannel lockFile;
  private final Seal seal;
  private final HikariDataSource readers;
  private @Nullable SqliteCheckpoints checkpoints;

  private SqliteDatabase(String url, @Nullable FileChannel lockFile, Seal seal) {
    this.url = url;
    this.seal = seal;
    this.lockFile = lockFile;
    HikariConfig pool = new HikariConfig();
    pool.setDataSource(source(true));
    pool.setPoolName("console-reads");
    pool.setConnectionInitSql(READS_ONLY);
    pool.setMaximumPoolSize(4);
    pool.setMinimumIdle(0);
    pool.setConnectionTimeout(5_000);
    pool.setInitializationFailTimeout(-1);
    this.readers = new HikariDataSource(pool);
  }

  /** As {@link #open(String, Seal)}, in clear. */
  public static SqliteDatabase open(String url) {
    return open(url, Seal.NONE);
  }

  /**
   * Opens the store for a serving process, alone.
   *
   * @throws StoreUnavailable if another process serves from it already, or the directory cannot be
   *     written
   */
  static SqliteDatabase open(String url, Seal seal) {
    Path file = Path.of(url.substring(PREFIX.length()));
    try {
      Path directory = file.toAbsolutePath().getParent();
      if (directory != null) {
        Files.createDirectories(directory);
      }
      FileChannel channel =
          FileChannel.open(
              Path.of(file + ".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      FileLock lock = tryLock(channel);
      if (lock == null) {
        channel.close();
        throw new StoreUnavailable(
            "The embedded store is for one process; another one serves from "
                + file
                + ". Stop it, or give this one a directory of its own by relay.data-dir.");
      }
      keepToOwner(file);
      return new SqliteDatabase(url, channel, seal);
    } catch (IOException e) {
      throw new StoreUnavailable(
          "The store's directory must be writable; " + file + " is not. Correct relay.data-dir.",
          e);
    }
  }

  /** Opens the store for reading beside a process that serves from it. */
  public static SqliteDatabase openForReading(String url) {
    return openForReading(url, Seal.NONE);
  }

  static SqliteDatabase openForReading(String url, Seal seal) {
    return new SqliteDatabase(url, null, seal);
  }

  /** The file holds what patients would not want read; SQLite gives its log the same rights. */
  private static void keepToOwner(Path file) throws IOException {
    if (Files.notExists(file)) {
      Files.createFile(file);
    }
    if (Files.getFileStore(file).supportsFileAttributeView(PosixFileAttributeView.class)) {
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }
  }

  private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      return null;
    }
  }

  private SQLiteDataSource source(boolean readOnly) {
    SQLiteConfig config = new SQLiteConfig();
    config.setBusyTimeout(10_000);
    config.setJournalMode(SQLiteConfig.JournalMode.WAL);
    config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
    // Ids are handed out by us: asking for the last one would be a query behind every insert.
    config.setGetGeneratedKeys(false);
    config.setTempStore(SQLiteConfig.TempStore.MEMORY);
    config.setCacheSize(readOnly ? READERS_CACHE : WRITERS_CACHE);
    SQLiteDataSource source = new SQLiteDataSource(config);
    source.setUrl(url);
    return source;
  }

  @Override
  public Connection openWriter() throws SQLException {
    Connection connection = source(false).getConnection();
    try (var statement = connection.createStatement()) {
      SqliteCheckpoints.leaveToUs(statement);
    }
    connection.setAutoCommit(false);
    startCheckpoints();
    return connection;
  }

  private synchronized void startCheckpoints() {
    if (checkpoints == null) {
      Path log = Path.of(url.substring(PREFIX.length()) + "-wal");
      checkpoints = new SqliteCheckpoints(source(false), log);
      checkpoints.start();
    }
  }

  @Override
  public synchronized void committed(Connection writer) throws SQLException {
    if (checkpoints != null) {
      checkpoints.finish(writer);
    }
  }

  @Override
  public Connection openReader() throws SQLException {
    Connection connection = source(true).getConnection();
    try (var statement = connection.createStatement()) {
      statement.execute(READS_ONLY);
    }
    return connection;
  }

  @Override
  public void overwrite(Connection writer, boolean also) throws SQLException {
    try (var statement = writer.createStatement()) {
      statement.execute("PRAGMA secure_delete = " + (also ? "ON" : "OFF"));
    }
  }

  /** Who reads or writes just now is in the way: then the next checkpoint does it. */
  @Override
  public void forgetOverwritten() {
    try (Connection connection = source(false).getConnection();
        var statement = connection.createStatement()) {
      statement.execute("PRAGMA busy_timeout = " + FORGETS_WITHIN_MILLIS);
      statement.execute("PRAGMA wal_checkpoint(TRUNCATE)");
    } catch (SQLException e) {
      LOG.debug("The log was not cut down ({}); the next checkpoint makes up", e.getErrorCode());
    }
  }

  @Override
  public void compact() {
    try (Connection connection = source(false).getConnection();
        var statement = connection.createStatement()) {
      statement.execute("VACUUM");
      statement.execute("PRAGMA wal_checkpoint(TRUNCATE)");
    } catch (SQLException e) {
      throw new StoreUnavailable(
          "The store's file must be rewritten, which takes its size in free space; it could not be ("
              + e.getErrorCode()
              + "). Everything is sealed, but what was in clear may still be in the file: make room, and try again.",
          e);
    }
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
  public void migrate() {
    beginWithSmallPages();
    Flyway.configure()
        .dataSource(source(false))
        .locations("classpath:db/migration/sqlite")
        .loggers("slf4j")
        .load()
        .migrate();
  }

  private synchronized void closeCheckpoints() {
    if (checkpoints != null) {
      checkpoints.close();
    }
  }

  /** Has an effect on a new file only, and only before anything else touches it. */
  private void beginWithSmallPages() {
    // Not by DriverManager: it would load the drivers of all databases there are.
    SQLiteDataSource source = new SQLiteDataSource();
    source.setUrl(url);
    try (Connection connection = source.getConnection();
        var statement = connection.createStatement()) {
      statement.execute("PRAGMA page_size = " + PAGE_BYTES);
      statement.execute("PRAGMA journal_mode = WAL");
    } catch (SQLException e) {
      throw new StoreUnavailable(
          "The store must be a SQLite database that can be written ("
              + e.getErrorCode()
              + "). Check the space and the rights of relay.data-dir.",
          e);
    }
  }

  @Override
  public void close() {
    closeCheckpoints();
    readers.close();
    if (lockFile != null) {
      try {
        lockFile.close();
      } catch (IOException e) {
        throw new StoreUnavailable("The store's lock could not be given back", e);
      }
    }
  }
}
