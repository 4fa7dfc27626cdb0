package io.appointmentrelay.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The write-ahead log does not grow for ever, whoever reads. */
class SqliteCheckpointsTest {

  private static final Instant NOW = Instant.parse("2026-06-10T13:00:00Z");
  private static final long MEGABYTE = 1L << 20;

  /** Noise: what can be made smaller would not fill a log. */
  private static final byte[] LARGE_BODY = new byte[100_000];

  static {
    new Random(1).nextBytes(LARGE_BODY);
  }

  @TempDir private Path directory;
  private SqliteDatabase database;
  private Store store;
  private int kept;

  @BeforeEach
  void open() {
    database = SqliteDatabase.open("jdbc:sqlite:" + directory.resolve("relay.db"));
    store = Store.open(database, Clock.systemUTC());
  }

  @AfterEach
  void close() {
    store.close();
  }

  private void keep(int notifications) {
    List<CompletableFuture<?>> all = new ArrayList<>();
    for (int i = 0; i < notifications; i++) {
      NewPart part = new NewPart("x", "a" + kept, "a" + kept, null);
      kept++;
      all.add(store.inbox().accept("feed", NOW, LARGE_BODY, List.of(part)));
      if (all.size() == 20) {
        all.forEach(CompletableFuture::join);
        all.clear();
      }
    }
    all.forEach(CompletableFuture::join);
  }

  private long logSize() throws Exception {
    return Files.size(directory.resolve("relay.db-wal"));
  }

  @Test
  void theLogBeginsAnewWhileWritersGoOn() {
    keep(1_200);

    await("a log that is cut down")
        .atMost(Duration.ofSeconds(60))
        .pollInterval(Duration.ofMillis(1))
        .until(
            () -> {
              keep(10);
              return logSize() < 10 * MEGABYTE;
            });
    assertThat(store.inbox().waitingAfter(Position.BEFORE_ALL, 10_000)).hasSize(kept);
  }

  @Test
  void whoReadsForLongHoldsUpNobodyAndSeesWhatItSaw() throws Exception {
    keep(1);
    try (Connection reader = database.openReader();
        Statement statement = reader.createStatement()) {
      reader.setAutoCommit(false);
      assertThat(count(statement)).isEqualTo(1);

      keep(1_200);

      assertThat(logSize()).isGreaterThan(96 * MEGABYTE);
      assertThat(count(statement)).isEqualTo(1);
    }
    await("a log that is cut down after the reader has gone")
        .atMost(Duration.ofSeconds(60))
        .until(
            () -> {
              keep(1);
              return logSize() < 10 * MEGABYTE;
            });
  }

  private static long count(Statement statement) throws Exception {
    try (ResultSet rows = statement.executeQuery("SELECT COUNT(*) FROM message")) {
      rows.next();
      return rows.getLong(1);
    }
  }
}
