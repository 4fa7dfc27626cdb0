package io.appointmentrelay.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.appointmentrelay.appointment.Claim;
import io.appointmentrelay.appointment.NoticeBuilder;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A store with a key keeps every promise of one without, on either database. */
class SealedStoreTest extends StoreContract {

  static final SealingKey KEY = SealTest.key("one", 1);
  private static final SealingKey NEXT = SealTest.key("two", 2);

  @TempDir private Path directory;

  @Override
  protected Database openDatabase() {
    return address(KEY).open();
  }

  private StoreAddress address(SealingKey... keys) {
    return TestStore.address(directory).sealedWith(List.of(keys));
  }

  private void change(String sql) throws SQLException {
    try (Connection connection = TestStore.connect(directory);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private void restartWith(SealingKey... keys) {
    close();
    database = address(keys).open();
    store = Store.open(database, Clock.fixed(NOW, ZoneOffset.UTC));
  }

  @Test
  void theKeyMayBecomeTheSecondButNotGo() throws SQLException {
    happens(Claim.BOOKED, NoticeBuilder.visit("a"), news("booked", "email"));

    restartWith(NEXT, KEY);
    happens(Claim.BOOKED, NoticeBuilder.visit("b"), news("booked", "email"));
    assertThat(rows("SELECT substr(state, 1, 11) FROM appointment ORDER BY id"))
        .containsExactly("sealed:one:", "sealed:two:");
    assertThat(store.appointment(GROUP, "a")).isPresent();

    for (StoreAddress wrong : List.of(address(), address(NEXT), address(KEY))) {
      close();
      assertThatThrownBy(() -> Store.open(wrong.open(), Clock.fixed(NOW, ZoneOffset.UTC)))
          .isInstanceOf(WrongStoreKey.class)
          .hasMessageContaining("relay.store.key must have the key '")
          .hasMessageContaining("found ")
          .hasMessageContaining("Nothing was changed: add it");
      restartWith(KEY, NEXT);
    }
    assertThat(store.appointment(GROUP, "b")).isPresent();
  }

  @Test
  void anotherKeyUnderTheSameIdIsNoticedAtTheStart() {
    happens(Claim.BOOKED, NoticeBuilder.visit("a"), news("booked", "email"));
    close();

    assertThatThrownBy(
            () ->
                Store.open(
                    address(SealTest.key("one", 9)).open(), Clock.fixed(NOW, ZoneOffset.UTC)))
        .isInstanceOf(WrongStoreKey.class)
        .hasMessageContaining("found another one under that id")
        .hasMessageContaining("set the right one");

    open();
    assertThat(store.appointment(GROUP, "a")).isPresent();
  }

  @Test
  void aValueOfAnotherRowIsNotBelieved() throws SQLException {
    happens(Claim.BOOKED, NoticeBuilder.visit("a"), news("booked", "email"));
    happens(Claim.BOOKED, NoticeBuilder.visit("b"), news("booked", "email"));
    change(
        "UPDATE appointment SET state = (SELECT o.state FROM appointment o WHERE o.identifier = 'b')");

    assertThat(store.appointment(GROUP, "b")).isPresent();
    assertThatThrownBy(() -> store.appointment(GROUP, "a"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("moved there");
  }

  private KeyRotation.Step rotated() {
    KeyRotation.Step step = store.rotation().step(null);
    for (String next = step.next(); next != null; next = step.next()) {
      step = store.rotation().step(next);
    }
    return step;
  }

  @Test
  void theKeyOfWhatDoesNotOpenIsNotForgotten() throws SQLException {
    happens(Claim.BOOKED, NoticeBuilder.visit("a"), news("booked", "email"));
    happens(Claim.BOOKED, NoticeBuilder.visit("b"), news("booked", "email"));
    change("UPDATE appointment SET state = 'sealed:one:AAAA' WHERE identifier = 'b'");
    restartWith(NEXT, KEY);

    assertThat(rotated().left()).isEqualTo(1);

    assertThat(rows("SELECT name FROM installation WHERE name LIKE 'key:%' ORDER BY name"))
        .containsExactly("key:one", "key:two");
    assertThat(rows("SELECT state FROM appointment WHERE identifier = 'b'"))
        .containsExactly("sealed:one:AAAA");
  }

  /**
   * What a relay writes while its store is rotated stays: a value is replaced only as it was read.
   */
  @Test
  void whatWasWrittenMeanwhileIsNotReplaced() throws SQLException {
    happens(Claim.BOOKED, NoticeBuilder.visit("a"), news("booked", "email"));
    restartWith(NEXT, KEY);
    int changes = 0;
    for (Resealing table : Resealing.all(new Readers(database), database.seal())) {
      for (Resealing.Found found : table.page(null)) {
        for (Resealing.Change change : found.changes()) {
          assertThat(changed(change)).describedAs(change.sql()).isEqualTo(1);
          assertThat(changed(change)).describedAs(change.sql()).isZero();
          changes++;
        }
      }
    }
    assertThat(changes).isGreaterThanOrEqualTo(4);
  }

  private int changed(Resealing.Change change) throws SQLException {
    try (Connection connection = TestStore.connect(directory);
        PreparedStatement statement = connection.prepareStatement(change.sql())) {
      for (int i = 0; i < change.values().size(); i++) {
        statement.setObject(i + 1, change.values().get(i));
      }
      return statement.executeUpdate();
    }
  }

  /** The bytes are those that were accepted, and in the place of others. */
  @Test
  void anAuditFindsABodyThatDoesNotOpenWhereItIs() throws SQLException {
    accept();
    accept();
    assertThat(new Ledger(database).audit().problems()).isEmpty();

    change("UPDATE message SET body = (SELECT o.body FROM message o WHERE o.id = 1) WHERE id = 2");

    assertThat(new Ledger(database).audit().problems())
        .singleElement()
        .asString()
        .contains("Every body is the one that was accepted", ": 2.");
  }
}
