package io.appointmentrelay.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What an operator may ask of a source, and of a visit, before they do it. */
class SourcesTest {

  private static RunningRelay relay;

  @BeforeAll
  static void start() {
    relay =
        RunningRelay.with("relay.source.redox-scheduling.writeback", "confirm")
            .set("relay.source.canvas.silence", "PT6H")
            .start();
    relay.hear("redox-scheduling", Coming.booked("asked", 9));
  }

  @AfterAll
  static void stop() {
    relay.close();
  }

  private static JsonNode source(String name) {
    for (JsonNode one : relay.api("/api/sources").path("items")) {
      if (one.path("source").asText().equals(name)) {
        return one;
      }
    }
    throw new AssertionError(name + " is configured");
  }

  @Test
  void aSourceSaysWhenItWasHeardAndWhatItsEhrCanBeAsked() {
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> !source("redox-scheduling").path("lastHeardAt").isNull());
    JsonNode heard = source("redox-scheduling");

    assertThat(Instant.parse(heard.path("lastHeardAt").asText())).isBefore(Instant.now());
    assertThat(heard.path("silentSince").isNull()).isTrue();
    assertThat(heard.path("canBeAsked").asBoolean()).isTrue();
    assertThat(heard.path("writeback")).hasToString("[\"confirm\"]");
    assertThat(source("canvas"))
        .hasToString(
            "{\"source\":\"canvas\",\"kind\":\"canvas\",\"group\":\"canvas\",\"lastHeardAt\":null,"
                + "\"silence\":\"PT6H\",\"silentSince\":null,\"openGaps\":0,\"canBeCompared\":true,"
                + "\"canBeAsked\":false,\"writeback\":[]}");
  }

  @Test
  void aVisitSaysWhichAnswersItsEhrWouldTakeAndWhyNot() {
    assertThat(relay.api("/api/appointments/redox-scheduling/asked/writeback"))
        .hasToString(
            "{\"source\":\"redox-scheduling\",\"appointment\":\"asked\",\"version\":1,\"answers\":["
                + "{\"action\":\"confirm\",\"possible\":true,\"reason\":null},"
                + "{\"action\":\"cancel\",\"possible\":false,\"reason\":\"writeback off\"}]}");
    assertThat(relay.askConsole("/api/appointments/redox-scheduling/nobody/writeback").statusCode())
        .isEqualTo(404);
  }
}
