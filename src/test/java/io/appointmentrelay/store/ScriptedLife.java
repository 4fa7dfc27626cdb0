package io.appointmentrelay.store;

import io.appointmentrelay.appointment.AppointmentNotice;
import io.appointmentrelay.appointment.AppointmentRecord;
import io.appointmentrelay.appointment.Claim;
import io.appointmentrelay.appointment.ContactPoint;
import io.appointmentrelay.appointment.Delivery;
import io.appointmentrelay.appointment.Details;
import io.appointmentrelay.appointment.Nature;
import io.appointmentrelay.appointment.OfferedSlot;
import io.appointmentrelay.appointment.Party;
import io.appointmentrelay.appointment.PatientProfile;
import io.appointmentrelay.appointment.Plan;
import io.appointmentrelay.appointment.Plan.Verdict;
import io.appointmentrelay.appointment.PlannedDelivery;
import io.appointmentrelay.appointment.Reason;
import io.appointmentrelay.appointment.SlotsNotice;
import io.appointmentrelay.appointment.Timeline;
import io.appointmentrelay.appointment.Why;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;

/** A real store in which a test lets things happen, in the ways the product makes them happen. */
public final class ScriptedLife implements AutoCloseable {

  public static final Instant NOW = Instant.parse("2026-03-02T15:00:00Z");
  public static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);
  public static final Instant START = Instant.parse("2026-03-09T15:30:00Z");
  public static final String SOURCE = "redox-fhir";
  public static final String GROUP = "clinic";

  private final StoreAddress address;
  private final Database database;
  private final Store store;

  public ScriptedLife(Path directory) {
    this.address = TestStore.address(directory);
    this.database = address.open();
    this.store = Store.open(database, CLOCK);
  }

  public StoreAddress address() {
    return address;
  }

  public Database database() {
    return database;
  }

  public Store store() {
    return store;
  }

  /** Accepted and not yet run. */
  public WaitingPart arrives(String source, String appointment, Instant at) {
    return arrives(store, source, appointment, at);
  }

  static WaitingPart arrives(Store store, String source, String appointment, Instant at) {
    NewPart part = new NewPart("AppointmentBooked", appointment, appointment, null);
    return store.inbox().accept(source, at, body(appointment), List.of(part)).join().get(0);
  }

  public static byte[] body(String appointment) {
    return ("{\"about\":\"" + appointment + "\"}").getBytes(StandardCharsets.UTF_8);
  }

  /** One message about several appointments, none of which has run. */
  public List<WaitingPart> arrivesAboutSeveral(String... appointments) {
    List<NewPart> parts =
        List.of(appointments).stream().map(id -> new NewPart("x", id, id, null)).toList();
    return store.inbox().accept(SOURCE, NOW, body("several"), parts).join();
  }

  /** The same notification twice, of which the second is a duplicate. */
  public void arrivesTwice(String appointment) {
    NewPart part =
        new NewPart("x", appointment, appointment, appointment.getBytes(StandardCharsets.UTF_8));
    store.inbox().accept(SOURCE, NOW, body(appointment), List.of(part)).join();
    store.inbox().accept(SOURCE, NOW, body(appointment), List.of(part)).join();
  }

  /** Booked, with a confirmation by e-mail and an event to a system; returns what is due. */
  public List<Delivery> booked(String appointment) {
    return happens(Claim.BOOKED, appointment, START, email(), event());
  }

  /** Moved by some days, with a text by e-mail. */
  public List<Delivery> moved(String appointment, int days) {
    return happens(Claim.UPDATED, appointment, START.plus(Duration.ofDays(days)), email());
  }

  public static PlannedDelivery email() {
    return new PlannedDelivery("email", Nature.NEWS, "booked", null, NOW, null);
  }

  public static PlannedDelivery event() {
    return new PlannedDelivery("webhook", Nature.EVENT, null, null, NOW, "{}");
  }

  public List<Delivery> happens(
      Claim claim, String appointment, Instant start, PlannedDelivery... deliveries) {
    return happens(notice(appointment, start, null), claim, deliveries);
  }

  public List<Delivery> replaces(String appointment, String old) {
    return replaces(appointment, old, email());
  }

  public List<Delivery> replaces(String appointment, String old, PlannedDelivery... deliveries) {
    return happens(notice(appointment, START, old), Claim.BOOKED, deliveries);
  }

  private List<Delivery> happens(
      AppointmentNotice notice, Claim claim, PlannedDelivery... deliveries) {
    WaitingPart part = arrives(SOURCE, notice.identifier(), NOW);
    Plan plan = new Plan();
    plan.add(
        new Verdict.Applied(
            Timeline.judge(
                new Timeline.Question(
                    claim,
                    notice,
                    GROUP,
                    SOURCE,
                    part.id(),
                    NOW,
                    known(notice.identifier()),
                    known(notice.replaces())))));
    List.of(deliveries).forEach(plan::add);
    return store.inbox().commit(part, plan).join().dueNow();
  }

  private AppointmentRecord known(String identifier) {
    return identifier == null ? null : store.appointment(GROUP, identifier).orElse(null);
  }

  private static AppointmentNotice notice(String appointment, Instant start, String replaces) {
    Details details =
        new Details(
            start,
            start.plus(Duration.ofMinutes(30)),
            ZoneId.of("America/Chicago"),
            Party.named("Room 4"),
            new Party("urn:npi|1", "Dr. Grey"),
            "Follow-up",
            "in-person",
            null);
    PatientProfile patient =
        new PatientProfile(
            "MRN|7",
            "Marigold",
            "Featherstone",
            null,
            "en",
            null,
            null,
            null,
            List.of(ContactPoint.email("marigold@example.org")));
    return new AppointmentNotice(
        "x", appointment, null, "booked", details, null, replaces, patient, null, false);
  }

  public WaitingPart parked(String source, String appointment, String reason) {
    WaitingPart part = arrives(source, appointment, NOW);
    Plan plan = new Plan();
    plan.add(new Verdict.Parked(reason));
    store.inbox().commit(part, plan).join();
    return part;
  }

  public void slots(int count) {
    WaitingPart part = arrives("redox-scheduling", null, NOW);
    Plan plan = new Plan();
    plan.add(
        new Verdict.Slots(
            new SlotsNotice("PushSlots", null, offered(count), false), ZoneOffset.UTC, GROUP));
    store.inbox().commit(part, plan).join();
  }

  private static List<OfferedSlot> offered(int count) {
    return java.util.stream.IntStream.range(0, count)
        .mapToObj(
            i ->
                new OfferedSlot(
                    "slot-" + i,
                    START.plus(Duration.ofHours(i / 2)),
                    i == 0 ? null : 30,
                    "Office visit",
                    new Party("npi-" + i % 2, "Dr. " + i % 2),
                    Party.named("Main")))
        .toList();
  }

  /** Taken for sending; its outcome is open. */
  public Delivery claimed(Delivery delivery) {
    return store
        .outbox()
        .claim(
            delivery,
            OutboxStore.ANY_REVISION,
            "m•••@e•••.org",
            List.of(new Why(NOW, "too late", "ok", "due now")),
            NOW)
        .join()
        .orElseThrow();
  }

  public void sent(Delivery delivery) {
    store.outbox().sent(claimed(delivery), NOW, "provider-1", null).join();
  }

  public void dead(Delivery delivery) {
    store.outbox().dead(claimed(delivery), true, "550").join();
  }

  public void suppressed(Delivery delivery) {
    store.outbox().suppress(delivery, Reason.NO_CONTACT, List.of()).join();
  }

  /** Does to the store what no part of the product does. */
  public void tamper(String sql) {
    try (Connection connection = database.openWriter();
        var statement = connection.createStatement()) {
      statement.execute(sql);
      connection.commit();
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** What one query finds; empty if nothing. */
  public String text(String sql) {
    try (Connection connection = database.openReader();
        var statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      return rows.next() ? rows.getString(1) : "";
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    store.close();
  }
}
