package io.appointmentrelay.store;

import static io.appointmentrelay.appointment.NoticeBuilder.START;
import static io.appointmentrelay.appointment.NoticeBuilder.bare;
import static io.appointmentrelay.appointment.NoticeBuilder.visit;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.appointmentrelay.appointment.AppointmentEvent;
import io.appointmentrelay.appointment.AppointmentNotice;
import io.appointmentrelay.appointment.AppointmentRecord;
import io.appointmentrelay.appointment.Audience;
import io.appointmentrelay.appointment.Claim;
import io.appointmentrelay.appointment.Delivery;
import io.appointmentrelay.appointment.EventKind;
import io.appointmentrelay.appointment.InFlight;
import io.appointmentrelay.appointment.Nature;
import io.appointmentrelay.appointment.News;
import io.appointmentrelay.appointment.NoticeBuilder;
import io.appointmentrelay.appointment.OfferedSlot;
import io.appointmentrelay.appointment.Party;
import io.appointmentrelay.appointment.Plan;
import io.appointmentrelay.appointment.PlannedDelivery;
import io.appointmentrelay.appointment.Reason;
import io.appointmentrelay.appointment.SlotsNotice;
import io.appointmentrelay.appointment.StatusGroup;
import io.appointmentrelay.appointment.Timeline;
import io.appointmentrelay.appointment.Told;
import io.appointmentrelay.appointment.Why;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the store promises, whatever database it lives in. */
abstract class StoreContract {

  protected static final Instant NOW = Instant.parse("2026-08-01T08:00:00Z");
  protected static final String SOURCE = "redox-fhir";
  protected static final String GROUP = "clinic";
  private static final Instant MOVED = START.plus(Duration.ofDays(1));
  private static final byte[] BODY = "{\"a\":\"body\"}".getBytes(UTF_8);
  private static final List<Why> WHY = List.of(new Why(NOW, "told", "ok", "nothing yet"));

  protected Database database;
  protected Store store;
  private Instant arrival = NOW;
  private int lanes;

  /** Opens the same database, empty at first, each time. */
  protected abstract Database openDatabase();

  @BeforeEach
  void open() {
    database = openDatabase();
    store = Store.open(database, Clock.fixed(NOW, ZoneOffset.UTC));
  }

  @AfterEach
  void close() {
    store.close();
  }

  protected void reopen() {
    close();
    open();
  }

  // -- what tests say ------------------------------------------------------------------------

  protected static NewPart part(String orderingKey, String deduplication) {
    return new NewPart(
        "AppointmentBooked",
        "a",
        orderingKey,
        deduplication == null ? null : deduplication.getBytes(UTF_8));
  }

  protected List<WaitingPart> accept(String source, NewPart... parts) {
    arrival = arrival.plusSeconds(1);
    return store.inbox().accept(source, arrival, BODY, List.of(parts)).join();
  }

  /** Each by itself: the order within a lane is not what most tests are about. */
  protected WaitingPart accept() {
    return accept(SOURCE, part("clinic " + ++lanes, null)).get(0);
  }

  /** What the claim comes to, by what is known now. */
  private AppointmentEvent judge(WaitingPart part, Claim claim, NoticeBuilder said) {
    AppointmentNotice notice = said.build();
    return Timeline.judge(
        new Timeline.Question(
            claim,
            notice,
            GROUP,
            SOURCE,
            part.id(),
            part.receivedAt(),
            store.appointment(GROUP, notice.identifier()).orElse(null),
            notice.replaces() == null
                ? null
                : store.appointment(GROUP, notice.replaces()).orElse(null)));
  }

  private static Plan plan(AppointmentEvent event, PlannedDelivery... deliveries) {
    Plan plan = new Plan();
    plan.add(new Plan.Verdict.Applied(event));
    for (PlannedDelivery delivery : deliveries) {
      plan.add(delivery);
    }
    return plan;
  }

  private static Plan parked(String reason) {
    Plan plan = new Plan();
    plan.add(new Plan.Verdict.Parked(reason));
    return plan;
  }

  /** Accepts, judges and commits; returns what is due at once. */
  protected List<Delivery> happens(Claim claim, NoticeBuilder said, PlannedDelivery... deliveries) {
    WaitingPart part = accept();
    return commit(part, plan(judge(part, claim, said), deliveries));
  }

  private List<Delivery> commit(WaitingPart part, Plan plan) {
    return store.inbox().commit(part, plan).join().dueNow();
  }

  protected static PlannedDelivery news(String text, String channel) {
    return new PlannedDelivery(channel, Nature.NEWS, text, null, NOW, null);
  }

  private static PlannedDelivery news(String text) {
    return news(text, "email");
  }

  private static PlannedDelivery before(String text) {
    return new PlannedDelivery(
        "email", Nature.BEFORE_START, text, "-P1D", NOW.plus(Duration.ofDays(10)), null);
  }

  private static PlannedDelivery after(String text) {
    return new PlannedDelivery(
        "email", Nature.AFTER_START, text, "P1D", NOW.plus(Duration.ofDays(40)), null);
  }

  private static PlannedDelivery event(Instant due) {
    return new PlannedDelivery("webhook", Nature.EVENT, null, null, due, "{}");
  }

  private Delivery only(List<Delivery> deliveries) {
    assertThat(deliveries).hasSize(1);
    return deliveries.get(0);
  }

  private Delivery claim(Delivery delivery) {
    return store
        .outbox()
        .claim(delivery, OutboxStore.ANY_REVISION, "a…@example.org", WHY, whenDue(delivery))
        .join()
        .orElseThrow();
  }

  private static Instant whenDue(Delivery delivery) {
    return delivery.due().isAfter(NOW) ? delivery.due() : NOW;
  }

  private Delivery send(Delivery delivery) {
    Delivery claimed = claim(delivery);
    Told told = Told.of(store.appointment(GROUP, delivery.appointment()).orElseThrow());
    assertThat(store.outbox().sent(claimed, NOW, "provider-1", told).join()).isTrue();
    return claimed;
  }

  private Delivery read(Delivery delivery) {
    return store.outbox().read(delivery.id()).orElseThrow();
  }

  // -- what tests look at ----------------------------------------------------------------------

