package io.appointmentrelay.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The store in an embedded file. */
class SqliteStoreTest extends StoreContract {

  @TempDir private Path directory;

  @Override
  protected Database openDatabase() {
    return SqliteDatabase.open("jdbc:sqlite:" + directory.resolve("data/relay.db"));
  }

  @Test
  void onlyOneProcessServesFromIt() {
    assertThatThrownBy(this::openDatabase)
        .isInstanceOf(StoreUnavailable.class)
        .hasMessageContaining("another one serves from")
        .hasMessageContaining("relay.data-dir");
  }

  @Test
  void itIsReadBesideAProcessThatServes() throws Exception {
    accept();

    try (SqliteDatabase beside =
            SqliteDatabase.openForReading("jdbc:sqlite:" + directory.resolve("data/relay.db"));
        var connection = beside.readers().getConnection();
        var statement = connection.createStatement();
        var rows = statement.executeQuery("SELECT COUNT(*) FROM notification")) {
      assertThat(rows.next()).isTrue();
      assertThat(rows.getInt(1)).isEqualTo(1);
    }
  }

  @Test
  void whoReadsCannotWrite() throws Exception {
    try (var reader = database.openReader();
        var statement = reader.createStatement()) {
      assertThatThrownBy(() -> statement.execute("DELETE FROM message"))
          .hasMessageContaining("readonly");
    }
    try (var pooled = database.readers().getConnection();
        var statement = pooled.createStatement()) {
      assertThatThrownBy(() -> statement.execute("DELETE FROM message"))
          .hasMessageContaining("readonly");
    }
  }

  @Test
  void everyCommitIsOnDiskBeforeItIsReported() {
    assertThat(pragma("journal_mode")).isEqualTo("wal");
    assertThat(pragma("synchronous")).isEqualTo("2");
  }

  private String pragma(String name) {
    try (var writer = database.openWriter();
        var statement = writer.createStatement();
        var rows = statement.executeQuery("PRAGMA " + name)) {
      return rows.getString(1);
    } catch (java.sql.SQLException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aPlaceThatCannotHoldAFileIsRefusedWithItsName() throws Exception {
    Path file = Files.createFile(directory.resolve("taken"));

    assertThatThrownBy(() -> SqliteDatabase.open("jdbc:sqlite:" + file.resolve("relay.db")))
        .isInstanceOf(StoreUnavailable.class)
        .hasMessageContaining("relay.data-dir");
  }
}
