package io.appointmentrelay.enrichment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import io.appointmentrelay.appointment.OtherEndUnavailable;
import io.appointmentrelay.appointment.UnusableAnswer;
import java.io.OutputStream;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is the server's trouble as a whole, and what is this one answer's. */
class TroubleTest {

  private static final String EMPTY = "{\"resourceType\":\"Bundle\",\"type\":\"searchset\"}";

  private final RecordedServer server = new RecordedServer();

  @AfterEach
  void stop() {
    server.close();
  }

  private EnrichmentRoom room() {
    return EnrichmentRoom.of("redox-fhir", server.url());
  }

  private static Throwable failure(EnrichmentRoom room) {
    return catchThrowable(() -> room.enrich(Said.lightweight(Said.MR + "|77")));
  }

  @ParameterizedTest
  @ValueSource(ints = {408, 429, 500, 502, 503, 504, 401})
  void statusesThatConcernTheServer(int status) {
    server.answers(status, "{\"about\":\"Robin\"}");
    try (EnrichmentRoom room = room()) {
      assertThat(failure(room))
          .isInstanceOf(OtherEndUnavailable.class)
          .hasMessageContaining("HTTP " + status)
          .hasMessageNotContaining("Robin");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 403, 422, 302})
  void statusesThatConcernThisQuestion(int status) {
    server.answers(status, "{\"resourceType\":\"OperationOutcome\"}");
    try (EnrichmentRoom room = room()) {
      assertThat(failure(room))
          .isInstanceOf(UnusableAnswer.class)
          .hasMessageContaining("HTTP " + status);
    }
  }

  @Test
  void whoAsksForAPauseIsNotAskedBeforeItsEnd() {
    server.does(
        (exchange, asked) -> {
          exchange.getResponseHeaders().set("Retry-After", "120");
          RecordedServer.send(exchange, 429, "");
        });
    try (EnrichmentRoom room = room()) {
      for (int i = 0; i < 3; i++) {
        OtherEndUnavailable trouble = (OtherEndUnavailable) failure(room);
        assertThat(trouble.retryAfter())
            .isBetween(Duration.ofSeconds(110), Duration.ofSeconds(120));
      }
      assertThat(server.asked()).hasSize(1);
    }
  }

  @Test
  void aRefusedConnectionConcernsTheServer() {
    URI nobody = server.url();
    server.close();
    try (EnrichmentRoom room = EnrichmentRoom.of("redox-fhir", nobody)) {
      assertThat(failure(room))
          .isInstanceOf(OtherEndUnavailable.class)
          .hasMessageContaining("HttpHostConnectException");
    }
  }

  @Test
  void aConnectionThatBreaksOffConcernsTheServer() {
    server.does(
        (exchange, asked) -> {
          exchange.sendResponseHeaders(200, 1_000);
          exchange.getResponseBody().write("{".getBytes());
        });
    try (EnrichmentRoom room = room()) {
      assertThat(failure(room)).isInstanceOf(OtherEndUnavailable.class);
    }
  }

  @Test
  void aWebPageInThePlaceOfFhirIsOfNoUse() {
    server.does(
        (exchange, asked) ->
            RecordedServer.send(exchange, 200, "text/html", "<html>Log in, Robin</html>"));
    try (EnrichmentRoom room = room()) {
      assertThat(failure(room))
          .isInstanceOf(UnusableAnswer.class)
          .hasMessageContaining("a web page");
    }
  }

  @Test
  void anAnswerOfMoreThanTenMegabytesIsOfNoUse() {
    byte[] megabyte = " ".repeat(1 << 20).getBytes();
    server.does(
        (exchange, asked) -> {
          exchange.sendResponseHeaders(200, 0);
          try (OutputStream body = exchange.getResponseBody()) {
            for (int i = 0; i < 12; i++) {
              body.write(megabyte);
            }
          }
        });
    try (EnrichmentRoom room = room()) {
      assertThat(failure(room))
          .isInstanceOf(UnusableAnswer.class)
          .hasMessageContaining("at most 10 MB");
    }
  }

  @Test
  void aServerThatFailsAgainAndAgainIsSparedAndAskedAgainLater() {
    AtomicBoolean well = new AtomicBoolean();
    server.does((exchange, asked) -> RecordedServer.send(exchange, well.get() ? 200 : 500, EMPTY));
    try (EnrichmentRoom room = room()) {
      for (int i = 0; i < 10; i++) {
        assertThat(failure(room)).isInstanceOf(OtherEndUnavailable.class);
      }
      assertThat(server.asked()).hasSize(6);
      assertThat(room.servers.health())
          .singleElement()
          .satisfies(health -> assertThat(health.serving()).isFalse());
      assertThat(room.metrics.get("relay.fhir.serving").gauge().value()).isZero();

      well.set(true);
      await().atMost(Duration.ofSeconds(30)).until(() -> failure(room) == null);
      assertThat(room.servers.health().get(0).serving()).isTrue();
      assertThat(
              room.metrics
                  .get("relay.fhir.requests")
                  .tags("source", "redox-fhir", "outcome", "unavailable")
                  .timer()
                  .count())
          .isEqualTo(6);
    }
  }

  @Test
  void aLookUpOutsideOfARunIsAFaultOfTheRoute() {
    try (EnrichmentRoom room = room()) {
      assertThatThrownBy(
              () ->
                  room.camel
                      .createProducerTemplate()
                      .requestBody("direct:redox-fhir-enrichment", Said.lightweight("x")))
          .hasRootCauseInstanceOf(IllegalStateException.class);
    }
  }
}
