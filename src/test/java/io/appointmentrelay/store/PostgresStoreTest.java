package io.appointmentrelay.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.appointmentrelay.appointment.Claim;
import io.appointmentrelay.appointment.Delivery;
import io.appointmentrelay.appointment.NoticeBuilder;
import io.appointmentrelay.appointment.Plan;
import io.appointmentrelay.appointment.Told;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The store in PostgreSQL, where several processes may share it. */
class PostgresStoreTest extends StoreContract {

  private StoreAddress address;

  @BeforeEach
  @Override
  void open() {
    if (address == null) {
      address = TestPostgres.newSchema();
    }
    super.open();
  }

  @Override
  protected Database openDatabase() {
    return address.open();
  }

  /** As another process would. */
  private Store beside() {
    return Store.open(openDatabase(), Clock.fixed(NOW, ZoneOffset.UTC));
  }

  private static void awaitMembers(int members, Store... stores) {
    for (Store one : stores) {
      await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> one.inbox().members(), found -> found == members);
    }
  }

  private static Plan parked() {
    Plan plan = new Plan();
    plan.add(new Plan.Verdict.Parked("unreadable"));
    return plan;
  }

  private static List<Delivery> due(Store one) {
    return one.outbox().due("email", NOW, 1_000);
  }

  @Test
  void ofTwoProcessesOnlyOneGetsADelivery() {
    for (int i = 0; i < 40; i++) {
      happens(Claim.BOOKED, NoticeBuilder.visit("visit " + i), news("booked", "email"));
    }
    List<Delivery> due = due(store);
    List<Long> taken = new ArrayList<>();
    try (Store beside = beside()) {
      List<CompletableFuture<Optional<Delivery>>> claims = new ArrayList<>();
      for (Delivery delivery : due) {
        for (Store one : List.of(store, beside)) {
          claims.add(one.outbox().claim(delivery, OutboxStore.ANY_REVISION, null, List.of(), NOW));
        }
      }
      claims.forEach(claim -> claim.join().ifPresent(delivery -> taken.add(delivery.id())));
    }
    assertThat(taken).hasSize(40).doesNotHaveDuplicates();
  }

  @Test
  void idsOfTwoProcessesRiseInTheOrderOfCommits() {
    try (Store beside = beside()) {
      List<Long> ids = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        Store one = i % 2 == 0 ? store : beside;
        ids.add(
            one.inbox()
                .accept(SOURCE, NOW, new byte[] {1}, List.of(part("clinic " + i, null)))
                .join()
                .get(0)
                .position()
                .message());
      }
      assertThat(ids).isSorted().doesNotHaveDuplicates();
    }
  }

  @Test
  void whatTwoProcessesAcceptMakesOneChain() {
    try (Store beside = beside()) {
      for (Store one : List.of(store, store, beside, beside, store, beside, store)) {
        one.inbox().accept(SOURCE, NOW, new byte[] {1}, List.of(part("clinic", null))).join();
      }
    }
    try (Database database = openDatabase()) {
      AuditReport report = new Ledger(database).audit();
      assertThat(report.problems()).isEmpty();
      assertThat(report.chain().messages()).isEqualTo(7);
    }
  }

  @Test
  void aNotificationIsNotSettledBeforeAnEarlierOneOfItsAppointment() {
    WaitingPart first = accept(SOURCE, part("clinic a", null)).get(0);
    WaitingPart other = accept(SOURCE, part("clinic b", null)).get(0);
    WaitingPart second = accept(SOURCE, part("clinic a", null)).get(0);

    assertThatThrownBy(() -> store.inbox().commit(second, parked()).join())
        .isInstanceOf(CompletionException.class)
        .hasCauseInstanceOf(NotItsTurn.class);
    store.inbox().commit(other, parked()).join();
    store.inbox().commit(first, parked()).join();
    store.inbox().commit(second, parked()).join();
    assertThatThrownBy(() -> store.inbox().commit(second, parked()).join())
        .hasCauseInstanceOf(AlreadySettled.class);
  }

  @Test
  void twoProcessesDivideTheWorkAndOneThatStaysDoesAll() {
    for (int i = 0; i < 40; i++) {
      happens(Claim.BOOKED, NoticeBuilder.visit("visit " + i), news("booked", "email"));
      accept(SOURCE, part("clinic " + i, null));
    }
    Store beside = beside();
    awaitMembers(2, store, beside);
    Set<Long> deliveries = new HashSet<>();
    Set<String> parts = new HashSet<>();
    for (Store one : List.of(store, beside)) {
      List<Delivery> its = due(one);
      assertThat(its).hasSizeBetween(1, 39).allMatch(delivery -> deliveries.add(delivery.id()));
      assertThat(one.inbox().waitingAfter(Position.BEFORE_ALL, 100))
          .hasSizeBetween(1, 39)
          .allMatch(part -> parts.add(part.id()));
    }
    assertThat(deliveries).hasSize(40);
    assertThat(parts).hasSize(40);

    beside.close();
    // Who comes for a single change takes no part.
    try (Store command = Store.openBeside(openDatabase(), Clock.systemUTC())) {
      command.probe();
      awaitMembers(1, store);
      assertThat(rows("SELECT COUNT(*) FROM process")).containsExactly("1");
    }

    assertThat(due(store)).hasSize(40);
  }

  @Test
  void whatAProcessThatWentAwayWasSendingIsTakenOverAndNothingElse() throws SQLException {
    happens(Claim.BOOKED, NoticeBuilder.visit("its"), news("booked", "email"));
    happens(Claim.BOOKED, NoticeBuilder.visit("ours"), news("booked", "email"));
    List<Delivery> due = due(store);
    Delivery ours = claim(store, due.get(1));
    Store beside = beside();
    Delivery its = claim(beside, due.get(0));
    beside.close();

    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> store.uncertain().recoverAbandoned().join(), found -> found == 1);

    assertThat(store.outbox().sent(its, NOW, "late", null).join()).isFalse();
    assertThat(store.outbox().sent(ours, NOW, "in time", null).join()).isTrue();
  }

  private static Delivery claim(Store one, Delivery delivery) {
    return one.outbox()
        .claim(delivery, OutboxStore.ANY_REVISION, null, List.of(), NOW)
        .join()
        .orElseThrow();
  }

  @Test
  void aClaimThatNobodyHeardOfIsGivenBackByWhoMadeItAlone() {
    happens(Claim.BOOKED, NoticeBuilder.visit("a"), news("booked", "email"));
    Delivery judged = due(store).get(0);
    claim(store, judged);
    try (Store beside = beside()) {
      assertThat(beside.outbox().takeBack(judged).join()).isFalse();
      assertThat(store.outbox().takeBack(judged).join()).isTrue();
    }
    assertThat(due(store)).hasSize(1);
  }

  @Test
  void twoProcessesDoNotSpeakToTheSamePeopleAtOnce() {
    happens(Claim.BOOKED, NoticeBuilder.visit("a"), news("booked", "email"));
    Delivery first = claim(store, due(store).get(0));
    happens(Claim.UPDATED, NoticeBuilder.visit("a").type("another"), news("modified", "email"));
    try (Store beside = beside()) {
      Delivery judged = due(store).get(0);
      assertThat(beside.outbox().claim(judged, -1, null, List.of(), NOW).join()).isEmpty();

      Told told = Told.of(store.appointment(GROUP, "a").orElseThrow());
      assertThat(store.outbox().sent(first, NOW, null, told).join()).isTrue();

      // Judged by what was told before: it must be judged again.
      assertThat(beside.outbox().claim(judged, -1, null, List.of(), NOW).join()).isEmpty();
      assertThat(beside.outbox().claim(due(store).get(0), -1, null, List.of(), NOW).join())
          .isPresent();
    }
  }

  @Test
  void aTextOfAnyLengthIsAKey() {
    String longest = "\u6f22\u5b57".repeat(1_000);
    happens(Claim.BOOKED, NoticeBuilder.visit(longest), news("booked", "email"));
    happens(Claim.UPDATED, NoticeBuilder.visit(longest).type("another"));

    assertThat(store.appointment(GROUP, longest)).isPresent();
    assertThat(rows("SELECT revision FROM appointment")).containsExactly("2");
    assertThat(accept(SOURCE, part("clinic " + longest, null))).hasSize(1);
  }

  private static final String OF_TABLES =
      " FROM pg_stat_user_tables WHERE schemaname = current_schema() AND relname IN ('message',"
          + " 'notification', 'appointment', 'timeline', 'delivery', 'told', 'reach') AND ";
  private static final String READ_WHOLE =
      "SELECT relname, seq_scan" + OF_TABLES + "seq_scan > 0 ORDER BY relname";
  private static final String LOOKED_UP = "SELECT relname" + OF_TABLES + "idx_scan > 0";

  /** The planner is told to read whole tables only where it knows no other way. */
  @Test
  void nothingInALifeReadsAWholeTable() {
    store.close();
    address =
        new StoreAddress(
            address.url() + "&options=-c%20enable_seqscan=off", address.user(), address.password());
    super.open();
    // To build an index is to read the table.
    await().atMost(Duration.ofSeconds(30)).until(() -> rows(READ_WHOLE).size() == 7);
    List<String> byMigration = rows(READ_WHOLE);
    for (int i = 0; i < 10; i++) {
      String visit = "visit " + i;
      happens(Claim.BOOKED, NoticeBuilder.visit(visit), news("booked", "email"));
      happens(Claim.UPDATED, NoticeBuilder.visit(visit).type("another"), news("modified", "email"));
    }
    for (Delivery delivery : due(store)) {
      store.outbox().knowledge(delivery);
      Told told = Told.of(store.appointment(GROUP, delivery.appointment()).orElseThrow());
      store.outbox().sent(claim(store, delivery), NOW, "id", told).join();
    }
    WaitingPart waiting = accept();
    store.inbox().body(waiting.position().message());
    store.inbox().waitingAfter(Position.BEFORE_ALL, 10);
    store.inbox().failed(waiting).join();
    store.uncertain().due(NOW, 10);
    store.uncertain().recover().join();
    ConsoleReads reads = new ConsoleReads(database);
    PageRequest page = PageRequest.FIRST;
    reads.notifications(
        new ConsoleReads.NotificationFilter(SOURCE, "parked", null, NOW, NOW.plusSeconds(1)), page);
    reads.notifications(
        new ConsoleReads.NotificationFilter(SOURCE, "parked", "a", null, null), page);
    reads.appointments(new ConsoleReads.AppointmentFilter("a", null, null, NOW, null), page);
    reads.appointments(new ConsoleReads.AppointmentFilter("a", null, "p", null, null), page);
    reads.appointment(GROUP, "visit 1");
    reads.deliveries(new ConsoleReads.DeliveryFilter("dead", "email", null), page);
    reads.deliveries(new ConsoleReads.DeliveryFilter("sending", null, "visit 1"), page);

    // The server counts with a delay; "told" is looked up last of all.
    await().atMost(Duration.ofSeconds(30)).until(() -> rows(LOOKED_UP).contains("told"));
    assertThat(rows(READ_WHOLE)).isEqualTo(byMigration);
  }

  @Test
  void whoReadsCannotWrite() throws Exception {
    try (var reader = database.openReader();
        var statement = reader.createStatement()) {
      assertThatThrownBy(() -> statement.execute("DELETE FROM message"))
          .isInstanceOf(SQLException.class)
          .hasMessageContaining("read-only");
    }
  }

  @Test
  void aServerThatIsNotThereIsNamedByItsSetting() {
    StoreAddress nowhere =
        new StoreAddress("jdbc:postgresql://127.0.0.1:1/relay", "relay", "hush-hush");

    assertThatThrownBy(() -> Store.open(nowhere.open(), Clock.systemUTC()))
        .isInstanceOf(StoreUnavailable.class)
        .hasMessageContaining("relay.store.url")
        .hasMessageNotContaining("hush-hush");
  }
}
