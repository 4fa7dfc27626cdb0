package io.appointmentrelay.acceptance;

import static io.appointmentrelay.acceptance.RunningRelay.texts;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.appointmentrelay.command.ConsoleClient;
import io.appointmentrelay.command.Erase;
import io.appointmentrelay.command.Purge;
import io.appointmentrelay.console.Housekeeping;
import io.appointmentrelay.store.PurgeLimits;
import io.appointmentrelay.store.RawStore;
import io.appointmentrelay.store.StoreAddress;
import io.appointmentrelay.store.TestStore;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.Period;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How long what is over is kept, and how one patient is erased. */
class KeepingTest {

  private static final Instant THEN = Instant.parse("2027-03-01T18:00:00Z");
  private static final StoreAddress NO_STORE = StoreAddress.of("jdbc:sqlite:none");

  private final MovableClock clock = MovableClock.at(THEN.toString());
  private RunningRelay relay = start();

  @AfterEach
  void stop() {
    relay.assertAccountedFor();
    relay.close();
  }

  private RunningRelay start() {
    return RunningRelay.shipped().clock(clock).start();
  }

  /** The same store, some time later. */
  private void later(Duration by) {
    Path left = relay.asIfItDied();
    relay.close();
    clock.advance(by);
    relay = RunningRelay.shipped().clock(clock).on(left).start();
    relay.awaitIdleOutbox();
  }

  private byte[] visit(String sample, String visit, String patient, Duration ahead) {
    return Coming.scheduling(
        sample,
        visit,
        clock.instant().plus(ahead),
        message -> {
          ObjectNode of = (ObjectNode) message.path("Patient");
          ((ObjectNode) of.path("Identifiers").path(0)).put("ID", patient);
          ((ObjectNode) of.path("Demographics")).put("LastName", "Of-" + patient);
          if (sample.equals("reschedule")) {
            ((ObjectNode) message.path("Visit")).put("OldVisitNumber", "old");
          }
        });
  }

  private void hear(byte[] notification) {
    relay.hear("redox-scheduling", notification);
    relay.awaitIdleOutbox();
  }

  private String purge(boolean dry) {
    StringWriter said = new StringWriter();
    int status =
        new Purge(new ConsoleClient(relay.consolePort()), NO_STORE, KeepingTest::unused, clock)
            .run(dry, new PrintWriter(said, true));
    assertThat(status).describedAs(said.toString()).isZero();
    return said.toString().strip();
  }

  private static PurgeLimits unused(Instant now) {
    throw new UnsupportedOperationException("the relay knows it");
  }

  private JsonNode notification(int number) {
    return relay.api("/api/notifications/" + number + "-1");
  }

  private String patientOf(String visit) {
    return relay.items("/api/appointments?patient=" + RunningRelay.encoded(visit)).toString();
  }

  // --- purging

  @Test
  void afterAYearOnlyWhatIsYoungOrWaitsIsKept() {
    byte[] old = visit("new", "old", "p-old", Duration.ofDays(5));
    hear(old);
    hear(visit("new", "far", "p-far", Duration.ofDays(500)));
    relay.hear(
        "redox-scheduling", "not even JSON".getBytes(java.nio.charset.StandardCharsets.UTF_8));
    clock.advance(Duration.ofDays(6));
    relay.awaitIdleOutbox();
    later(Duration.ofDays(394));
    byte[] young = visit("new", "young", "p-young", Duration.ofDays(5));
    hear(young);

    String planned = purge(true);
    assertThat(planned)
        .startsWith("It would be gone: the bodies of 2 notifications, what ")
        .endsWith("what was known of 0 appointments.");
    assertThat(notification(1).path("body").asText()).contains("Of-p-old");
    assertThat(purge(false)).isEqualTo(planned.replace("It would be gone:", "Gone:"));
    assertThat(purge(false)).contains("bodies of 0", "what 0 deliveries");
    relay.assertAccountedFor();

    assertThat(notification(1).path("body").isNull()).isTrue();
    assertThat(Instant.parse(notification(1).path("purgedAt").asText()))
        .isBetween(clock.instant().minusSeconds(60), clock.instant());
    assertThat(notification(1).path("status").asText()).isEqualTo("processed");
    // What is parked may be replayed, and is kept until then.
    assertThat(notification(3).path("body").asText()).isEqualTo("not even JSON");
    assertThat(notification(3).path("purgedAt").isNull()).isTrue();
    assertThat(notification(4).path("body").asText()).contains("Of-p-young");
    // A visit that is still to come keeps its messages, and what they were judged by.
    assertThat(whoGot("far")).isNotEmpty().doesNotContain("null");
    assertThat(whoGot("old")).isNotEmpty().containsOnly("null");
    assertThat(relay.appointment("redox-scheduling", "old").path("timeline")).hasSize(1);

    // Repeats are still repeats.
    hear(old);
    hear(young);
    assertThat(texts(relay.notifications(), "status"))
        .containsExactly("processed", "processed", "parked", "processed", "duplicate", "duplicate");
  }

