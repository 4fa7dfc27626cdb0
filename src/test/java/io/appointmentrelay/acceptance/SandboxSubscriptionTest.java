package io.appointmentrelay.acceptance;

import static io.appointmentrelay.acceptance.RunningRelay.texts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.appointmentrelay.command.Subscribe;
import io.appointmentrelay.settings.Settings;
import io.appointmentrelay.settings.SettingsReader;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The first run can show it: a make-believe FHIR server is subscribed to, tells, and loses. */
class SandboxSubscriptionTest {

  private static final String SOURCE = "fhir-subscription";
  private static final String TOPIC = "http://clinic.example.org/fhir/SubscriptionTopic/visits";
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private RunningRelay relay =
      RunningRelay.with("relay.source.fhir-subscription.kind", SOURCE).start();

  @AfterEach
  void close() {
    relay.awaitIdleInbox();
    relay.assertAccountedFor();
    relay.close();
  }

  private record Said(int status, String words) {}

  private Said subscription(String action, String topic, String content) {
    Properties set = new Properties();
    set.setProperty("relay.source.fhir-subscription.kind", SOURCE);
    set.setProperty("relay.console.port", String.valueOf(relay.consolePort()));
    Settings settings = SettingsReader.read(Path.of("none"), Map.of(), set, Set.of(SOURCE));
    StringWriter said = new StringWriter();
    URI url = URI.create("http://127.0.0.1:" + relay.webhook(SOURCE).getPort());
    int status =
        new Subscribe(Clock.systemUTC())
            .run(
                new Subscribe.Request(action, SOURCE, url, topic, content, 30),
                settings.sources().get(SOURCE),
                new PrintWriter(said, true));
    return new Said(status, said.toString());
  }

  private HttpResponse<String> clinic(String order) {
    URI address =
        URI.create("http://127.0.0.1:" + relay.consolePort() + "/sandbox/clinic/" + order);
    return RunningRelay.ask(RunningRelay.request(address).POST(BodyPublishers.noBody()).build());
  }

  private void does(String order) {
    HttpResponse<String> answer = clinic(order);
    assertThat(answer.statusCode()).describedAs(answer.body()).isEqualTo(200);
  }

  private void awaitEvents(String... events) {
    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(relay.events(SOURCE, "v-1")).containsExactly(events));
    relay.awaitIdleInbox();
    relay.awaitIdleOutbox();
  }

  private void isInOrder() {
    await().atMost(PATIENCE).until(() -> subscription("check", TOPIC, null).status() == 0);
  }

  @Test
  void whatTheCommandHasMadeTellsOfABookedVisit() {
    assertThat(subscription("create", TOPIC, null).words())
        .startsWith("Created Subscription/sandbox-1: ");
    isInOrder();
    does("v-1/booked");
    awaitEvents("BOOKED");
    does("v-1/moved");
    awaitEvents("BOOKED", "RESCHEDULED");
    does("v-1/cancelled");
    awaitEvents("BOOKED", "RESCHEDULED", "CANCELLED");

    assertThat(texts(relay.notifications(), "event")).contains("NOTED");
    assertThat(relay.messages("email")).isNotEmpty();
    assertThat(subscription("create", TOPIC, null).status()).isEqualTo(1);
    assertThat(subscription("renew", TOPIC, null).words()).contains("Renewed");
    isInOrder();
  }

  @Test
  void aLostEventIsNoticedByTheNextOneAndAskedFor() {
    subscription("create", TOPIC, "full-resource");
    isInOrder();
    does("v-0/booked");
    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(relay.events(SOURCE, "v-0")).containsExactly("BOOKED"));
    does("v-1/booked?lost=true");
    does("v-2/booked");

    awaitEvents("BOOKED");
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () -> {
              JsonNode gaps = relay.items("/api/subscriptions").get(0).path("gaps");
              assertThat(gaps).hasSize(1);
              assertThat(gaps.get(0).path("from").asInt()).isEqualTo(2);
              assertThat(gaps.get(0).path("how").asText()).isEqualTo("asked for");
            });
  }

  @Test
  void inTheWayOfPlainR4AnEmptyPostHasItSearchedFor() {
    subscription("create", null, null);
    isInOrder();
    does("v-1/booked");

    awaitEvents("BOOKED");
  }

  @Test
  void nothingLeavesThisMachineAndNoTokenIsShown() {
    String base = "http://127.0.0.1:" + relay.consolePort() + "/sandbox/fhir/" + SOURCE;
    subscription("create", TOPIC, null);
    URI all = URI.create(base + "/Subscription");
    String elsewhere =
        "{\"resourceType\":\"Subscription\",\"criteria\":\"Appointment?\",\"channel\":{\"type\":\"rest-hook\",\"endpoint\":\"http://elsewhere.example.org/x\"}}";

    assertThat(
            RunningRelay.ask(
                    RunningRelay.request(all).POST(BodyPublishers.ofString(elsewhere)).build())
                .statusCode())
        .isEqualTo(422);
    assertThat(RunningRelay.ask(RunningRelay.request(all).GET().build()).body())
        .contains("\"total\":1")
        .doesNotContain("sandbox-token");
    assertThat(clinic("v-9/moved").statusCode()).isEqualTo(404);
    assertThat(clinic("v-9/eaten").statusCode()).isEqualTo(404);
  }

  @Test
  void whoPollsFindsTheVisitsOfTheClinicToo() {
    relay.close();
    relay =
        RunningRelay.with("relay.source.fhir-poll.kind", "fhir-poll")
            .set("relay.source.fhir-poll.poll.every", "PT1S")
            .start();
    // What was booked before the first poll is no news.
    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(relay.events("fhir-poll", "sandbox-poll-1")).isNotEmpty());
    does("v-1/booked");
    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(relay.events("fhir-poll", "v-1")).contains("BOOKED"));
    does("v-1/moved");
    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(relay.events("fhir-poll", "v-1")).contains("RESCHEDULED"));
  }
}
