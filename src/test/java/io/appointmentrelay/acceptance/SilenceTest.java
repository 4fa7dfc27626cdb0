package io.appointmentrelay.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.appointmentrelay.store.TestStore;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A source that falls silent where it usually speaks, and is heard again. */
class SilenceTest {

  private static final ZoneId CHICAGO = ZoneId.of("America/Chicago");
  private static final Duration PATIENCE = Duration.ofSeconds(40);

  /** Monday, eight in the morning in Chicago. */
  private static final Instant MONDAY = Instant.parse("2027-03-01T14:00:00Z");

  private final MovableClock clock = MovableClock.at(MONDAY.toString());
  private RunningRelay relay;

  @AfterEach
  void stop() {
    relay.awaitIdleInbox();
    relay.assertAccountedFor();
    relay.close();
  }

  /** What a clinic said in five weeks, on weekdays from eight to five, a dozen times an hour. */
  private Path usualWeeks() throws Exception {
    relay = RunningRelay.shipped().clock(clock).start();
    Path left = relay.asIfItDied();
    relay.close();
    try (Connection store = TestStore.connect(left);
        PreparedStatement insert =
            store.prepareStatement(
                "INSERT INTO heard (source, hour, messages, last_at) VALUES ('canvas', ?, 12, ?)")) {
      for (int hour = 1; hour <= 35 * 24; hour++) {
        Instant then = MONDAY.minus(Duration.ofHours(hour));
        ZonedDateTime local = then.atZone(CHICAGO);
        boolean weekday = local.getDayOfWeek().compareTo(DayOfWeek.SATURDAY) < 0;
        if (weekday && local.getHour() >= 8 && local.getHour() < 17) {
          insert.setLong(1, then.getEpochSecond() / 3_600);
          insert.setLong(2, then.plus(Duration.ofMinutes(50)).toEpochMilli());
          insert.executeUpdate();
        }
      }
    }
    return left;
  }

  private List<JsonNode> news() {
    return relay.messages("webhook").stream()
        .map(message -> RunningRelay.json(message.path("text").asText()))
        .filter(news -> news.path("type").asText().startsWith("source."))
        .toList();
  }

  private boolean isDegraded() {
    return relay.api("/observe/health").path("checks").toString().contains("silence canvas");
  }

  /** Of Canvas, which is the first of the sources by name. */
  private String silentSince() {
    return relay.api("/api/sources").at("/items/0/silentSince").asText();
  }

  private void created(String id) {
    relay.hear(
        "canvas",
        """
        {"created":true,"rescheduled":false,"cancelled":false,"reverted":false,"no_show":false,"checked_in":false,
         "appointment_external_id":"%s","canvas_patient_key":"p-1","start_time":"2027-03-20T15:00:00Z"}"""
            .formatted(id));
  }

  @Test
  void itIsToldOnceWhenItBeginsAndOnceWhenItEndsAlsoOverARestart() throws Exception {
    relay = RunningRelay.shipped().clock(clock).on(usualWeeks()).start();
    await().during(Duration.ofSeconds(3)).atMost(PATIENCE).until(() -> !isDegraded());

    clock.set(MONDAY.plus(Duration.ofMinutes(121)));
    await().atMost(PATIENCE).until(() -> news().size() == 1);
    assertThat(news().get(0).path("type").asText()).isEqualTo("source.silent");
    assertThat(news().get(0).path("data").path("source").asText()).isEqualTo("canvas");
    assertThat(isDegraded()).isTrue();
    assertThat(silentSince()).startsWith("20");
    assertThat(relay.askConsole("/observe/health").statusCode()).isEqualTo(200);
    assertThat(relay.askConsole("/observe/metrics").body())
        .contains("relay_source_silent{source=\"canvas\"} 1");

    Path left = relay.asIfItDied();
    relay.close();
    relay = RunningRelay.shipped().clock(clock).on(left).start();
    await().during(Duration.ofSeconds(3)).atMost(PATIENCE).until(() -> news().isEmpty());
    assertThat(isDegraded()).isTrue();

    created("a-1");
    await().atMost(PATIENCE).until(() -> news().size() == 1);
    assertThat(news().get(0).path("type").asText()).isEqualTo("source.heard");
    assertThat(isDegraded()).isFalse();
    assertThat(silentSince()).isEqualTo("null");
    assertThat(relay.askConsole("/observe/metrics").body())
        .contains("relay_source_silent{source=\"canvas\"} 0");
  }

  @Test
  void aTimeThatIsSetHoldsInTheFirstWeeksToo() {
    relay = RunningRelay.with("relay.source.canvas.silence", "PT2H").clock(clock).start();
    created("a-1");
    await().atMost(PATIENCE).until(() -> relay.askConsole("/observe/health").statusCode() == 200);
    clock.advance(Duration.ofMinutes(119));
    await().during(Duration.ofSeconds(3)).atMost(PATIENCE).until(() -> news().isEmpty());
    clock.advance(Duration.ofMinutes(2));
    await().atMost(PATIENCE).until(() -> news().size() == 1);
  }

  @Test
  void whoDoesNotWantToKnowIsToldNothing() throws Exception {
    relay =
        RunningRelay.with("relay.source.canvas.silence", "none")
            .clock(clock)
            .on(usualWeeks())
            .start();
    clock.advance(Duration.ofHours(5));
    await().during(Duration.ofSeconds(3)).atMost(PATIENCE).until(() -> !isDegraded());
  }
}
