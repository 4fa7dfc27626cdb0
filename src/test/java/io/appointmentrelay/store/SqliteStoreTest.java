package io.appointmentrelay.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.appointmentrelay.appointment.Claim;
import io.appointmentrelay.appointment.Delivery;
import io.appointmentrelay.appointment.NoticeBuilder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
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

  /** The lock is only good manners: what keeps a delivery from being sent twice is the claim. */
  @Test
  void ofTwoWritersOnOneFileOnlyOneGetsADelivery() throws Exception {
    for (int i = 0; i < 40; i++) {
      happens(Claim.BOOKED, NoticeBuilder.visit("visit " + i), news("booked", "email"));
    }
    List<Delivery> due = store.outbox().due("email", NOW, 100);
    Database second =
        SqliteDatabase.openForReading("jdbc:sqlite:" + directory.resolve("data/relay.db"));
    List<Long> taken = new ArrayList<>();
    try (Store beside = Store.open(second, Clock.fixed(NOW, ZoneOffset.UTC))) {
      List<CompletableFuture<Optional<Delivery>>> claims = new ArrayList<>();
      for (Delivery delivery : due) {
        for (Store one : List.of(store, beside)) {
          claims.add(one.outbox().claim(delivery, OutboxStore.ANY_REVISION, null, List.of(), NOW));
        }
      }
      claims.forEach(claim -> claim.join().ifPresent(delivery -> taken.add(delivery.id())));

      // What another has taken over is not settled by who had claimed it.
      assertThat(beside.uncertain().recover().join()).isEqualTo(40);
      Delivery first = due.get(0);
      assertThat(store.outbox().sent(first, NOW, "late", null).join()).isFalse();
    }
    assertThat(taken).hasSize(40).doesNotHaveDuplicates();
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
