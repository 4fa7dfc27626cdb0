package io.appointmentrelay.polling;

import static org.assertj.core.api.Assertions.assertThat;

import io.appointmentrelay.store.SqliteDatabase;
import io.appointmentrelay.store.Store;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HearingTest {

  private static final Instant NOW = Instant.parse("2027-03-01T14:20:00Z");
  private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);

  @TempDir private Path directory;

  /** Who asks since when a source is heard must not miss what another is just writing down. */
  @Test
  void whoFlushesWaitsForWhatIsBeingWrittenToo() throws Exception {
    String url = "jdbc:sqlite:" + directory.resolve("relay.db");
    try (Store store = Store.open(SqliteDatabase.open(url), CLOCK)) {
      Hearing hearing = new Hearing(store.silences(), CLOCK);
      hearing.heard("canvas");
      CompletableFuture<?> second;
      try (Connection other = DriverManager.getConnection(url);
          Statement statement = other.createStatement()) {
        statement.execute("BEGIN IMMEDIATE");
        hearing.flush();
        second = hearing.flush();
        assertThat(second).isNotDone();
        statement.execute("ROLLBACK");
      }
      second.join();

      assertThat(store.silences().firstHeard("canvas"))
          .contains(Instant.parse("2027-03-01T14:00:00Z"));
    }
  }
}
