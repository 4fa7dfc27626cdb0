package io.appointmentrelay.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteConnection;
import org.sqlite.SQLiteDataSource;

/**
 * Copies the write-ahead log into the file beside the writer, which would otherwise stop for it
 * while senders wait. Under load that copy never quite reaches the log's end, so that the log would
 * only grow: the little that is left the writer copies itself, between two commits, and begins the
 * log anew.
 *
 * <p>A checkpoint that fails is made up for by the next one.
 */
final class SqliteCheckpoints implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(SqliteCheckpoints.class);

  /** Larger means fewer copies of pages that change often, and a longer start after a crash. */
  private static final long WORTHWHILE_BYTES = 96L << 20;

  /** What the log is cut down to when it begins anew, so that its size says how full it is. */
  private static final int KEPT_BYTES = 1 << 20;

  private static final long EVERY_MILLIS = 100;

  /** What was written during the first pass is left to a second, shorter one. */
  private static final int PASSES = 2;

  /** So long the writer waits for who still reads from the log; else it tries another time. */
  private static final int READERS_END_WITHIN_MILLIS = 20;

  private final SQLiteDataSource source;
  private final Path log;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "store-checkpoints");
            thread.setDaemon(true);
            return thread;
          });
  private @Nullable Connection connection;
  private volatile boolean almostDone;

  SqliteCheckpoints(SQLiteDataSource source, Path log) {
    this.source = source;
    this.log = log;
  }

  void start() {
    timer.scheduleWithFixedDelay(this::look, EVERY_MILLIS, EVERY_MILLIS, TimeUnit.MILLISECONDS);
  }

  /** Leaves checkpoints of the writer's connection to this. */
  static void leaveToUs(Statement statement) throws SQLException {
    statement.execute("PRAGMA wal_autocheckpoint = 0");
    statement.execute("PRAGMA journal_size_limit = " + KEPT_BYTES);
  }

  private void look() {
    try {
      if (!almostDone && Files.exists(log) && Files.size(log) > WORTHWHILE_BYTES) {
        copyMost();
        almostDone = true;
      }
    } catch (IOException | SQLException | RuntimeException e) {
      // The writer says it if the store cannot be written.
      LOG.debug("A checkpoint failed ({}); the next one makes up for it", e.getClass().getName());
      forget();
    }
  }

  private void copyMost() throws SQLException {
    Connection current = connection == null ? source.getConnection() : connection;
    connection = current;
    try (Statement statement = current.createStatement()) {
      for (int pass = 0; pass < PASSES; pass++) {
        statement.execute("PRAGMA wal_checkpoint(PASSIVE)");
      }
    }
  }

  /** Called by the writer between two transactions: copies the rest, if it is time. */
  void finish(Connection writer) throws SQLException {
    if (!almostDone) {
      return;
    }
    almostDone = false;
    SQLiteConnection sqlite = writer.unwrap(SQLiteConnection.class);
    int patience = sqlite.getBusyTimeout();
    sqlite.setAutoCommit(true);
    try (Statement statement = sqlite.createStatement()) {
      sqlite.setBusyTimeout(READERS_END_WITHIN_MILLIS);
      statement.execute("PRAGMA wal_checkpoint(RESTART)");
    } finally {
      sqlite.setBusyTimeout(patience);
      sqlite.setAutoCommit(false);
    }
  }

  private void forget() {
    Connection old = connection;
    connection = null;
    try {
      if (old != null) {
        old.close();
      }
    } catch (SQLException broken) {
      LOG.debug("A broken connection did not close cleanly ({})", broken.getErrorCode());
    }
  }

  /** Waits for the one that runs. */
  @Override
  public void close() {
    timer.shutdown();
    try {
      timer.awaitTermination(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    forget();
  }
}