  /** To whom what was sent of a visit went. */
  private List<String> whoGot(String visit) {
    return texts(
        relay.items("/api/deliveries?appointment=" + visit).stream()
            .filter(delivery -> delivery.path("status").asText().equals("sent"))
            .filter(delivery -> !delivery.path("channel").asText().equals("webhook"))
            .toList(),
        "recipient");
  }

  @Test
  void afterFourYearsAVisitIsANumberAndMayBeginAnew() {
    hear(visit("new", "old", "p-old", Duration.ofDays(5)));
    hear(visit("reschedule", "newer", "p-old", Duration.ofDays(7)));
    later(Duration.ofDays(4 * 366));

    assertThat(purge(false)).endsWith("what was known of 2 appointments.");

    assertThat(texts(relay.items("/api/appointments"), "status"))
        .containsExactly("purged", "purged");
    JsonNode gone = relay.items("/api/appointments").get(0);
    assertThat(gone.path("status").asText()).isEqualTo("purged");
    assertThat(gone.path("identifier").asText()).startsWith("purged-");
    assertThat(gone.path("start").isNull()).isTrue();
    assertThat(patientOf("p-old")).isEqualTo("[]");
    assertThat(RawStore.rows(relay.data())).doesNotContain("Of-p-old");
    relay.assertAccountedFor();

    hear(visit("new", "newer", "p-old", Duration.ofDays(5)));
    assertThat(relay.events("redox-scheduling", "newer")).containsExactly("BOOKED");
    assertThat(relay.messages("sms")).hasSize(1);
  }

  @Test
  void whatWasReplayedLaterIsPurgedLater() {
    relay.hear("canvas", "{}".getBytes(java.nio.charset.StandardCharsets.UTF_8));
    clock.advance(Duration.ofDays(40));
    assertThat(purge(false)).contains("bodies of 0");
    Path settled =
        relay.asIfItDied("UPDATE notification SET status = 'processed', event = 'NOTED'");
    relay.close();
    relay = RunningRelay.shipped().clock(clock).on(settled).start();

    assertThat(purge(false)).contains("bodies of 1");
  }

  /** How many values there are that say anything of a person, by where they are. */
  private Map<String, Long> ofPersons() {
    Map<String, Long> found = new TreeMap<>();
    for (String table : List.of("told", "texted", "reach", "delivery_payload")) {
      found.put(table, count(table));
    }
    for (String column : List.of("recipient", "why", "in_flight", "provider_id")) {
      found.put("delivery." + column, count("delivery WHERE " + column + " IS NOT NULL"));
    }
    found.put("timeline.changes", count("timeline WHERE changes IS NOT NULL"));
    for (String column : List.of("state", "patient", "starts_at")) {
      found.put("appointment." + column, count("appointment WHERE " + column + " IS NOT NULL"));
    }
    return found;
  }

