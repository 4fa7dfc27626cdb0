package io.appointmentrelay.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Relays that share a PostgreSQL store, while its key is changed. */
class SharedKeysTest {

  private static final Instant NOW = Instant.parse("2026-08-01T08:00:00Z");
  private static final SealingKey OLD = SealTest.key("old", 1);
  private static final SealingKey NEW = SealTest.key("new", 2);

  private final StoreAddress address = TestPostgres.newSchema();
  private final List<Store> open = new ArrayList<>();

  @AfterEach
  void close() {
    open.forEach(Store::close);
  }

  private Store with(SealingKey... keys) {
    Store store =
        Store.open(address.sealedWith(List.of(keys)).open(), Clock.fixed(NOW, ZoneOffset.UTC));
    open.add(store);
    return store;
  }

  private void stop(Store store) {
    open.remove(store);
    store.close();
  }

  private static String accept(Store store, String body) {
    NewPart part = new NewPart("AppointmentBooked", "a", body, null);
    return store
        .inbox()
        .accept("canvas", NOW, body.getBytes(UTF_8), List.of(part))
        .join()
        .get(0)
        .id();
  }

  /** All that was accepted, as this relay reads it. */
  private List<String> bodies(Store store) {
    return rows("SELECT id FROM message ORDER BY id").stream()
        .map(id -> new String(store.inbox().body(Long.parseLong(id)), UTF_8))
        .toList();
  }

  private List<String> rows(String sql) {
    List<String> found = new ArrayList<>();
    try (Connection connection = TestPostgres.connect(address);
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      while (rows.next()) {
        found.add(rows.getString(1));
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
    return found;
  }

  private static KeyRotation.Step rotated(Store store) {
    KeyRotation.Step step = store.rotation().step(null);
    for (String next = step.next(); next != null; next = step.next()) {
      step = store.rotation().step(next);
    }
    return step;
  }

  private List<String> keysInUse() {
    return rows("SELECT name FROM installation WHERE name LIKE 'key:%'");
  }

  @Test
  void whileOneRotatesBothAcceptAndBothReadAll() {
    stop(with(OLD));
    Store second = with(OLD, NEW);
    Store first = with(NEW, OLD);
    AtomicBoolean goesOn = new AtomicBoolean(true);
    List<String> accepted = new ArrayList<>();
    CompletableFuture<Void> sender =
        CompletableFuture.runAsync(
            () -> {
              for (int i = 0; goesOn.get() || i < 200; i++) {
                accepted.add("body " + i);
                accept(i % 2 == 0 ? first : second, "body " + i);
              }
            });

    for (int i = 0; i < 3; i++) {
      assertThat(rotated(first).others()).isEqualTo(1);
    }
    goesOn.set(false);
    sender.join();

    // Nothing is left for a moment, in which the second is silent.
    KeyRotation.Step silent = rotated(first);
    assertThat(silent.left()).isZero();
    assertThat(silent.others()).isEqualTo(1);
    assertThat(keysInUse()).containsExactlyInAnyOrder("key:new", "key:old");
    accept(second, "one more");
    accepted.add("one more");

    assertThat(bodies(first)).containsExactlyInAnyOrderElementsOf(accepted);
    assertThat(bodies(second)).containsExactlyInAnyOrderElementsOf(accepted);
    // What the second goes on to seal with the old key must not be lost with it.
    assertThat(keysInUse()).containsExactlyInAnyOrder("key:new", "key:old");

    stop(second);
    Store again = with(NEW, OLD);
    KeyRotation.Step last = rotated(again);
    assertThat(last.left()).isZero();
    assertThat(last.others()).isZero();
    assertThat(keysInUse()).containsExactly("key:new");
    stop(first);
    stop(again);
    assertThat(bodies(with(NEW))).containsExactlyInAnyOrderElementsOf(accepted);
  }

  @Test
  void aKeyThatTheOtherRelayDoesNotHaveIsNotWrittenWith() {
    Store second = with(OLD);
    accept(second, "before");

    assertThatThrownBy(() -> with(NEW, OLD))
        .isInstanceOf(WrongStoreKey.class)
        .hasMessageContaining("begins with a key that all relays on this store must have")
        .hasMessageContaining("found 'new'")
        .hasMessageContaining("the new one behind the old one first");

    accept(second, "after");
    assertThat(bodies(second)).containsExactly("before", "after");
    assertThat(keysInUse()).containsExactly("key:old");
    // Who was told to stop makes room at once, and what it wrote is there.
    stop(second);
    assertThat(bodies(with(NEW, OLD))).containsExactly("before", "after");
  }

  @Test
  void aRelayWithoutAKeyIsNotShutOutByOneWithAKey() {
    Store plain = with();
    accept(plain, "plain");

    assertThatThrownBy(() -> with(NEW)).isInstanceOf(WrongStoreKey.class);
    assertThat(bodies(plain)).containsExactly("plain");
  }

  @Test
  void whoComesBackWithAKeyThatWasTakenOutIsRefused() {
    Store first = with(NEW);
    accept(first, "new");

    assertThatThrownBy(() -> with(OLD, NEW))
        .isInstanceOf(WrongStoreKey.class)
        .hasMessageContaining("found 'old'");
    assertThatThrownBy(() -> with(OLD))
        .isInstanceOf(WrongStoreKey.class)
        .hasMessageContaining("must have the key 'new'");
    assertThat(keysInUse()).containsExactly("key:new");
    assertThat(bodies(first)).containsExactly("new");
  }
}