  /** The rows of a query, their columns joined by a blank. */
  protected List<String> rows(String sql) {
    try (var connection = database.openReader();
        var statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      List<String> found = new ArrayList<>();
      int columns = rows.getMetaData().getColumnCount();
      while (rows.next()) {
        StringBuilder row = new StringBuilder();
        for (int i = 1; i <= columns; i++) {
          row.append(i > 1 ? " " : "").append(rows.getString(i));
        }
        found.add(row.toString());
      }
      return found;
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  /** A column of deliveries that is sealed if there is a key. */
  private List<String> kept(String column, String where) {
    return rows("SELECT id, " + column + " FROM delivery " + where).stream()
        .map(row -> row.split(" ", 2))
        .map(row -> database.seal().open(row[1], Place.delivery(column, Long.parseLong(row[0]))))
        .toList();
  }

  private String statusOf(Delivery delivery) {
    return rows("SELECT status FROM delivery WHERE id = " + delivery.id()).get(0);
  }

  private String statusOf(WaitingPart part) {
    Position at = part.position();
    return rows("SELECT status FROM notification WHERE message = "
            + at.message()
            + " AND part = "
            + at.part())
        .get(0);
  }

  /** Every delivery in the order it was planned: its text and status. */
  private List<String> deliveries() {
    return rows("SELECT text, status FROM delivery ORDER BY id");
  }

  private List<WaitingPart> waiting() {
    return store.inbox().waitingAfter(Position.BEFORE_ALL, 1_000);
  }

  private static Throwable failureOf(CompletableFuture<?> future) {
    try {
      future.join();
      return null;
    } catch (CompletionException e) {
      return e.getCause();
    }
  }

  // -- erasing --------------------------------------------------------------------------------

  /** Run later, it would bring back what was erased; as it has no body, it could not even run. */
  @Test
  void whatWaitsIsSetAsideWithWhatIsErased() {
    happens(Claim.BOOKED, NoticeBuilder.visit("a"), news("booked", "email"));
    WaitingPart waits = accept(SOURCE, part("clinic a", null)).get(0);
    WaitingPart ofAnother =
        accept(SOURCE, new NewPart("AppointmentBooked", "b", "clinic b", null)).get(0);

    store
        .erasures()
        .erase(new ErasureStore.Subject(GROUP, Set.of(SOURCE), null, "a"), "command", NOW);

    assertThat(
            rows(
                "SELECT message, status, reason FROM notification WHERE message >= "
                    + waits.position().message()
                    + " ORDER BY message"))
        .containsExactly(
            waits.position().message() + " parked erased",
            ofAnother.position().message() + " received null");
    assertThat(rows("SELECT COUNT(*) FROM message WHERE body IS NULL")).containsExactly("2");
  }

  private ErasureStore.Erased erase(@Nullable String patient, @Nullable String appointment) {
    return store
        .erasures()
        .erase(
            new ErasureStore.Subject(GROUP, Set.of(SOURCE), patient, appointment), "command", NOW);
  }

  @Test
  void whatIsUncertainIsNotSentAgainOnceItIsErased() {
    claim(only(happens(Claim.BOOKED, NoticeBuilder.visit("a"), news("booked", "email"))));
    store.uncertain().recover().join();
    assertThat(rows("SELECT status FROM delivery")).containsExactly("uncertain");

    assertThat(erase(null, "a").cancelled()).isEqualTo(1);

    assertThat(rows("SELECT status, reason FROM delivery")).containsExactly("cancelled erased");
    assertThat(store.uncertain().due(NOW.plus(Duration.ofDays(2)), 10)).isEmpty();
  }

  @Test
  void whileAMessageIsBeingSentNothingOfItsVisitIsErased() {
    claim(only(happens(Claim.BOOKED, NoticeBuilder.visit("a"), news("booked", "email"))));

    assertThat(erase(null, "a").busy()).isEqualTo(1);

    assertThat(store.appointment(GROUP, "a")).isPresent();
    assertThat(rows("SELECT status FROM delivery")).containsExactly("sending");
  }

  /** Two clinics may call different people the same. */
  @Test
  void aPatientOfAnotherGroupIsNotErased() {
    happens(Claim.BOOKED, NoticeBuilder.visit("a"), news("booked", "email"));
    ErasureStore.Subject elsewhere =
        new ErasureStore.Subject("elsewhere", Set.of("canvas"), "mrn-1", null);
    ErasureStore.Subject visitElsewhere =
        new ErasureStore.Subject("elsewhere", Set.of("canvas"), null, "a");

    assertThat(store.erasures().erase(elsewhere, "command", NOW).appointments()).isZero();
    assertThat(store.erasures().erase(visitElsewhere, "command", NOW).appointments()).isZero();
    assertThat(store.appointment(GROUP, "a")).isPresent();

    assertThat(erase("mrn-1", null).appointments()).isEqualTo(1);
    assertThat(store.appointment(GROUP, "a")).isEmpty();
  }

  // -- purging --------------------------------------------------------------------------------

  private PurgeStore.Purged purged(Instant before) {
    PurgeLimits limits = new PurgeLimits(before, null, null, before);
    PurgeStore.Step step = store.purges().step(limits, false, null);
    assertThat(step.next()).isNull();
    return step.purged();
  }

  @Test
  void aVisitWithAMessageThatWaitsIsNotPurged() {
    happens(Claim.BOOKED, NoticeBuilder.visit("a"), news("booked", "email"));
    Instant longAfter = START.plus(Duration.ofDays(4_000));

    assertThat(purged(longAfter).appointments()).isZero();
    assertThat(store.appointment(GROUP, "a")).isPresent();

    erase(null, "a");
    assertThat(purged(longAfter).appointments()).isZero();
  }

  @Test
  void aVisitThatWasSpokenOfLatelyIsNotPurgedHoweverLongItIsOver() {
    happens(Claim.BOOKED, NoticeBuilder.visit("a").start(NOW.minus(Duration.ofDays(2_000))));

    assertThat(purged(NOW.minus(Duration.ofDays(1))).appointments()).isZero();
    assertThat(store.appointment(GROUP, "a")).isPresent();

    assertThat(purged(NOW.plus(Duration.ofDays(1))).appointments()).isEqualTo(1);
    assertThat(store.appointment(GROUP, "a")).isEmpty();
  }

  // -- accepting -------------------------------------------------------------------------------

  @Nested
  class Accepting {

    @Test
    void whatIsAcceptedIsFoundAgainAfterAnEnd() {
      WaitingPart accepted = accept();

      reopen();

      assertThat(waiting()).extracting(WaitingPart::id).containsExactly(accepted.id());
      assertThat(store.inbox().body(accepted.position().message())).isEqualTo(BODY);
    }

    @Test
    void whatWaitsIsWhatWasAccepted() {
      Instant received = NOW.plusNanos(123_456_789);
      List<WaitingPart> accepted =
          store
              .inbox()
              .accept(SOURCE, received, BODY, List.of(part("clinic a", "k"), part(null, null)))
              .join();

      assertThat(waiting()).usingRecursiveComparison().ignoringFields("body").isEqualTo(accepted);
    }

    @Test
    void severalPartsShareOneBody() {
      List<WaitingPart> parts =
          accept(SOURCE, part("clinic a", "k a"), part("clinic b", "k b"), part("clinic c", "k c"));

      assertThat(parts).extracting(WaitingPart::id).containsExactly("1-1", "1-2", "1-3");
      assertThat(rows("SELECT COUNT(*) FROM message")).containsExactly("1");
      assertThat(parts).allSatisfy(part -> assertThat(part.body()).isEqualTo(BODY));
    }

    @Test
    void partsThatAreKeptTogetherAreKeptAsTheyAre() {
      String awkward = "{\"NULL\",'a\\b'},\n\té😀";
      List<WaitingPart> kept =
          accept(
              SOURCE,
              new NewPart("NULL", awkward, awkward, "{}", null),
              part(null, null),
              part("clinic a", "k"),
              part("clinic a", "k"));

      assertThat(kept).extracting(WaitingPart::id).containsExactly("1-1", "1-2", "1-3");
      assertThat(waiting()).usingRecursiveComparison().ignoringFields("body").isEqualTo(kept);
      assertThat(rows("SELECT appointment FROM notification WHERE label = 'NULL'"))
          .containsExactly(awkward);
      assertThat(rows("SELECT status FROM notification ORDER BY part"))
          .containsExactly("received", "received", "received", "duplicate");
    }

    @Test
    void theSameKeyFromTheSameSourceIsADuplicate() {
      accept(SOURCE, part("clinic a", "k"));

      List<WaitingPart> again = accept(SOURCE, part("clinic a", "k"));

      assertThat(again).isEmpty();
      assertThat(waiting()).hasSize(1);
      assertThat(rows("SELECT status FROM notification ORDER BY message"))
          .containsExactly("received", "duplicate");
    }

    @Test
    void aDuplicateIsKnownAfterAnEndAndAfterItsOriginalWasSettled() {
      WaitingPart first = accept(SOURCE, part("clinic a", "k")).get(0);
      commit(first, parked("not understood"));
      reopen();

      assertThat(accept(SOURCE, part("clinic a", "k"))).isEmpty();
    }

    @Test
    void theSameKeyFromAnotherSourceIsNone() {
      accept(SOURCE, part("clinic a", "k"));

      assertThat(accept("canvas", part("clinic a", "k"))).hasSize(1);
    }

    @Test
    void withoutAKeyNothingIsADuplicate() {
      accept(SOURCE, part("clinic a", null));

      assertThat(accept(SOURCE, part("clinic a", null))).hasSize(1);
    }

    @Test
    void ofAMessageThatRepeatsAPartOnlyTheNewPartsRun() {
      accept(SOURCE, part("clinic a", "k a"));

      List<WaitingPart> parts =
          accept(SOURCE, part("clinic a", "k a"), part("clinic b", "k b"), part("clinic b", "k b"));

      assertThat(parts).extracting(WaitingPart::id).containsExactly("2-2");
      assertThat(rows("SELECT part, status FROM notification WHERE message = 2 ORDER BY part"))
          .containsExactly("1 duplicate", "2 received", "3 duplicate");
    }

    @Test
    void whatNamesNoAppointmentIsOrderedByItsOwnId() {
      WaitingPart part = accept(SOURCE, part(null, null)).get(0);

      assertThat(part.orderingKey()).isEqualTo(part.id());
    }

    @Test
    void partsWaitInTheOrderOfTheirArrival() {
      accept(SOURCE, part("clinic a", null), part("clinic b", null));
      WaitingPart settled = accept();
      accept();
      commit(settled, parked("not understood"));

      assertThat(waiting()).extracting(WaitingPart::id).containsExactly("1-1", "1-2", "3-1");
      assertThat(store.inbox().waitingAfter(new Position(1, 1), 1_000))
          .extracting(WaitingPart::id)
          .containsExactly("1-2", "3-1");
      assertThat(store.inbox().waitingAfter(Position.BEFORE_ALL, 2))
          .extracting(WaitingPart::id)
          .containsExactly("1-1", "1-2");
    }

    @Test
    void idsGoOnAfterAnEnd() {
      accept();
      String installation = store.installation();
      happens(Claim.BOOKED, visit("a"), news("booked"));

      reopen();
      happens(Claim.BOOKED, visit("b"), news("booked"));

      assertThat(rows("SELECT id FROM message ORDER BY id")).containsExactly("1", "2", "3");
      assertThat(rows("SELECT id FROM appointment ORDER BY id")).containsExactly("1", "2");
      assertThat(rows("SELECT id FROM delivery ORDER BY id")).containsExactly("1", "2");
      assertThat(store.installation()).isEqualTo(installation);
    }
  }

  // -- settling --------------------------------------------------------------------------------

  @Nested
  class Settling {

    @Test
    void oneCommitHoldsEverythingThatANotificationCauses() {
      WaitingPart part = accept();
      AppointmentEvent event = judge(part, Claim.BOOKED, visit("a"));

      commit(part, plan(event, news("booked"), before("reminder")));
      reopen();

      assertThat(waiting()).isEmpty();
      assertThat(statusOf(part)).isEqualTo("processed");
      assertThat(store.appointment(GROUP, "a")).contains(event.after());
      assertThat(rows("SELECT event, revision, message, part FROM timeline"))
          .containsExactly("BOOKED 1 1 1");
      assertThat(deliveries()).containsExactly("booked planned", "reminder planned");
    }

    @Test
    void everyNotificationHasItsPlaceOnTheTimelineEvenIfItChangesNothing() {
      happens(Claim.BOOKED, visit("a"));
      happens(Claim.BOOKED, visit("a"));
      happens(Claim.UPDATED, visit("a").start(MOVED));
      happens(Claim.CANCELLED, visit("a").eventTime(NOW.minusSeconds(60)));

      assertThat(rows("SELECT event FROM timeline ORDER BY revision"))
          .containsExactly("BOOKED", "UNCHANGED", "RESCHEDULED", "STALE");
      assertThat(rows("SELECT event FROM notification ORDER BY message"))
          .containsExactly("BOOKED", "UNCHANGED", "RESCHEDULED", "STALE");
    }

    @Test
    void aReplacementIsOnBothTimelines() {
      happens(Claim.BOOKED, visit("old"));
      happens(Claim.BOOKED, visit("new").start(MOVED).replaces("old"));

      assertThat(
              rows(
                  "SELECT a.identifier, t.event, t.revision FROM timeline t JOIN appointment a ON a.id = t.appointment"
                      + " ORDER BY a.id, t.revision"))
          .containsExactly("old BOOKED 1", "old RESCHEDULED 2", "new RESCHEDULED 1");
      assertThat(rows("SELECT identifier, status FROM appointment ORDER BY id"))
          .containsExactly("old replaced", "new booked");
    }

    @Test
    void settlingTwiceFailsAndLeavesNoTrace() {
      WaitingPart part = accept();
      Plan plan = plan(judge(part, Claim.BOOKED, visit("a")), news("booked"));
      commit(part, plan);

      Plan again = plan(judge(part, Claim.UPDATED, visit("a").start(MOVED)), news("moved"));
      assertThat(failureOf(store.inbox().commit(part, again)))
          .isInstanceOf(AlreadySettled.class)
          .hasMessageContaining(part.id());

      assertThat(store.appointment(GROUP, "a").orElseThrow().version()).isEqualTo(1);
      assertThat(rows("SELECT COUNT(*) FROM timeline")).containsExactly("1");
      assertThat(deliveries()).containsExactly("booked planned");
    }

    @Test
    void aPlanWithoutExactlyOneVerdictIsNotCommitted() {
      WaitingPart part = accept();
      Plan none = new Plan();
      none.add(news("booked"));
      Plan two = parked("not understood");
      two.add(new Plan.Verdict.Parked("again"));

      assertThat(failureOf(store.inbox().commit(part, none))).isNotNull();
      assertThat(failureOf(store.inbox().commit(part, two))).isNotNull();

      assertThat(waiting()).hasSize(1);
      assertThat(deliveries()).isEmpty();
    }

    @Test
    void aRecordThatChangedSinceItWasReadIsAConflictThatLeavesNoTrace() {
      happens(Claim.BOOKED, visit("a"));
      WaitingPart part = accept();
      Plan stale = plan(judge(part, Claim.UPDATED, visit("a").start(MOVED)), news("moved"));
      happens(Claim.CANCELLED, visit("a"));
      AppointmentRecord known = store.appointment(GROUP, "a").orElseThrow();

      assertThat(failureOf(store.inbox().commit(part, stale))).isInstanceOf(VersionConflict.class);

      assertThat(store.appointment(GROUP, "a")).contains(known);
      assertThat(waiting()).extracting(WaitingPart::id).containsExactly(part.id());
      assertThat(rows("SELECT COUNT(*) FROM timeline")).containsExactly("2");
      assertThat(deliveries()).isEmpty();
    }

    @Test
    void twoFirstNoticesOfOneAppointmentAreAConflictToo() {
      WaitingPart part = accept();
      Plan stale = plan(judge(part, Claim.BOOKED, visit("a")), news("booked"));
      happens(Claim.CANCELLED, visit("a"));

      assertThat(failureOf(store.inbox().commit(part, stale))).isInstanceOf(VersionConflict.class);

      assertThat(store.appointment(GROUP, "a").orElseThrow().status()).isEqualTo("cancelled");
      assertThat(deliveries()).isEmpty();
    }

    @Test
    void theReplacedRecordIsGuardedAsWell() {
      happens(Claim.BOOKED, visit("old"));
      WaitingPart part = accept();
      Plan stale = plan(judge(part, Claim.BOOKED, visit("new").replaces("old")), news("moved"));
      happens(Claim.UPDATED, visit("old").start(MOVED));

      assertThat(failureOf(store.inbox().commit(part, stale))).isInstanceOf(VersionConflict.class);

      assertThat(store.appointment(GROUP, "old").orElseThrow().status()).isEqualTo("booked");
      assertThat(store.appointment(GROUP, "new")).isEmpty();
    }

    @Test
    void aFailedRunIsRememberedWithItsNextTime() {
      WaitingPart part = accept();
      Instant later = NOW.plusSeconds(90);

      store.inbox().failed(part.failed(true, NOW).failed(false, later)).join();
      reopen();

      WaitingPart waiting = waiting().get(0);
      assertThat(waiting.attempts()).isEqualTo(2);
      assertThat(waiting.failures()).isEqualTo(1);
      assertThat(waiting.due()).isEqualTo(later);
    }

    @Test
    void aFailureThatComesAfterTheEndChangesNothing() {
      WaitingPart part = accept();
      commit(part, parked("not understood"));

      store.inbox().failed(part.failed(true, NOW).failed(true, NOW)).join();

      assertThat(rows("SELECT attempts, failures FROM notification")).containsExactly("1 0");
    }

    @Test
    void whatIsParkedKeepsItsReasonAndWaitsNoMore() {
      WaitingPart part = accept();

      commit(part, parked("Expected one flag, found two. Replay it when the sender is corrected."));

      assertThat(waiting()).isEmpty();
      assertThat(rows("SELECT status, reason FROM notification"))
          .containsExactly(
              "parked Expected one flag, found two. Replay it when the sender is corrected.");
    }

    @Test
    void whatIsParkedCanBeReplayedWithItsOriginalArrival() {
      WaitingPart part = accept();
      WaitingPart failing = part.failed(true, NOW.plusSeconds(90));
      store.inbox().failed(failing).join();
      commit(failing, parked("not understood"));

      WaitingPart replayed = store.inbox().replay(part.position()).join().orElseThrow();

      assertThat(replayed).usingRecursiveComparison().ignoringFields("body").isEqualTo(part);
      assertThat(waiting())
          .usingRecursiveFieldByFieldElementComparatorIgnoringFields("body")
          .containsExactly(part);
      commit(replayed, plan(judge(replayed, Claim.BOOKED, visit("a"))));
      assertThat(statusOf(part)).isEqualTo("processed");
      assertThat(rows("SELECT reason FROM notification")).containsExactly("null");
    }

    @Test
    void nothingElseIsReplayed() {
      WaitingPart received = accept();
      assertThat(store.inbox().replay(received.position()).join()).isEmpty();

      commit(received, plan(judge(received, Claim.BOOKED, visit("a"))));
      assertThat(store.inbox().replay(received.position()).join()).isEmpty();

      accept(SOURCE, part("clinic a", "k"));
      accept(SOURCE, part("clinic a", "k"));
      assertThat(store.inbox().replay(new Position(3, 1)).join()).isEmpty();
      assertThat(store.inbox().replay(new Position(99, 1)).join()).isEmpty();
      assertThat(rows("SELECT status FROM notification ORDER BY message"))
          .containsExactly("processed", "received", "duplicate");
    }
  }

  // -- planning --------------------------------------------------------------------------------

  @Nested
  class Planning {

    @Test
    void whatIsDueAtOnceIsHandedOver() {
      List<Delivery> due =
          happens(Claim.BOOKED, visit("a"), news("booked"), before("reminder"), event(NOW));

      assertThat(due).extracting(Delivery::text).containsExactly("booked", null);
      assertThat(due).allSatisfy(d -> assertThat(read(d)).isEqualTo(d));
    }

    @Test
    void newsTakesThePlaceOfPendingNews() {
      happens(Claim.BOOKED, visit("a"), news("booked"));

      happens(Claim.UPDATED, visit("a").start(MOVED), news("rescheduled"));

      assertThat(deliveries()).containsExactly("booked superseded", "rescheduled planned");
    }

    @Test
    void newsOfAnotherChannelOrAppointmentIsLeftAlone() {
      happens(Claim.BOOKED, visit("a"), news("booked", "sms"));
      happens(Claim.BOOKED, visit("b"), news("booked", "email"));

      happens(Claim.UPDATED, visit("a").start(MOVED), news("rescheduled", "email"));

      assertThat(deliveries())
          .containsExactly("booked planned", "booked planned", "rescheduled planned");
    }

    @Test
    void onePlanHasOneNewsOnAChannel() {
      List<Delivery> due =
          happens(Claim.BOOKED, visit("a"), news("booked"), news("welcome"), news("map", "sms"));
      happens(Claim.BOOKED, visit("b"));
      happens(Claim.UPDATED, visit("b").start(MOVED), news("moved"), news("moved-again"));

      assertThat(deliveries())
          .containsExactly(
              "booked superseded",
              "welcome planned",
              "map planned",
              "moved superseded",
              "moved-again planned");
      assertThat(due).extracting(Delivery::text).containsExactly("welcome", "map");
    }

    @Test
    void newsOnItsWayIsNotTakenBack() {
      Delivery booked = only(happens(Claim.BOOKED, visit("a"), news("booked")));
      claim(booked);

      happens(Claim.UPDATED, visit("a").start(MOVED), news("rescheduled"));

      assertThat(deliveries()).containsExactly("booked sending", "rescheduled planned");
    }

    @ParameterizedTest
    @EnumSource(names = {"UPDATED", "CANCELLED", "NO_SHOW"})
    void aNewVersionSupersedesWhatLeadsUpToTheVisit(Claim claim) {
      happens(Claim.BOOKED, visit("a"), before("reminder"), after("survey"));

      happens(claim, visit("a").start(MOVED));

      assertThat(deliveries()).containsExactly("reminder superseded", "survey superseded");
    }

    @Test
    void aNewVersionPlansAnewWhatLeadsUpToTheVisit() {
      happens(Claim.BOOKED, visit("a"), before("reminder"));

      happens(Claim.UPDATED, visit("a").start(MOVED), before("reminder"));

      assertThat(deliveries()).containsExactly("reminder superseded", "reminder planned");
    }

    @Test
    void aNoticeThatChangesNothingSupersedesNothing() {
      happens(Claim.BOOKED, visit("a"), before("reminder"), news("booked"));

      happens(Claim.BOOKED, visit("a"));
      happens(Claim.CANCELLED, visit("a").eventTime(NOW.minusSeconds(60)));

      assertThat(deliveries()).containsExactly("reminder planned", "booked planned");
    }

    @Test
    void aCheckInDropsWhatComesBeforeAndKeepsWhatComesAfter() {
      happens(Claim.BOOKED, visit("a"), before("reminder"), after("survey"));

      happens(Claim.CHECKED_IN, visit("a"));

      assertThat(deliveries()).containsExactly("reminder superseded", "survey planned");
    }

    @Test
    void whatWentOutForTheSameStartIsNotRepeated() {
      happens(Claim.BOOKED, visit("a"), before("reminder"));
      send(store.outbox().due("email", NOW.plus(Duration.ofDays(11)), 10).get(0));

      happens(
          Claim.UPDATED,
          visit("a").practitioner(Party.named("Kim Slate")),
          before("reminder"),
          before("questions"));

      assertThat(deliveries()).containsExactly("reminder sent", "questions planned");
    }

    @Test
    void whatIsLateWhenItIsPlannedAndToBeSkippedEndsThere() {
      assertThat(happens(Claim.BOOKED, visit("a"), late())).isEmpty();

      assertThat(rows("SELECT text, status, reason FROM delivery"))
          .containsExactly("reminder suppressed inside the lead");
      assertThat(kept("why", "").get(0)).contains("would have been due");
    }

    @Test
    void whatIsSkippedNamesTheHourItWasMeantForAlsoBesideNewsThatWaits() {
      Instant settled = NOW.plusSeconds(60);
      PlannedDelivery news =
          new PlannedDelivery("email", Nature.NEWS, "booked", null, settled, null);
      happens(Claim.BOOKED, visit("a"), news, late());

      Instant meant = NOW.minusSeconds(60);
      assertThat(rows("SELECT text, due FROM delivery"))
          .containsExactly("booked " + settled.toEpochMilli(), "reminder " + meant.toEpochMilli());
      assertThat(kept("why", "WHERE text = 'reminder'").get(0))
          .contains("would have been due " + meant);
    }

    @Test
    void whatWaitsSinceItWasInTimeIsNotSkippedByAChange() {
      happens(Claim.BOOKED, visit("a"), before("reminder"));
      assertThat(happens(Claim.UPDATED, visit("a").practitioner(new Party("p2", "Dr. B")), late()))
          .hasSize(1);

      assertThat(deliveries()).containsExactly("reminder superseded", "reminder planned");
    }

    private PlannedDelivery late() {
      return new PlannedDelivery(
          "email",
          Audience.PATIENT,
          Nature.BEFORE_START,
          "reminder",
          "-P1D",
          NOW.minusSeconds(60),
          null,
          Reason.INSIDE_LEAD);
    }

    @Test
    void whatIsOnItsWayForTheSameStartIsNotRepeated() {
      happens(Claim.BOOKED, visit("a"), before("reminder"));
      claim(store.outbox().due("email", NOW.plus(Duration.ofDays(11)), 10).get(0));

      happens(Claim.UPDATED, visit("a").practitioner(Party.named("Kim Slate")), before("reminder"));

      assertThat(deliveries()).containsExactly("reminder sending");
    }

    @Test
    void forAnotherStartItIsSentAgain() {
      happens(Claim.BOOKED, visit("a"), before("reminder"));
      send(store.outbox().due("email", NOW.plus(Duration.ofDays(11)), 10).get(0));

      happens(Claim.UPDATED, visit("a").start(MOVED), before("reminder"));

      assertThat(deliveries()).containsExactly("reminder sent", "reminder planned");
    }

    @Test
    void anotherOffsetOrChannelIsAnotherMessage() {
      happens(Claim.BOOKED, visit("a"), before("reminder"));
      send(store.outbox().due("email", NOW.plus(Duration.ofDays(11)), 10).get(0));
      PlannedDelivery anHourBefore =
          new PlannedDelivery("email", Nature.BEFORE_START, "reminder", "-PT1H", NOW, null);
      PlannedDelivery bySms =
          new PlannedDelivery("sms", Nature.BEFORE_START, "reminder", "-P1D", NOW, null);

      happens(
          Claim.UPDATED, visit("a").practitioner(Party.named("Kim Slate")), anHourBefore, bySms);

      assertThat(deliveries())
          .containsExactly("reminder sent", "reminder planned", "reminder planned");
    }

    @Test
    void withoutAStartNothingRelativeIsPlanned() {
      List<Delivery> due =
          happens(
              Claim.BOOKED,
              bare("a"),
              new PlannedDelivery("email", Nature.BEFORE_START, "reminder", "-P1D", null, null));

      assertThat(due).isEmpty();
      assertThat(rows("SELECT status, reason FROM delivery"))
          .containsExactly("suppressed start unknown");
    }

    @Test
    void aReplacedAppointmentLosesWhatIsPendingForPeople() {
      happens(
          Claim.BOOKED, visit("old"), news("booked", "sms"), before("reminder"), after("survey"));

      happens(Claim.BOOKED, visit("new").start(MOVED).replaces("old"), news("rescheduled"));

      assertThat(deliveries())
          .containsExactly(
              "booked superseded",
              "reminder superseded",
              "survey superseded",
              "rescheduled planned");
    }

    @Test
    void aReplacedAppointmentKeepsWhatIsPendingForSystems() {
      happens(Claim.BOOKED, visit("old"), event(NOW));

      happens(Claim.BOOKED, visit("new").start(MOVED).replaces("old"), event(NOW));

      assertThat(rows("SELECT status FROM delivery")).containsExactly("planned", "planned");
    }

    @Test
    void aChainOfReplacementsSharesWhatWasToldAndWhatWentOut() {
      Delivery booked = only(happens(Claim.BOOKED, visit("a"), news("booked"), before("reminder")));
      send(booked);
      send(store.outbox().due("email", NOW.plus(Duration.ofDays(11)), 10).get(0));
      happens(Claim.RESCHEDULED, visit("b").replaces("a"));

      Delivery moved =
          only(
              happens(
                  Claim.RESCHEDULED,
                  visit("c").replaces("b"),
                  news("rescheduled"),
                  before("reminder")));

      assertThat(moved.root()).isEqualTo("a");
      assertThat(read(moved).root()).isEqualTo("a");
      assertThat(deliveries())
          .containsExactly("booked sent", "reminder sent", "rescheduled planned");
      Told told = store.outbox().knowledge(moved).told();
      assertThat(told).isNotNull();
      assertThat(told.start()).isEqualTo(START);
      assertThat(told.group()).isEqualTo(StatusGroup.OPEN);
    }

    @Test
    void anOldOneNeverSeenIsTheRootAllTheSame() {
      Delivery moved =
          only(happens(Claim.RESCHEDULED, visit("b").replaces("a"), news("rescheduled")));

      assertThat(read(moved).root()).isEqualTo("a");
      assertThat(store.outbox().knowledge(moved).told()).isNotNull();
      assertThat(store.appointment(GROUP, "a").orElseThrow().status()).isEqualTo("replaced");
    }

    @Test
    void whatWasPlannedBeforeAnAppointmentLearnedWhatItReplacesGoesByTheNewRoot() {
      happens(Claim.BOOKED, visit("old"));
      Delivery first =
          only(
              happens(
                  Claim.RESCHEDULED,
                  visit("new").start(MOVED),
                  news("rescheduled"),
                  before("reminder"),
                  before("questions")));
      send(first);
      send(store.outbox().due("email", NOW.plus(Duration.ofDays(11)), 1).get(0));

      Delivery again =
          only(
              happens(
                  Claim.RESCHEDULED,
                  visit("new").start(MOVED).replaces("old"),
                  news("rescheduled"),
                  before("reminder"),
                  before("questions")));

      assertThat(deliveries())
          .containsExactly(
              "rescheduled sent",
              "reminder sent",
              "questions superseded",
              "rescheduled planned",
              "questions planned");
      Told told = store.outbox().knowledge(again).told();
      assertThat(told).isNotNull();
      assertThat(told.start()).isEqualTo(MOVED);
    }

    @Test
    void eventsToSystemsAreNeverSuperseded() {
      happens(Claim.BOOKED, visit("a"), event(NOW));
      happens(Claim.UPDATED, visit("a").start(MOVED), event(NOW));
      happens(Claim.CANCELLED, visit("a"), event(NOW));

      assertThat(rows("SELECT event, status FROM delivery ORDER BY id"))
          .containsExactly("BOOKED planned", "RESCHEDULED planned", "CANCELLED planned");
    }

    @Test
    void aLaterEventIsNeverDueBeforeAnEarlierOneThatWaits() {
      Delivery first = only(happens(Claim.BOOKED, visit("a"), event(NOW)));
      Instant later = NOW.plusSeconds(600);
      store.outbox().retry(claim(first), later, false, "refused").join();

      List<Delivery> dueNow = happens(Claim.CANCELLED, visit("a"), event(NOW));

      assertThat(dueNow).isEmpty();
      assertThat(store.outbox().due("webhook", later, 10))
          .extracting(Delivery::event)
          .containsExactly(EventKind.BOOKED, EventKind.CANCELLED);
    }

    @Test
    void aRetryPushesLaterEventsOfItsAppointmentBehindIt() {
      Delivery first = only(happens(Claim.BOOKED, visit("a"), event(NOW)));
      Delivery second = only(happens(Claim.UPDATED, visit("a").start(MOVED), event(NOW)));
      Delivery news = only(happens(Claim.CANCELLED, visit("a"), news("cancelled")));
      Delivery other = only(happens(Claim.BOOKED, visit("b"), event(NOW)));
      Instant later = NOW.plusSeconds(600);

      store.outbox().retry(claim(first), later, true, "unreadable").join();

      assertThat(read(first).due()).isEqualTo(later);
      assertThat(read(second).due()).isEqualTo(later);
      assertThat(read(news).due()).isEqualTo(NOW);
      assertThat(read(other).due()).isEqualTo(NOW);
    }

    @Test
    void aLaterEventIsNotClaimedWhileAnEarlierOneWaits() {
      only(happens(Claim.BOOKED, visit("a"), event(NOW)));
      Delivery second = only(happens(Claim.CANCELLED, visit("a"), event(NOW)));

      assertThat(
              store.outbox().claim(second, OutboxStore.ANY_REVISION, null, List.of(), NOW).join())
          .isEmpty();
    }
  }

  // -- a delivery's life -----------------------------------------------------------------------

  @Nested
  class DeliveryLife {

    private Delivery planned;

    @BeforeEach
    void plan() {
      planned = only(happens(Claim.BOOKED, visit("a"), news("booked")));
    }

    @Test
    void aClaimRaisesTheFenceAndCountsTheAttempt() {
      Delivery claimed = claim(planned);

      assertThat(claimed.fence()).isEqualTo(planned.fence() + 1);
      assertThat(claimed.attempts()).isEqualTo(1);
      assertThat(read(claimed)).isEqualTo(claimed);
      assertThat(statusOf(planned)).isEqualTo("sending");
      assertThat(store.outbox().due("email", NOW, 10)).isEmpty();
      assertThat(kept("recipient", "")).containsExactly("a…@example.org");
    }

    @Test
    void onlyOneClaimSucceeds() {
      claim(planned);

      assertThat(store.outbox().claim(planned, OutboxStore.ANY_REVISION, null, WHY, NOW).join())
          .isEmpty();
    }

    @Test
    void aClaimBeforeItsTimeFails() {
      store.outbox().retry(claim(planned), NOW.plusSeconds(30), true, "refused").join();
      Delivery waiting = read(planned);

      assertThat(claimAt(waiting, NOW.plusSeconds(29))).isEmpty();
      assertThat(claimAt(waiting, NOW.plusSeconds(30))).isPresent();
    }

    private Optional<Delivery> claimAt(Delivery delivery, Instant now) {
      return store.outbox().claim(delivery, OutboxStore.ANY_REVISION, null, WHY, now).join();
    }

    @Test
    void aClaimJudgedByWhatIsNoLongerTrueFails() {
      int judged = store.outbox().knowledge(planned).appointment().revision();
      happens(Claim.BOOKED, visit("a"));

      assertThat(store.outbox().claim(planned, judged, null, WHY, NOW).join()).isEmpty();
      assertThat(statusOf(planned)).isEqualTo("planned");
      assertThat(store.outbox().claim(planned, judged + 1, null, WHY, NOW).join()).isPresent();
    }

    @Test
    void whatIsSentIsKeptWithWhatWasTold() {
      assertThat(store.outbox().knowledge(planned).told()).isNull();

      Delivery sent = send(planned);

      assertThat(rows("SELECT status, provider_id FROM delivery"))
          .containsExactly("sent provider-1");
      Told told = store.outbox().knowledge(sent).told();
      assertThat(told).isEqualTo(Told.of(store.appointment(GROUP, "a").orElseThrow()));
    }

    @Test
    void theLastThatWasToldCounts() {
      send(planned);
      Delivery moved = only(happens(Claim.UPDATED, visit("a").start(MOVED), news("rescheduled")));
      send(moved);

      assertThat(store.outbox().knowledge(moved).told().start()).isEqualTo(MOVED);
      assertThat(rows("SELECT COUNT(*) FROM told")).containsExactly("1");
    }

    @Test
    void whatWasToldIsRememberedPerChannel() {
      send(planned);

      Delivery sms = only(happens(Claim.UPDATED, visit("a").start(MOVED), news("moved", "sms")));

      assertThat(store.outbox().knowledge(sms).told()).isNull();
    }

    @Test
    void asLongAsNothingWasToldWhatPeoplePresumablyKnowCounts() {
      Delivery moved =
          only(happens(Claim.RESCHEDULED, visit("b").oldStart(MOVED), news("rescheduled")));

      Told told = store.outbox().knowledge(moved).told();
      assertThat(told).isEqualTo(store.appointment(GROUP, "b").orElseThrow().presumed());
      assertThat(told.moved()).isTrue();
    }

    @Test
    void whatASystemIsToldTeachesNobodyAnything() {
      Delivery event = only(happens(Claim.UPDATED, visit("a").start(MOVED), event(NOW)));

      store.outbox().sent(claim(event), NOW, null, null).join();

      assertThat(rows("SELECT COUNT(*) FROM told")).containsExactly("0");
    }

    @Test
    void aLateAnswerOfAnOldClaimChangesNothing() {
      Delivery late = claim(planned);
      store.uncertain().recover().join();
      store.uncertain().planAgain(store.uncertain().due(NOW, 1).get(0)).join();
      Delivery current = claim(read(planned));

      assertThat(store.outbox().sent(late, NOW, "late", Told.of(known())).join()).isFalse();
      assertThat(store.outbox().retry(late, NOW.plusSeconds(9), true, "late").join()).isFalse();
      assertThat(store.outbox().dead(late, true, "late").join()).isFalse();

      assertThat(read(planned)).isEqualTo(current);
      assertThat(statusOf(planned)).isEqualTo("sending");
      assertThat(rows("SELECT COUNT(*) FROM told")).containsExactly("0");
      assertThat(store.outbox().sent(current, NOW, "in time", null).join()).isTrue();
    }

    @Test
    void aLateRetryPushesNoLaterEventsEither() {
      Delivery first = only(happens(Claim.UPDATED, visit("a").start(MOVED), event(NOW)));
      Delivery second = only(happens(Claim.CANCELLED, visit("a"), event(NOW)));
      Delivery late = claim(first);
      store.outbox().sent(late, NOW, null, null).join();

      store.outbox().retry(late, NOW.plusSeconds(600), true, "late").join();

      assertThat(read(second).due()).isEqualTo(NOW);
    }

    private AppointmentRecord known() {
      return store.appointment(GROUP, "a").orElseThrow();
    }

    @Test
    void anAnswerComesOnlyOnce() {
      Delivery claimed = claim(planned);

      assertThat(store.outbox().sent(claimed, NOW, "p", null).join()).isTrue();
      assertThat(store.outbox().sent(claimed, NOW, "p", null).join()).isFalse();
      assertThat(store.outbox().retry(claimed, NOW, true, "again").join()).isFalse();
      assertThat(store.outbox().dead(claimed, true, "again").join()).isFalse();
      assertThat(statusOf(planned)).isEqualTo("sent");
    }

    @Test
    void aRetryIsPlannedAgainAndCountsIfItIsItsOwnFault() {
      Instant later = NOW.plusSeconds(30);
      store.outbox().retry(claim(planned), later, false, "refused").join();
      assertThat(read(planned).failures()).isZero();

      store.outbox().retry(claim(read(planned)), later, true, "unreadable").join();

      assertThat(statusOf(planned)).isEqualTo("planned");
      assertThat(read(planned).failures()).isEqualTo(1);
      assertThat(read(planned).attempts()).isEqualTo(2);
      assertThat(read(planned).planned()).isEqualTo(NOW);
      assertThat(store.outbox().due("email", NOW, 10)).isEmpty();
      assertThat(store.outbox().due("email", later, 10)).hasSize(1);
    }

    @Test
    void newsThatFailsIsLeftToNewerNewsThatWaits() {
      isLeftToNewerNews(older -> store.outbox().retry(older, NOW, true, "HTTP 500"));
    }

    @Test
    void newsThatIsGivenBackIsLeftToNewerNewsThatWaits() {
      isLeftToNewerNews(older -> store.outbox().release(older));
    }

    private void isLeftToNewerNews(Function<Delivery, CompletableFuture<Boolean>> comesBack) {
      Delivery older = claim(planned);
      Delivery newer = only(happens(Claim.UPDATED, visit("a").start(MOVED), news("rescheduled")));

      assertThat(comesBack.apply(older).join()).isTrue();

      assertThat(statusOf(planned)).isEqualTo("superseded");
      assertThat(statusOf(newer)).isEqualTo("planned");
    }

    @Test
    void newsThatFailsIsTriedAgainIfNewerNewsIsGivenUp() {
      Delivery older = claim(planned);
      Delivery newer = only(happens(Claim.UPDATED, visit("a").start(MOVED), news("rescheduled")));
      store.outbox().cancel(newer.id()).join();

      store.outbox().retry(older, NOW, true, "HTTP 500").join();

      assertThat(statusOf(planned)).isEqualTo("planned");
    }

    @Test
    void theDeadAreRaisedByAnOperatorOnly() {
      store.outbox().dead(claim(planned), true, "550 no such mailbox").join();
      assertThat(statusOf(planned)).isEqualTo("dead");
      assertThat(rows("SELECT reason FROM delivery")).containsExactly("550 no such mailbox");
      assertThat(store.uncertain().recover().join()).isZero();

      assertThat(store.outbox().retryDead(planned.id(), NOW.plusSeconds(5)).join()).isTrue();

      assertThat(statusOf(planned)).isEqualTo("planned");
      assertThat(read(planned).failures()).isZero();
      assertThat(read(planned).planned()).isEqualTo(NOW);
      assertThat(store.outbox().retryDead(planned.id(), NOW).join()).isFalse();
    }

    @Test
    void onlyThePlannedAreCancelled() {
      assertThat(store.outbox().cancel(planned.id()).join()).isTrue();
      assertThat(statusOf(planned)).isEqualTo("cancelled");
      assertThat(store.outbox().cancel(planned.id()).join()).isFalse();
      assertThat(store.outbox().claim(planned, OutboxStore.ANY_REVISION, null, WHY, NOW).join())
          .isEmpty();

      Delivery other = only(happens(Claim.BOOKED, visit("b"), news("booked")));
      claim(other);
      assertThat(store.outbox().cancel(other.id()).join()).isFalse();
      assertThat(statusOf(other)).isEqualTo("sending");
    }

    @Test
    void whatIsSuppressedKeepsItsReasonAndWhatWasAsked() {
      assertThat(store.outbox().suppress(planned, Reason.TOO_LATE, WHY).join()).isTrue();

      assertThat(rows("SELECT status, reason FROM delivery"))
          .containsExactly("suppressed too late");
      assertThat(kept("why", "").get(0)).contains("nothing yet");
      assertThat(store.outbox().suppress(planned, Reason.TOO_LATE, WHY).join()).isFalse();
    }

    @Test
    void aJudgementThatComesAfterAClaimChangesNothing() {
      claim(planned);

      assertThat(store.outbox().suppress(planned, Reason.TOO_LATE, WHY).join()).isFalse();
      assertThat(
              store
                  .outbox()
                  .defer(planned, NOW, NOW.plusSeconds(60), Reason.QUIET_HOURS, WHY)
                  .join())
          .isFalse();
      assertThat(statusOf(planned)).isEqualTo("sending");
      assertThat(read(planned).due()).isEqualTo(NOW);
    }

    @Test
    void whatIsDeferredRemembersHowLongItWasHeldBack() {
      store.outbox().defer(planned, NOW, NOW.plusSeconds(60), Reason.QUIET_HOURS, WHY).join();
      store
          .outbox()
          .defer(read(planned), NOW.plusSeconds(60), NOW.plusSeconds(90), Reason.QUIET_HOURS, WHY)
          .join();

      Delivery deferred = read(planned);
      assertThat(deferred.due()).isEqualTo(NOW.plusSeconds(90));
      assertThat(deferred.quietFor()).isEqualTo(90_000);
      assertThat(deferred.planned()).isEqualTo(NOW);
      assertThat(statusOf(planned)).isEqualTo("planned");
    }

    @Test
    void whoMayHaveGotWhatWasOnItsWayWhenTheProcessEndedIsToldOfTheCancellation() {
      claim(planned);
      reopen();
      store.uncertain().recover().join();

      Delivery cancelled = only(happens(Claim.CANCELLED, visit("a"), news("cancelled")));

      OutboxStore.Knowledge known = store.outbox().knowledge(cancelled);
      assertThat(known.told()).isNull();
      assertThat(News.decide(known.assumed(), known.appointment()).text())
          .isEqualTo(EventKind.CANCELLED);
      send(cancelled);
      assertThat(store.outbox().knowledge(cancelled).perhapsTold()).isNull();
    }

    @Test
    void whatWasOnItsWayAndIsOvertakenIsNotSentAgain() {
      claim(planned);
      Delivery moved = only(happens(Claim.UPDATED, visit("a").start(MOVED), news("rescheduled")));
      reopen();

      store.uncertain().recover().join();

      assertThat(statusOf(planned)).isEqualTo("superseded");
      OutboxStore.Knowledge known = store.outbox().knowledge(moved);
      assertThat(News.decide(known.assumed(), known.appointment()).text())
          .isEqualTo(EventKind.RESCHEDULED);
    }

    @Test
    void whoPerhapsGotNothingIsToldAsIfNothingHadBeenSent() {
      claim(planned);
      reopen();
      store.uncertain().recover().join();

      Delivery moved =
          only(
              happens(
                  Claim.UPDATED,
                  visit("a").practitioner(Party.named("Dr Other")),
                  news("modified")));

      OutboxStore.Knowledge known = store.outbox().knowledge(moved);
      assertThat(News.decide(known.assumed(), known.appointment()).text())
          .isEqualTo(EventKind.BOOKED);
    }

    private Delivery claimText(Delivery delivery) {
      Told told = Told.of(store.appointment(GROUP, delivery.appointment()).orElseThrow());
      return store
          .outbox()
          .claim(
              delivery,
              OutboxStore.ANY_REVISION,
              "masked",
              WHY,
              new InFlight(NOW, "+16085550112", "digest", told),
              NOW)
          .join()
          .orElseThrow();
    }

    private UncertainStore.Uncertain afterACrash() {
      reopen();
      store.uncertain().recover().join();
      List<UncertainStore.Uncertain> found = store.uncertain().due(NOW, 10);
      assertThat(found).hasSize(1);
      return found.get(0);
    }

    @Test
    void whatWasOnItsWayWhenTheProcessEndedIsUncertain() {
      Delivery lost = claim(planned);

      reopen();
      assertThat(store.uncertain().recover().join()).isEqualTo(1);

      assertThat(statusOf(planned)).isEqualTo("uncertain");
      assertThat(read(planned).fence()).isGreaterThan(lost.fence());
      assertThat(store.outbox().due("email", NOW, 10)).isEmpty();
      assertThat(store.uncertain().recover().join()).isZero();
    }

    @Test
    void whatIsUncertainIsPlannedAgainUnderTheSameId() {
      claimText(planned);
      UncertainStore.Uncertain uncertain = afterACrash();

      assertThat(store.uncertain().planAgain(uncertain).join()).isTrue();

      assertThat(store.outbox().due("email", NOW, 10))
          .extracting(Delivery::id)
          .containsExactly(planned.id());
      assertThat(rows("SELECT in_flight FROM delivery")).containsExactly("null");
      assertThat(store.uncertain().planAgain(uncertain).join()).isFalse();
    }

    @Test
    void whatHadArrivedIsSentAndItsRecipientKnowsIt() {
      claimText(planned);
      UncertainStore.Uncertain uncertain = afterACrash();
      assertThat(uncertain.inFlight().to()).isEqualTo("+16085550112");
      assertThat(store.uncertain().taken(List.of("SM1"))).isEmpty();

      assertThat(store.uncertain().found(uncertain, uncertain.inFlight(), "SM1").join()).isTrue();

      assertThat(rows("SELECT status, provider_id, in_flight FROM delivery"))
          .containsExactly("sent SM1 null");
      assertThat(store.outbox().knowledge(planned).told().start()).isEqualTo(START);
      assertThat(store.uncertain().taken(List.of("SM1", "SM2"))).containsExactly("SM1");
    }

    @Test
    void whatHadArrivedDoesNotUnsayWhatWasToldLater() {
      claimText(only(happens(Claim.UPDATED, visit("a").end(null), reminder())));
      Delivery moved = only(happens(Claim.UPDATED, visit("a").start(MOVED), news("rescheduled")));
      reopen();
      store.uncertain().recover().join();
      UncertainStore.Uncertain uncertain = store.uncertain().due(NOW, 10).get(0);
      Delivery claimed = claim(moved);
      Told told = Told.of(store.appointment(GROUP, "a").orElseThrow());
      store.outbox().sent(claimed, NOW.plusSeconds(1), "provider-2", told).join();

      store.uncertain().found(uncertain, uncertain.inFlight(), "SM1").join();

      assertThat(store.outbox().knowledge(moved).told().start()).isEqualTo(MOVED);
    }

    private PlannedDelivery reminder() {
      return new PlannedDelivery("email", Nature.BEFORE_START, "reminder", "-P1D", NOW, null);
    }

    @Test
    void whatCannotBeSaidYetIsAskedLater() {
      claimText(planned);
      UncertainStore.Uncertain uncertain = afterACrash();

      store.uncertain().askLater(uncertain, NOW.plusSeconds(30)).join();

      assertThat(statusOf(planned)).isEqualTo("uncertain");
      assertThat(store.uncertain().due(NOW, 10)).isEmpty();
      assertThat(store.uncertain().due(NOW.plusSeconds(30), 10)).hasSize(1);
    }

    @Test
    void anOperatorDecidesOnlyOfWhatIsHeld() {
      claimText(planned);
      UncertainStore.Uncertain uncertain = afterACrash();
      assertThat(store.outbox().retryDead(planned.id(), NOW).join()).isFalse();
      assertThat(store.outbox().cancel(planned.id()).join()).isFalse();

      store.uncertain().hold(uncertain).join();
      reopen();
      store.uncertain().recover().join();

      assertThat(rows("SELECT status, reason FROM delivery")).containsExactly("uncertain in doubt");
      assertThat(store.uncertain().due(NOW, 10)).isEmpty();
      assertThat(store.outbox().retryDead(planned.id(), NOW).join()).isTrue();
      assertThat(statusOf(planned)).isEqualTo("planned");
    }

    @Test
    void whatIsHeldAndCancelledMayHaveBeenRead() {
      claim(planned);
      UncertainStore.Uncertain uncertain = afterACrash();
      store.uncertain().hold(uncertain).join();
      assertThat(store.outbox().cancel(planned.id()).join()).isTrue();

      Delivery cancelled = only(happens(Claim.CANCELLED, visit("a"), news("cancelled")));

      OutboxStore.Knowledge known = store.outbox().knowledge(cancelled);
      assertThat(News.decide(known.assumed(), known.appointment()).text())
          .isEqualTo(EventKind.CANCELLED);
    }

    @Test
    void newsInDoubtGivesWayToNewerNews() {
      claim(planned);
      UncertainStore.Uncertain uncertain = afterACrash();
      only(happens(Claim.UPDATED, visit("a").start(MOVED), news("rescheduled")));

      assertThat(statusOf(planned)).isEqualTo("superseded");
      assertThat(store.uncertain().planAgain(uncertain).join()).isFalse();
    }

    @Test
    void preparationInDoubtThatIsOvertakenIsNotSaidASecondTime() {
      claim(only(happens(Claim.BOOKED, visit("p"), reminder())));
      store.outbox().cancel(planned.id()).join();
      UncertainStore.Uncertain uncertain = afterACrash();
      store.uncertain().planAgain(uncertain).join();

      assertThat(happens(Claim.CANCELLED, visit("p"))).isEmpty();
      assertThat(happens(Claim.RESTORED, visit("p"), reminder())).isEmpty();
    }

    @Test
    void preparationThatTheCarrierNeverGotIsPlannedAnewByAChange() {
      claim(only(happens(Claim.BOOKED, visit("p"), reminder())));
      store.outbox().cancel(planned.id()).join();
      UncertainStore.Uncertain uncertain = afterACrash();
      store.uncertain().notFound(uncertain).join();

      happens(Claim.CANCELLED, visit("p"));
      assertThat(happens(Claim.RESTORED, visit("p"), reminder())).hasSize(1);
    }

    @Test
    void eventsBehindOneInDoubtAreNotEvenLookedAt() {
      Delivery booked = only(happens(Claim.BOOKED, visit("b"), event(NOW)));
      happens(Claim.UPDATED, visit("b").start(MOVED), event(NOW));
      claim(booked);
      afterACrash();

      assertThat(store.outbox().due("webhook", NOW, 10)).isEmpty();
      store.uncertain().planAgain(store.uncertain().due(NOW, 10).get(0)).join();
      assertThat(store.outbox().due("webhook", NOW, 10)).hasSize(2);
    }

    @Test
    void theLongestWaitingComeFirst() {
      happens(
          Claim.BOOKED,
          visit("b"),
          new PlannedDelivery("email", Nature.NEWS, "early", null, NOW.minusSeconds(9), null));
      happens(Claim.BOOKED, visit("c"), news("late"), news("by sms", "sms"));

      assertThat(store.outbox().due("email", NOW, 10))
          .extracting(Delivery::text)
          .containsExactly("early", "booked", "late");
      assertThat(store.outbox().due("email", NOW, 2))
          .extracting(Delivery::text)
          .containsExactly("early", "booked");
    }
  }

  // -- slots -----------------------------------------------------------------------------------

  @Nested
  class Slots {

    private static final Instant MORNING = Instant.parse("2026-09-01T09:00:00Z");
    private static final Duration DAY = Duration.ofDays(1);
    private final Party pat = new Party("npi-1", "Pat Granite");
    private final Party kim = new Party("npi-2", "Kim Slate");
    private final Party main = Party.named("Main Street");

    private void pushed(SlotsNotice.Batch batch, OfferedSlot... slots) {
      WaitingPart part = accept();
      Plan plan = new Plan();
      plan.add(
          new Plan.Verdict.Slots(
              new SlotsNotice("PushSlots", batch, List.of(slots), false),
              ZoneOffset.UTC,
              "clinic"));
      commit(part, plan);
      assertThat(statusOf(part)).isEqualTo("processed");
    }

    private OfferedSlot slot(String id, Instant start, Party provider) {
      return new OfferedSlot(id, start, 15, "Office Visit", provider, main);
    }

    private List<String> slots() {
      return rows("SELECT slot_id, provider_name FROM slot ORDER BY starts_at, slot_id");
    }

    @Test
    void aSlotIsKnownByItsId() {
      pushed(null, slot("1", MORNING, pat));
      pushed(null, new OfferedSlot("1", MORNING.plusSeconds(900), 30, "Blocked", kim, null));

      assertThat(
              rows("SELECT slot_id, minutes, reason, provider, provider_name, location FROM slot"))
          .containsExactly("1 30 Blocked npi-2 Kim Slate null");
    }

    @Test
    void withoutAnIdItIsKnownByProviderPlaceAndStart() {
      pushed(null, slot(null, MORNING, pat));
      pushed(null, new OfferedSlot(null, MORNING, 15, "Blocked", pat, main));
      pushed(null, slot(null, MORNING, kim));
      pushed(null, slot(null, MORNING.plusSeconds(900), pat));
      pushed(null, new OfferedSlot(null, MORNING, 15, null, pat, Party.named("Oak Avenue")));

      assertThat(rows("SELECT COUNT(*) FROM slot")).containsExactly("4");
      assertThat(rows("SELECT COUNT(*) FROM slot WHERE reason = 'Blocked'")).containsExactly("1");
    }

    @Test
    void aCompleteBatchReplacesTheEarlierOneForTheSameProvidersAndDays() {
      pushed(
          new SlotsNotice.Batch("b1", 1, 1),
          slot("1", MORNING, pat),
          slot("2", MORNING, kim),
          slot("3", MORNING.plus(DAY), pat));

      pushed(new SlotsNotice.Batch("b2", 1, 2), slot("4", MORNING.plusSeconds(900), pat));
      assertThat(slots())
          .containsExactly("1 Pat Granite", "2 Kim Slate", "4 Pat Granite", "3 Pat Granite");

      pushed(new SlotsNotice.Batch("b2", 2, 2), slot("5", MORNING.plusSeconds(1800), pat));
      assertThat(slots())
          .containsExactly("2 Kim Slate", "4 Pat Granite", "5 Pat Granite", "3 Pat Granite");
    }

    @Test
    void thePiecesOfABatchMayComeInAnyOrderAndTwice() {
      pushed(new SlotsNotice.Batch("b1", 1, 1), slot("1", MORNING, pat));

      pushed(new SlotsNotice.Batch("b2", 2, 2), slot("5", MORNING.plusSeconds(1800), pat));
      pushed(new SlotsNotice.Batch("b2", 2, 2), slot("5", MORNING.plusSeconds(1800), pat));
      assertThat(slots()).contains("1 Pat Granite");

      pushed(new SlotsNotice.Batch("b2", 1, 2), slot("4", MORNING.plusSeconds(900), pat));
      assertThat(slots()).containsExactly("4 Pat Granite", "5 Pat Granite");
      assertThat(rows("SELECT COUNT(*) FROM slot_batch")).containsExactly("0");
    }

    @Test
    void whatWasPushedAloneIsNoEarlierBatch() {
      pushed(null, slot("1", MORNING, pat));

      pushed(new SlotsNotice.Batch("b1", 1, 1), slot("2", MORNING.plusSeconds(900), pat));

      assertThat(slots()).containsExactly("1 Pat Granite", "2 Pat Granite");
    }

    @Test
    void anEmptyPushIsProcessedToo() {
      pushed(null);
      pushed(new SlotsNotice.Batch("b1", 1, 1));

      assertThat(slots()).isEmpty();
    }
  }

  @Test
  void aPositionIsWrittenAsTwoNumbers() {
    assertThat(Position.of("17-1")).isEqualTo(new Position(17, 1));
    assertThat(new Position(17, 1).id()).isEqualTo("17-1");
    for (String wrong : List.of("17", "-1", "17-", "a-1", "17-1-1", "")) {
      assertThatThrownBy(() -> Position.of(wrong))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("17-1");
    }
  }

  @Test
  void aProbeWritesAndLeavesNothingBehindButItself() {
    store.probe();
    store.probe();

    assertThat(rows("SELECT COUNT(*) FROM installation WHERE name NOT LIKE 'key:%'"))
        .containsExactly("4");
  }

  /** Whole lives of appointments: what is stored is what the rules said, in every field. */
  @Test
  void aRecordIsReadAsItWasWritten() {
    for (Map.Entry<String, NoticeBuilder> said :
        Map.of(
                "a", visit("a").link("https://video/1"),
                "b", bare("b"),
                "c", visit("c").start(START.plusNanos(123_456_789)).replaces("z"))
            .entrySet()) {
      WaitingPart part = accept();
      AppointmentEvent event = judge(part, Claim.UPDATED, said.getValue());
      commit(part, plan(event));

      assertThat(store.appointment(GROUP, said.getKey())).contains(event.after());
    }
  }
}
