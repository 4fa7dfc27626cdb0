package io.appointmentrelay.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.appointmentrelay.command.ConsoleClient;
import io.appointmentrelay.command.Replan;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Routes are edited while messages wait: what would change is shown, and done when confirmed. */
class ReplanTest {

  private static final String SOURCE = "redox-scheduling";
  private static final Instant NOON_IN_CHICAGO = Instant.parse("2027-04-12T17:00:00Z");

  private final MovableClock clock = MovableClock.at(NOON_IN_CHICAGO.toString());
  private final Path routes = RoutesCopy.shipped();
  private final Path preparation = routes.resolve("appointment/preparation.camel.yaml");

  private RunningRelay start() {
    return RunningRelay.with("relay.routes.reload", "true")
        .set("relay.enrichment.max-age", "P60D")
        .routes(routes)
        .clock(clock)
        .start();
  }

  private static byte[] booked(String visit, Duration ahead) {
    return Coming.scheduling("new", visit, NOON_IN_CHICAGO.plus(ahead), message -> {});
  }

  private static byte[] cancelled(String visit, Duration ahead) {
    return Coming.scheduling("cancel", visit, NOON_IN_CHICAGO.plus(ahead), message -> {});
  }

  private static JsonNode replan(RunningRelay relay, boolean confirm) {
    var answer = relay.operate("/api/replan?confirm=" + confirm);
    assertThat(answer.statusCode()).describedAs(answer.body()).isEqualTo(200);
    return RunningRelay.json(answer.body());
  }

  private static List<String> lines(JsonNode report) {
    List<String> lines = new ArrayList<>();
    for (String kind : List.of("added", "dropped", "retimed")) {
      JsonNode found = report.path(kind);
      assertThat(found.path("count").asInt()).isEqualTo(found.path("items").size());
      for (JsonNode item : found.path("items")) {
        lines.add(
            kind
                + " "
                + item.path("appointment").asText()
                + " "
                + item.path("text").asText()
                + " "
                + item.path("channel").asText()
                + " "
                + item.path("oldLead").asText("")
                + ">"
                + item.path("newLead").asText(""));
      }
    }
    return lines;
  }

  /** What waits for a visit, as text, channel and hours before noon in Chicago of its day. */
  private static List<String> waiting(RunningRelay relay, String visit) {
    return relay.appointment(SOURCE, visit).path("deliveries").findParents("due").stream()
        .filter(one -> one.path("status").asText().equals("planned"))
        .map(
            one ->
                one.path("text").asText()
                    + " "
                    + one.path("channel").asText()
                    + " "
                    + one.path("due").asText())
        .sorted()
        .toList();
  }

