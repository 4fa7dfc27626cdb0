package io.appointmentrelay.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.appointmentrelay.appointment.Claim;
import io.appointmentrelay.store.ConsoleReads.AppointmentFilter;
import io.appointmentrelay.store.ConsoleReads.DeliveryFilter;
import io.appointmentrelay.store.ConsoleReads.Notification;
import io.appointmentrelay.store.ConsoleReads.NotificationFilter;
import io.appointmentrelay.store.ConsoleReads.SlotFilter;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.SqlLogger;
import org.jdbi.v3.core.statement.StatementContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConsoleReadsTest {

  private static final NotificationFilter ANY_NOTIFICATION =
      new NotificationFilter(null, null, null, null, null);
  private static final AppointmentFilter ANY_APPOINTMENT =
      new AppointmentFilter(null, null, null, null, null);
  private static final DeliveryFilter ANY_DELIVERY = new DeliveryFilter(null, null, null);
  private static final SlotFilter ANY_SLOT = new SlotFilter(null, null, null, null);
  private static final Instant DAY = Instant.parse("2026-02-01T00:00:00Z");

  @TempDir Path directory;
  private ScriptedLife life;
  private ConsoleReads reads;

  @BeforeEach
  void open() {
    life = new ScriptedLife(directory);
    reads = new ConsoleReads(life.database());
  }

  @AfterEach
  void close() {
    life.close();
  }

  @Test
  void everyPageGoesOnWhereTheOneBeforeEnded() {
    life.arrivesAboutSeveral("A1", "A2", "A3");
    life.arrivesAboutSeveral("A4", "A5");

    List<List<String>> pages =
        pages(page -> reads.notifications(ANY_NOTIFICATION, page), 2, Notification::id);

    assertThat(pages).containsExactly(List.of("2-2", "2-1"), List.of("1-3", "1-2"), List.of("1-1"));
  }

  @Test
  void whatArrivesBetweenTwoPagesChangesNothingInThem() {
    life.arrivesAboutSeveral("A1", "A2", "A3");
    Page<Notification> first = reads.notifications(ANY_NOTIFICATION, new PageRequest(2, null));
    life.arrivesAboutSeveral("A4");

    Page<Notification> second =
        reads.notifications(ANY_NOTIFICATION, new PageRequest(2, first.next()));

    assertThat(second.items()).extracting(Notification::id).containsExactly("1-1");
    assertThat(second.next()).isNull();
  }

  @Test
  void aPageThatIsJustFullHasNoNext() {
    life.arrivesAboutSeveral("A1", "A2");

    assertThat(reads.notifications(ANY_NOTIFICATION, new PageRequest(2, null)).next()).isNull();
  }

  @Test
  void aTimeIsFoundAmongManyDays() {
    for (int day = 0; day < 40; day++) {
      life.arrives("canvas", "A" + day, DAY.plus(Duration.ofDays(day)));
    }
    for (int day = 0; day < 40; day++) {
      Instant from = DAY.plus(Duration.ofDays(day));
      NotificationFilter twoDays =
          new NotificationFilter(null, null, null, from, from.plus(Duration.ofDays(2)));

      assertThat(reads.notifications(twoDays, PageRequest.FIRST).items())
          .extracting(Notification::appointment)
          .containsExactlyElementsOf(
              day == 39 ? List.of("A39") : List.of("A" + (day + 1), "A" + day));
    }
  }

  @Test
  void aClockThatWasSetBackALittleHidesNothing() {
    for (int i = 0; i < 20; i++) {
      life.arrives("canvas", "A" + i, DAY.plusSeconds(i % 2 == 0 ? i : i - 300));
    }
    NotificationFilter later = new NotificationFilter(null, null, null, DAY, DAY.plusSeconds(3600));

    assertThat(reads.notifications(later, PageRequest.FIRST).items()).hasSize(10);
  }

  @Test
  void filtersOfEveryKindCombine() {
    life.booked("A1");
    life.parked("canvas", "A1", "because");
    life.parked("canvas", "A2", "because");
    life.parked("redox-fhir", "A2", "because");

    assertThat(ids(new NotificationFilter("canvas", "parked", null, null, null)))
        .containsExactly("3-1", "2-1");
    assertThat(ids(new NotificationFilter(null, null, "A1", null, null)))
        .containsExactly("2-1", "1-1");
    assertThat(ids(new NotificationFilter("canvas", "parked", "A2", null, null)))
        .containsExactly("3-1");
    assertThat(ids(new NotificationFilter("canvas", "received", null, null, null))).isEmpty();
    assertThat(ids(new NotificationFilter("' OR 1=1 --", null, null, null, null))).isEmpty();
  }

  @Test
  void aRareItemIsLookedForABoundedNumberOfRowsAtATime() {
    life.arrives("rare", "A1", DAY);
    for (int i = 0; i < 9; i++) {
      life.arrives("canvas", "A1", DAY);
    }
    Page<String> first = boundedScan(Long.MAX_VALUE);
    Page<String> second = boundedScan(Long.parseLong(first.next()));
    Page<String> third = boundedScan(Long.parseLong(second.next()));

    assertThat(first.items()).isEmpty();
    assertThat(second.items()).isEmpty();
    assertThat(third.items()).containsExactly("1");
    assertThat(third.next()).isNull();
  }

  private Page<String> boundedScan(long before) {
    return Jdbi.create(life.database().readers())
        .withHandle(
            handle ->
                Scan.page(
                    handle
                        .createQuery(
                            "SELECT source = 'rare', message FROM notification WHERE message < :before"
                                + " ORDER BY message DESC")
                        .bind("before", before),
                    5,
                    4,
                    rows -> rows.getString("message"),
                    rows -> rows.getString("message")));
  }

  @Test
  void appointmentsComeByStartWhenATimeIsAskedFor() {
    life.booked("A1");
    life.booked("A2");
    life.moved("A1", 3);
    life.booked("A3");
    AppointmentFilter anyTime =
        new AppointmentFilter(null, null, null, Instant.EPOCH, ScriptedLife.START.plusSeconds(1));

    assertThat(
            pages(
                page -> reads.appointments(anyTime, page), 1, ConsoleReads.Appointment::identifier))
        .containsExactly(List.of("A2"), List.of("A3"));
    assertThat(
            pages(
                page -> reads.appointments(ANY_APPOINTMENT, page),
                2,
                ConsoleReads.Appointment::identifier))
        .containsExactly(List.of("A3", "A2"), List.of("A1"));
  }

  @Test
  void aPatientsAppointmentsAreFoundByTheReference() {
    life.booked("A1");

    AppointmentFilter ofPatient = new AppointmentFilter(null, "booked", "MRN|7", null, null);
    AppointmentFilter ofAnother =
        new AppointmentFilter(null, null, "MRN|8", Instant.EPOCH, ScriptedLife.START);

    assertThat(reads.appointments(ofPatient, PageRequest.FIRST).items()).hasSize(1);
    assertThat(reads.appointments(ofAnother, PageRequest.FIRST).items()).isEmpty();
  }

  @Test
  void anAppointmentIsShownWithItsWholeLife() {
    life.booked("A1");
    life.moved("A1", 1);
    life.replaces("A2", "A1");

    ConsoleReads.AppointmentWithLife old =
        reads.appointment(ScriptedLife.GROUP, "A1").orElseThrow();

    assertThat(old.status()).isEqualTo("replaced");
    assertThat(old.replacedBy()).isEqualTo("A2");
    assertThat(old.start()).hasToString("2026-03-10T10:30-05:00");
    assertThat(old.timeline())
        .extracting(ConsoleReads.TimelineEntry::event)
        .containsExactly("BOOKED", "RESCHEDULED", "RESCHEDULED");
    assertThat(old.timeline().get(1).changes())
        .extracting(change -> change.field() + " " + change.after())
        .containsExactly("start 2026-03-10T15:30:00Z", "end 2026-03-10T16:00:00Z");
    assertThat(old.deliveries())
        .extracting(ConsoleReads.Delivery::status)
        .containsExactly("superseded", "planned", "superseded");
    assertThat(reads.appointment("another group", "A1")).isEmpty();
  }

  @Test
  void deliveriesAreFoundByTheirAppointmentInAnyGroup() {
    life.booked("A1");
    life.booked("A2");
    life.tamper("UPDATE appointment SET feed_group = 'other' WHERE identifier = 'A2'");

    assertThat(reads.deliveries(new DeliveryFilter(null, null, "A2"), PageRequest.FIRST).items())
        .extracting(ConsoleReads.Delivery::id)
        .containsExactly(4L, 3L);
  }

  @ParameterizedTest
  @ValueSource(strings = {"planned", "sending", "sent", "dead", "suppressed", "cancelled"})
  void deliveriesAreFoundByTheirStatus(String status) {
    life.sent(life.happens(Claim.BOOKED, "A1", ScriptedLife.START, ScriptedLife.email()).get(0));
    life.dead(life.happens(Claim.BOOKED, "A2", ScriptedLife.START, ScriptedLife.email()).get(0));
    life.claimed(life.happens(Claim.BOOKED, "A3", ScriptedLife.START, ScriptedLife.email()).get(0));
    life.suppressed(
        life.happens(Claim.BOOKED, "A4", ScriptedLife.START, ScriptedLife.email()).get(0));
    life.store()
        .outbox()
        .cancel(
            life.happens(Claim.BOOKED, "A5", ScriptedLife.START, ScriptedLife.email()).get(0).id())
        .join();
    life.happens(Claim.BOOKED, "A6", ScriptedLife.START, ScriptedLife.email());

    assertThat(
            reads.deliveries(new DeliveryFilter(status, "email", null), PageRequest.FIRST).items())
        .singleElement()
        .extracting(ConsoleReads.Delivery::status)
        .isEqualTo(status);
  }

  @Test
  void slotsComeByStartAndNoneIsLostBetweenPages() {
    life.slots(7);

    assertThat(pages(page -> reads.slots(ANY_SLOT, page), 3, ConsoleReads.Slot::id))
        .containsExactly(
            List.of("slot-0", "slot-1", "slot-2"),
            List.of("slot-3", "slot-4", "slot-5"),
            List.of("slot-6"));
    assertThat(reads.slots(new SlotFilter(null, null, "npi-1", "Main"), PageRequest.FIRST).items())
        .extracting(ConsoleReads.Slot::provider)
        .containsExactly("Dr. 1", "Dr. 1", "Dr. 1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", "1;DROP TABLE slot", "-", "MQ", "1-1-1", "%00"})
  void aPageThatIsNoneIsRefused(String after) {
    PageRequest page = new PageRequest(5, after);

    assertThatThrownBy(() -> reads.notifications(ANY_NOTIFICATION, page))
        .isInstanceOf(WrongCursor.class);
    assertThatThrownBy(() -> reads.appointments(ANY_APPOINTMENT, page))
        .isInstanceOf(WrongCursor.class);
    assertThatThrownBy(() -> reads.deliveries(ANY_DELIVERY, page)).isInstanceOf(WrongCursor.class);
    assertThatThrownBy(() -> reads.slots(ANY_SLOT, page)).isInstanceOf(WrongCursor.class);
  }

  @Test
  @DisabledIfSystemProperty(named = "relay.test.store", matches = "postgresql")
  void noListSortsOrScansATable() throws Exception {
    Set<String> asked = new LinkedHashSet<>();
    Jdbi jdbi = Jdbi.create(life.database().readers());
    jdbi.setSqlLogger(
        new SqlLogger() {
          @Override
          public void logBeforeExecution(StatementContext context) {
            asked.add(context.getParsedSql().getSql());
          }
        });
    askEverything(new ConsoleReads(jdbi));

    assertThat(asked).hasSizeGreaterThan(12);
    try (Connection connection = life.database().openReader()) {
      for (String sql : asked) {
        // A scan of the recursive table is one of our few groups, found one step of an index each.
        assertThat(plan(connection, sql))
            .as(sql)
            .noneMatch(step -> step.contains("SCAN") && !step.equals("SCAN feeds"))
            .noneMatch(step -> step.contains("ORDER BY") && !sql.contains("RECURSIVE"));
      }
    }
  }

  private static void askEverything(ConsoleReads reads) {
    PageRequest page = PageRequest.FIRST;
    Instant to = DAY.plusSeconds(1);
    reads.notifications(ANY_NOTIFICATION, page);
    reads.notifications(new NotificationFilter("a", "processed", null, DAY, to), page);
    reads.notifications(new NotificationFilter("a", "parked", null, DAY, to), page);
    reads.notifications(new NotificationFilter("a", "received", null, DAY, to), page);
    reads.notifications(new NotificationFilter("a", "parked", "A1", DAY, to), page);
    reads.notificationWithBody(new Position(1, 1));
    reads.appointments(ANY_APPOINTMENT, page);
    reads.appointments(new AppointmentFilter("a", "booked", null, DAY, to), page);
    reads.appointments(new AppointmentFilter("a", "booked", "p", DAY, to), page);
    reads.appointment("a", "A1");
    reads.deliveries(ANY_DELIVERY, page);
    reads.deliveries(new DeliveryFilter("dead", "email", null), page);
    reads.deliveries(new DeliveryFilter("sending", "email", null), page);
    reads.deliveries(new DeliveryFilter("sending", "email", "A1"), page);
    reads.delivery(1);
    reads.slots(new SlotFilter(DAY, to, "p", "l"), page);
    for (ConsoleReads.RecordOrder order : ConsoleReads.RecordOrder.values()) {
      reads.records(
          new ConsoleReads.RecordFilter(List.of(), DAY, to, List.of("booked"), DAY, to),
          order,
          page);
    }
    reads.records("A1", List.of("a", "b"));
    reads.record(1);
  }

  private static List<String> plan(Connection connection, String sql) throws Exception {
    List<String> steps = new ArrayList<>();
    try (var statement = connection.prepareStatement("EXPLAIN QUERY PLAN " + sql);
        var rows = statement.executeQuery()) {
      while (rows.next()) {
        steps.add(rows.getString("detail"));
      }
    }
    return steps;
  }

  private List<String> ids(NotificationFilter filter) {
    return reads.notifications(filter, PageRequest.FIRST).items().stream()
        .map(Notification::id)
        .toList();
  }

  private static <T> List<List<String>> pages(
      Function<PageRequest, Page<T>> list, int limit, Function<T, String> id) {
    List<List<String>> pages = new ArrayList<>();
    String after = null;
    do {
      Page<T> page = list.apply(new PageRequest(limit, after));
      pages.add(page.items().stream().map(id).toList());
      after = page.next();
    } while (after != null);
    return pages;
  }
}
