package io.appointmentrelay.enrichment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import io.appointmentrelay.appointment.AppointmentRecord;
import io.appointmentrelay.appointment.UnusableAnswer;
import io.appointmentrelay.intake.json.Json;
import io.appointmentrelay.settings.Settings;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Pages of appointments without an end, to elsewhere, too large, or of something else. */
class HostilePagesTest {

  private static final LocalDate DAY = LocalDate.of(2027, 3, 1);

  private final RecordedServer server = new RecordedServer();
  private final List<JsonNode> found = new ArrayList<>();

  @AfterEach
  void stop() {
    server.close();
  }

  private static String page(String next, String entries) {
    return "{\"resourceType\":\"Bundle\",\"type\":\"searchset\",\"link\":[{\"relation\":\"next\",\"url\":\""
        + next
        + "\"}],\"entry\":["
        + entries
        + "]}";
  }

  private static String visit(String id) {
    return "{\"resource\":{\"resourceType\":\"Appointment\",\"id\":\""
        + id
        + "\",\"status\":\"booked\",\"start\":\"2027-03-01T15:00:00Z\"}}";
  }

  private void askForTheDay() {
    try (EnrichmentRoom room = EnrichmentRoom.of("canvas", server.url())) {
      room.servers
          .appointments("canvas")
          .orElseThrow()
          .ofDay(DAY, EnrichmentRoom.CHICAGO, this::take);
    }
  }

  private boolean take(List<JsonNode> page) {
    found.addAll(page);
    return true;
  }

  private String refusal() {
    UnusableAnswer[] failure = new UnusableAnswer[1];
    assertThatExceptionOfType(UnusableAnswer.class)
        .isThrownBy(this::askForTheDay)
        .satisfies(thrown -> failure[0] = thrown);
    return String.valueOf(failure[0].getMessage());
  }

  @Test
  void relativeAndAbsoluteLinksAreFollowed() {
    server.does(
        (exchange, asked) -> {
          String line = asked.line();
          String next =
              line.contains("page=3")
                  ? ""
                  : line.contains("page=2")
                      ? server.url() + "/Appointment?page=3"
                      : "/Appointment?page=2";
          RecordedServer.send(exchange, 200, page(next, visit("a" + line.hashCode())));
        });
    askForTheDay();
    assertThat(found).hasSize(3);
  }

  @Test
  void aLinkInACircleEnds() {
    server.answers(200, page("/Appointment?page=2", visit("a-1")));
    assertThat(refusal()).contains("read before");
    assertThat(server.asked()).hasSize(2);
  }

  @Test
  void linksWithoutEndEnd() {
    AtomicInteger number = new AtomicInteger();
    server.does(
        (exchange, asked) ->
            RecordedServer.send(
                exchange,
                200,
                page("/Appointment?page=" + number.incrementAndGet(), visit("a-1"))));
    assertThat(refusal()).contains("more than 200 pages");
    assertThat(server.asked()).hasSize(200);
  }

  @Test
  void aLinkToAnotherHostIsNotFollowed() {
    try (RecordedServer other = new RecordedServer()) {
      server.answers(200, page(other.url() + "/Appointment?page=2", visit("a-1")));
      assertThat(refusal()).contains("another host");
      assertThat(other.asked()).isEmpty();
    }
  }

  @Test
  void aHugePageIsLeft() {
    server.answers(200, page("", visit("a-1") + ",\"" + "x".repeat(11 << 20) + "\""));
    assertThat(refusal()).contains("10 MB");
  }

  @Test
  void moreMatchesThanCanBeMeantAreLeft() {
    StringBuilder entries = new StringBuilder(visit("a"));
    for (int i = 0; i < 5_000; i++) {
      entries.append(',').append(visit("a" + i));
    }
    AtomicInteger number = new AtomicInteger();
    server.does(
        (exchange, asked) ->
            RecordedServer.send(
                exchange,
                200,
                page("/Appointment?page=" + number.incrementAndGet(), entries.toString())));
    assertThat(refusal()).contains("20000 matches");
    assertThat(server.asked()).hasSizeLessThan(6);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[]",
        "7",
        "{}",
        "<html>",
        "{\"resourceType\":\"OperationOutcome\"}",
        "{\"resourceType\":\"Bundle\",\"entry\":7}",
        "{\"resourceType\":\"Bundle\",\"link\":\"next\",\"entry\":[null,7,{\"resource\":7}]}",
        "{\"resourceType\":\"Bundle\",\"entry\":[{\"resource\":{\"resourceType\":\"Patient\",\"id\":\"p\"}}]}"
      })
  void whatIsNoPageIsReadAsNothingOrRefused(String answer) {
    server.answers(200, answer);
    try {
      askForTheDay();
    } catch (UnusableAnswer refused) {
      assertThat(refused.getMessage()).doesNotContain("html>");
    }
    assertThat(found).isEmpty();
  }

  @Test
  void appointmentsOfWrongTypesAreComparedOrLeftOutAndNothingElse() {
    Settings.Source source =
        new Settings.Source(
            "canvas",
            "canvas",
            List.of("t"),
            EnrichmentRoom.CHICAGO,
            "US",
            "canvas",
            EnrichmentRoom.open(server.url()));
    server.answers(404, "");
    try (EnrichmentRoom room = EnrichmentRoom.of("canvas", server.url())) {
      Comparison comparison =
          new Comparison(
              source,
              room.servers.appointments("canvas").orElseThrow(),
              name -> Optional.<AppointmentRecord>empty(),
              Instant.EPOCH,
              false);
      for (String junk : List.of("7", "true", "null", "\"x\"", "{}", "[]", "[[]]", "[null,7]")) {
        for (String field :
            List.of(
                "id",
                "status",
                "start",
                "created",
                "meta",
                "identifier",
                "participant",
                "supportingInformation",
                "contained",
                "extension")) {
          String id = field.equals("id") ? "" : "\"id\":\"a\",";
          String text =
              "{\"resourceType\":\"Appointment\"," + id + "\"" + field + "\":" + junk + "}";
          JsonNode appointment = Json.object(text.getBytes(StandardCharsets.UTF_8));
          assertThat(comparison.of(appointment, Instant.now()))
              .describedAs(text)
              .satisfiesAnyOf(
                  finding -> assertThat(finding).isEmpty(),
                  finding ->
                      assertThat(finding.orElseThrow().kind()).isEqualTo(Comparison.Kind.UNKNOWN));
        }
      }
    }
  }

  /**
   * What the server's clock says cannot end all searches: nor does one that ignores the question.
   */
  @Test
  void aServerThatIgnoresTheQuestionForChangesIsKnownByItsAnswer() {
    server.answers(
        200,
        page(
            "",
            "{\"resource\":{\"resourceType\":\"Appointment\",\"id\":\"a\",\"status\":\"booked\",\"meta\":{\"lastUpdated\":\"2001-01-01T00:00:00Z\"}}}"));
    try (EnrichmentRoom room = EnrichmentRoom.of("fhir-subscription", server.url())) {
      boolean understood =
          room.servers
              .appointments("fhir-subscription")
              .orElseThrow()
              .changedSince(Instant.parse("2027-01-01T00:00:00Z"), this::take);
      assertThat(understood).isFalse();
    }
    assertThat(found).isEmpty();
  }
}