  private void edit(RunningRelay relay, String yaml) throws IOException {
    Path probe = routes.resolve("appointment/preparation.camel.yaml");
    assertThat(probe).isEqualTo(preparation);
    try (CapturedLogs logs = CapturedLogs.open()) {
      Files.writeString(preparation, yaml);
      await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> !logs.with("replan shows what would differ").isEmpty());
    }
    assertThat(relay.consolePort()).isPositive();
  }

  private static String step(String channel, String text, String before) {
    return """
                - to:
                    uri: outbox:%s
                    parameters:
                      text: %s
                      before: %s
        """
        .formatted(channel, text, before);
  }

  private static String preparation(String... steps) {
    return """
        # What leads up to a visit, as an engineer has changed it.
        - route:
            id: preparation
            description: Plans what leads up to a visit.
            from:
              uri: direct:preparation
              steps:
        """
        + String.join("", steps);
  }

  /** The weekly reminder is gone, texts come a day earlier, help comes by e-mail too. */
  private static String edited() {
    return preparation(
        step("email", "questionnaire", "P3D"),
        step("email", "reminder", "P1D"),
        step("sms", "reminder", "P2D"),
        step("sms", "check-in", "PT2H"),
        step("email", "check-in", "PT4H"));
  }

  @Test
  void showsExactlyWhatAnEditChangesAndDoesItOnceConfirmed() throws IOException {
    String shipped = Files.readString(preparation);
    try (RunningRelay relay = start()) {
      relay.hear(SOURCE, booked("far", Duration.ofDays(9)));
      relay.hear(SOURCE, booked("near", Duration.ofDays(5)));
      relay.hear(SOURCE, booked("inside", Duration.ofHours(36)));
      relay.hear(SOURCE, booked("off", Duration.ofDays(9)));
      relay.hear(SOURCE, booked("reminded", Duration.ofDays(7).plusSeconds(50)));
      relay.hear(SOURCE, booked("over", Duration.ofDays(-1)));
      relay.hear(SOURCE, booked("never", Duration.ofDays(9)));
      relay.hear(SOURCE, cancelled("never", Duration.ofDays(9)));
      clock.advance(Duration.ofMinutes(1));
      await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> relay.messages("email").stream().anyMatch(ReplanTest::isReminder));
      relay.awaitIdleOutbox();
      JsonNode before = replan(relay, true);
      assertThat(lines(before)).isEmpty();
      assertThat(before.path("appointments").asInt()).isEqualTo(5);

      edit(relay, edited());
      List<JsonNode> asItWas = relay.deliveries();
      JsonNode shown = replan(relay, false);
      assertThat(shown.path("confirmed").asBoolean()).isFalse();
      assertThat(shown.path("next").isNull()).isTrue();
      assertThat(shown.path("kept").path("items").findValuesAsText("appointment"))
          .containsExactly("inside");
      assertThat(lines(shown))
          .containsExactlyInAnyOrder(
              "dropped far reminder email -P7D>",
              "dropped off reminder email -P7D>",
              "retimed far reminder sms -P1D>-P2D",
              "retimed off reminder sms -P1D>-P2D",
              "retimed near reminder sms -P1D>-P2D",
              "retimed reminded reminder sms -P1D>-P2D",
              "added far check-in email >-PT4H",
              "added off check-in email >-PT4H",
              "added near check-in email >-PT4H",
              "added inside check-in email >-PT4H",
              "added reminded check-in email >-PT4H");
      assertThat(relay.deliveries()).isEqualTo(asItWas);

      relay.hear(SOURCE, cancelled("off", Duration.ofDays(9)));
      assertThat(lines(replan(relay, true))).hasSize(8).noneMatch(line -> line.contains(" off "));
      assertThat(waiting(relay, "off")).isEmpty();
      assertThat(waiting(relay, "never")).isEmpty();
      assertThat(waiting(relay, "over")).isEmpty();
      assertThat(waiting(relay, "far"))
          .containsExactly(
              "check-in email 2027-04-21T13:00:00Z",
              "check-in sms 2027-04-21T15:00:00Z",
              "questionnaire email 2027-04-18T17:00:00Z",
              "reminder email 2027-04-20T17:00:00Z",
              "reminder sms 2027-04-19T17:00:00Z");
      assertThat(waiting(relay, "inside")).contains("reminder sms 2027-04-13T05:00:00Z");
      assertThat(lines(replan(relay, false))).isEmpty();
      assertThat(lines(replan(relay, true))).isEmpty();

      edit(relay, shipped);
      assertThat(lines(replan(relay, true)))
          .contains("added far reminder email >-P7D")
          .contains("dropped far check-in email -PT4H>")
          .noneMatch(line -> line.contains("reminded reminder email"));
      relay.assertAccountedFor();
    }
  }

  private static boolean isReminder(JsonNode message) {
    return message.path("subject").asText().toLowerCase(java.util.Locale.ROOT).contains("reminder");
  }

  @Test
  void eachDeliverySaysWhatARePlanningDidToItAlsoAfterItWasJudged() throws IOException {
    try (RunningRelay relay = start()) {
      relay.hear(SOURCE, booked("far", Duration.ofDays(9)));
      relay.awaitIdleOutbox();
      edit(relay, edited());
      replan(relay, true);
      JsonNode dropped = delivery(relay, "reminder", "suppressed");
      assertThat(dropped.path("reason").asText()).isEqualTo("re-planned");
      assertThat(why(relay, dropped))
          .containsExactly(
              "dropped: reminder by email at -P7D is not in the routes; was due 2027-04-14T17:00:00Z");
      clock.set(Instant.parse("2027-04-19T17:00:05Z"));
      await()
          .atMost(Duration.ofSeconds(30))
          .until(
              () -> relay.messages("sms").stream().anyMatch(m -> m.toString().contains("emind")));
      relay.awaitIdleOutbox();
      JsonNode sent =
          relay.deliveries().stream()
              .filter(one -> one.path("text").asText().equals("reminder"))
              .filter(one -> one.path("channel").asText().equals("sms"))
              .findFirst()
              .orElseThrow();
      assertThat(sent.path("status").asText()).isEqualTo("sent");
      assertThat(why(relay, sent))
          .containsExactly(
              "re-timed: reminder by sms at -P2D, due 2027-04-19T17:00:00Z; was -P1D, due 2027-04-20T17:00:00Z");
      assertThat(relay.api("/api/deliveries/" + sent.path("id").asText()).path("why").size())
          .isGreaterThan(5);
      assertThat(relay.askConsole("/observe/metrics").body())
          .contains("relay_outbox_suppressed_total{channel=\"email\",reason=\"re-planned\"} 1.0");
    }
  }

  private static JsonNode delivery(RunningRelay relay, String text, String status) {
    return relay.deliveries().stream()
        .filter(one -> one.path("text").asText().equals(text))
        .filter(one -> one.path("status").asText().equals(status))
        .findFirst()
        .orElseThrow();
  }

  private static List<String> why(RunningRelay relay, JsonNode delivery) {
    List<String> words = new ArrayList<>();
    relay
        .api("/api/deliveries/" + delivery.path("id").asText())
        .path("why")
        .forEach(
            one -> {
              if (one.path("rule").asText().equals("re-planned")) {
                words.add(one.path("verdict").asText() + ": " + one.path("detail").asText());
              }
            });
    return words;
  }

  @Test
  void aStepInAPathOfItsOwnCountsAndWhatLeavesThePathsIsNotDoneAgain() throws IOException {
    Path heard = Files.createTempDirectory("relay-heard");
    Path booked = routes.resolve("appointment/booked.camel.yaml");
    Files.writeString(
        booked,
        Files.readString(booked)
            + step("email", "reminder", "P4D")
            + "        - setBody: {expression: {constant: {expression: heard}}}\n"
            + "        - to:\n            uri: file:%s\n".formatted(heard));
    try (RunningRelay relay = start()) {
      relay.hear(SOURCE, booked("far", Duration.ofDays(9)));
      relay.awaitIdleOutbox();
      assertThat(waiting(relay, "far")).hasSize(6);
      int files = heard.toFile().list().length;
      assertThat(files).isEqualTo(1);
      assertThat(lines(replan(relay, true))).isEmpty();
      assertThat(heard.toFile().list()).hasSize(files);
    }
  }

  @Test
  void aVisitThatARouteFailsForIsLeftAloneAndSaid() throws IOException {
    try (RunningRelay relay = start()) {
      relay.hear(SOURCE, booked("far", Duration.ofDays(9)));
      relay.awaitIdleOutbox();
      List<String> asItWas = waiting(relay, "far");
      edit(
          relay,
          preparation(
              """
                      - throwException:
                          exceptionType: java.lang.IllegalStateException
                          message: on purpose
              """));
      JsonNode report = replan(relay, true);
      assertThat(lines(report)).isEmpty();
      assertThat(report.path("failed").path("count").asInt()).isEqualTo(1);
      assertThat(report.path("failed").path("items").path(0).path("appointment").asText())
          .isEqualTo("far");
      assertThat(waiting(relay, "far")).isEqualTo(asItWas);
    }
  }

  @Test
  void whereAPathLeadsThatFindsItOutAsItRunsIsNotGuessedAt() throws IOException {
    try (RunningRelay relay = start()) {
      relay.hear(SOURCE, booked("far", Duration.ofDays(9)));
      relay.awaitIdleOutbox();
      List<String> asItWas = waiting(relay, "far");
      edit(
          relay,
          preparation(
              "        - toD: {uri: \"${exchangeProperty.AppointmentElsewhere}\"}\n",
              step("email", "check-in", "PT4H")));
      assertThat(replan(relay, true).path("failed").path("count").asInt()).isEqualTo(1);
      assertThat(waiting(relay, "far")).isEqualTo(asItWas);
    }
  }

  @Test
  void theCommandShowsATableAndChangesNothingUntilItIsConfirmed() throws IOException {
    try (RunningRelay relay = start()) {
      relay.hear(SOURCE, booked("far", Duration.ofDays(9)));
      relay.awaitIdleOutbox();
      assertThat(command(relay, false))
          .contains("Looked at 1 appointment to come.")
          .contains("Nothing to change.");
      edit(relay, edited());
      assertThat(command(relay, false))
          .containsPattern(
              "re-timed +redox-scheduling/far +reminder +sms +-P1D to -P2D +2027-04-20T17:00:00Z +2027-04-19T17:00:00Z")
          .containsPattern("dropped +redox-scheduling/far +reminder +email +-P7D")
          .containsPattern("added +redox-scheduling/far +check-in +email +-PT4H")
          .contains("Nothing was changed; to do it: replan --confirm");
      assertThat(command(relay, true)).contains("Added: 1, dropped: 1, re-timed: 1.");
      assertThat(command(relay, false)).contains("Nothing to change.");
    }
  }

  private static String command(RunningRelay relay, boolean confirm) {
    StringWriter said = new StringWriter();
    int status =
        new Replan(new ConsoleClient(relay.consolePort()))
            .run(confirm, new PrintWriter(said, true));
    assertThat(status).describedAs(said.toString()).isZero();
    return said.toString();
  }

  @Test
  void withoutARelayTheCommandSaysSo() {
    StringWriter said = new StringWriter();
    int status =
        new Replan(new ConsoleClient(RunningRelay.freePort()))
            .run(true, new PrintWriter(said, true));
    assertThat(status).isEqualTo(1);
    assertThat(said.toString()).contains("Nothing was changed");
  }

  @Test
  void whatIsNotUnderstoodIsRefusedInThreeParts() {
    try (RunningRelay relay = start()) {
      for (String wrong :
          List.of(
              "?confirm=yes",
              "?confirm=true&confirm=false",
              "?after=%00",
              "?after=MQ",
              "?after=-1%27%20OR%201")) {
        var answer = relay.operate("/api/replan" + wrong);
        assertThat(answer.statusCode()).describedAs(wrong + answer.body()).isEqualTo(400);
        assertThat(RunningRelay.json(answer.body()).path("error").asText())
            .contains("expect")
            .contains("found");
      }
      var asked = relay.askConsole("/api/replan");
      assertThat(asked.statusCode()).isEqualTo(405);
      assertThat(asked.headers().firstValue("Allow")).contains("POST");
    }
  }
}