  private long count(String of) {
    try (Connection connection = TestStore.connect(relay.data());
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT COUNT(*) FROM " + of)) {
      rows.next();
      return rows.getLong(1);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** What is looked for in vain afterwards was there. */
  private void aLifeIsInEveryColumn() {
    hear(visit("new", "a1", "p-a", Duration.ofDays(5)));
    hear(visit("modification", "a1", "p-a", Duration.ofDays(7)));
    clock.advance(Duration.ofDays(6));
    relay.awaitIdleOutbox();
    assertThat(ofPersons())
        .allSatisfy(
            (where, values) -> {
              if (!where.equals("delivery.in_flight")) {
                assertThat(values).describedAs(where).isPositive();
              }
            });
  }

  @Test
  void ofWhoIsErasedAllOfItIsGoneFromEveryColumn() {
    aLifeIsInEveryColumn();

    erase("patient", referenceOf(patient("p-a")), true, 0);

    assertThat(ofPersons()).allSatisfy((where, left) -> assertThat(left).as(where).isZero());
  }

  @Test
  void ofAVisitThatIsPurgedAllOfItIsGoneFromEveryColumn() {
    aLifeIsInEveryColumn();
    later(Duration.ofDays(4 * 366));

    purge(false);

    assertThat(ofPersons()).allSatisfy((where, left) -> assertThat(left).as(where).isZero());
  }

  // --- erasing

  private String erase(String what, String which, boolean yes, int status) {
    return erase(new ConsoleClient(relay.consolePort()), NO_STORE, what, which, yes, status);
  }

  private String erase(
      ConsoleClient console,
      StoreAddress store,
      String what,
      String which,
      boolean yes,
      int status) {
    StringWriter said = new StringWriter();
    int ended =
        new Erase(console, store, clock)
            .run(
                what,
                which,
                (source, id) ->
                    Housekeeping.subject(
                        Map.of(),
                        source,
                        what.equals("patient") ? id : null,
                        what.equals("patient") ? null : id),
                yes,
                new PrintWriter(said, true));
    assertThat(ended).describedAs(said.toString()).isEqualTo(status);
    return said.toString();
  }

  private String referenceOf(String patient) {
    return "redox-scheduling/" + patient;
  }

  private void twoPatients() {
    hear(visit("new", "a1", "p-a", Duration.ofDays(5)));
    hear(visit("new", "a2", "p-a", Duration.ofDays(9)));
    hear(visit("modification", "a1", "p-a", Duration.ofDays(5)));
    hear(visit("new", "b1", "p-b", Duration.ofDays(5)));
  }

  @Test
  void onePatientIsErasedAndNothingElse() {
    twoPatients();
    String reference = referenceOf(patient("p-a"));

    String would = erase("patient", reference, false, 0);
    assertThat(would)
        .contains("It would be erased: 2 appointments, the bodies of 3 notifications")
        .contains("Nothing was changed; with --yes");
    assertThat(notification(1).path("body").asText()).contains("Of-p-a");
    assertThat(erase("patient", reference, true, 0)).contains("Erased: 2 appointments");

    assertThat(RawStore.rows(relay.data())).doesNotContain("Of-p-a").contains("Of-p-b");
    assertThat(notification(1).path("body").isNull()).isTrue();
    assertThat(notification(1).path("purgedAt").isNull()).isFalse();
    assertThat(notification(4).path("body").asText()).contains("Of-p-b");
    assertThat(relay.askConsole("/api/appointments/redox-scheduling/a1").statusCode())
        .isEqualTo(404);
    assertThat(relay.appointment("redox-scheduling", "b1").path("status").asText())
        .isEqualTo("booked");
    List<JsonNode> waiting = relay.items("/api/deliveries?status=planned");
    assertThat(texts(waiting, "appointment")).isNotEmpty().containsOnly("b1");
    List<JsonNode> cancelled = relay.items("/api/deliveries?status=cancelled");
    assertThat(texts(cancelled, "reason")).isNotEmpty().containsOnly("erased");
    relay.assertAccountedFor();

    List<JsonNode> noted = relay.items("/api/accesses?user=loopback");
    assertThat(noted.stream().filter(one -> one.path("what").asText().equals("ERASURE")))
        .hasSize(2)
        .allSatisfy(
            one -> {
              assertThat(one.path("detail").asText()).startsWith("1 appointments, ");
              assertThat(one.toString()).doesNotContain("p-a").doesNotContain("a1");
            });

    assertThat(erase("patient", reference, true, 1)).contains("found nothing");
    // Who comes again is somebody new.
    hear(visit("modification", "a1", "p-a", Duration.ofDays(6)));
    assertThat(relay.events("redox-scheduling", "a1")).containsExactly("MODIFIED");
    assertThat(relay.appointment("redox-scheduling", "a1").path("version").asInt()).isEqualTo(1);
    clock.advance(Duration.ofDays(6));
    relay.awaitIdleOutbox();
  }

  /** The reference by which the store knows a patient, as the source's records say it. */
  private String patient(String id) {
    for (String reference : List.of(id, "MR|" + id)) {
      if (!patientOf(reference).equals("[]")) {
        return reference;
      }
    }
    throw new AssertionError("nobody is known as " + id);
  }

  @Test
  void aStoppedRelaysStoreForgetsAnAppointmentToo() {
    twoPatients();
    Path left = relay.stop();
    ConsoleClient nobody = new ConsoleClient(RunningRelay.freePort());
    String which = "redox-scheduling/a1";

    assertThat(erase(nobody, TestStore.address(left), "appointment", which, false, 0))
        .contains("1 appointments, the bodies of 2 notifications");
    assertThat(erase(nobody, TestStore.address(left), "appointment", which, true, 0))
        .contains("Erased: 1 appointments");

    relay = RunningRelay.shipped().clock(clock).on(left).start();
    assertThat(relay.askConsole("/api/appointments/redox-scheduling/a1").statusCode())
        .isEqualTo(404);
    assertThat(relay.appointment("redox-scheduling", "a2").path("status").asText())
        .isEqualTo("booked");
    assertThat(
            relay.items("/api/accesses").stream()
                .filter(one -> one.path("what").asText().equals("ERASURE")))
        .singleElement()
        .satisfies(one -> assertThat(one.path("user").asText()).isEqualTo("command"));
  }

  @Test
  void whatIsParkedCannotBringBackWhatWasErased() {
    twoPatients();
    Path parked = relay.asIfItDied("UPDATE notification SET status = 'parked' WHERE message = 3");
    relay.close();
    relay = RunningRelay.shipped().clock(clock).on(parked).start();

    erase("appointment", "redox-scheduling/a1", true, 0);

    HttpResponse<String> replay = relay.operate("/api/notifications/3-1/replay");
    assertThat(replay.statusCode()).isEqualTo(409);
    relay.close();
    relay = start();
  }

  // --- what is not understood

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "null",
        "{}",
        "{\"source\":\"canvas\"}",
        "{\"patient\":\"x\"}",
        "{\"source\":\"canvas\",\"patient\":\"x\",\"appointment\":\"y\"}",
        "{\"source\":\"canvas\",\"patient\":\" \"}",
        "{\"source\":\"\",\"patient\":\"x\"}",
        "{\"source\":\"canvas\",\"patient\":{\"$ne\":null}}",
        "{\"source\":\"canvas\",\"patient\":\"x\",\"all\":\"true\"}"
      })
  void whoIsToBeErasedIsSaidExactly(String body) {
    HttpResponse<String> answer = relay.operate("POST", "/api/erase?confirm=true", body);

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body()).contains("Nothing was changed");
  }

  @ParameterizedTest
  @CsvSource({
    "POST, /api/erase?confirm=yes, 400",
    "POST, /api/purge?confirm=yes, 400",
    "POST, /api/purge?after=x, 400",
    "POST, /api/purge?after=OTk5CjA, 400",
    "POST, /api/purge?after=LTEKMA, 400",
    "POST, /api/purge?after=NApub25zZW5zZQ, 400",
    "GET, /api/purge, 405",
    "GET, /api/erase, 405",
    "GET, /api/keys/rotate, 405",
    "DELETE, /api/accesses, 405",
    "GET, /api/accesses?after=x, 400",
    "GET, /api/accesses?limit=0, 400",
    "GET, /api/accesses?from=yesterday, 400",
    "GET, /api/accesses?user=a&user=b, 400",
    "GET, /api/accesses?user=%27%20OR%201%3D1--, 200",
  })
  void nothingIsGuessed(String method, String path, int status) {
    HttpResponse<String> answer = relay.operate(method, path, "{}");

    assertThat(answer.statusCode()).isEqualTo(status);
    assertThat(answer.body()).doesNotContain("Exception");
  }

  @ParameterizedTest
  @CsvSource(
      value = {"none", "canvas", "canvas/", "/x", "/", "''"},
      nullValues = "none")
  void theCommandSaysWhatItExpects(String which) {
    assertThat(erase("patient", which, true, 2)).contains("erase expects", "Nothing was changed");
  }

  /** A sender cannot take the name that an erased visit gets. */
  @Test
  void aVisitThatCallsItselfErasedIsAVisit() {
    hear(visit("new", "erased-1", "p-a", Duration.ofDays(5)));

    erase("appointment", "redox-scheduling/erased-1", true, 0);
    hear(visit("new", "erased-1", "p-a", Duration.ofDays(5)));

    assertThat(relay.events("redox-scheduling", "erased-1")).containsExactly("BOOKED");
  }

  @Test
  void daysAreCountedInTheClinicsCalendar() {
    Instant now = Instant.parse("2028-02-29T12:00:00Z");
    PurgeLimits limits =
        PurgeLimits.of(
            now, ZoneId.of("America/Chicago"), Period.ofDays(30), Period.ofYears(1), null);

    assertThat(limits.bodies()).isEqualTo("2028-01-30T12:00:00Z");
    assertThat(limits.deliveries()).isEqualTo("2027-02-28T12:00:00Z");
    assertThat(limits.timeline()).isNull();
  }
}
