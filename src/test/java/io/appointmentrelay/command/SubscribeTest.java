package io.appointmentrelay.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.appointmentrelay.enrichment.RealFhirServer;
import io.appointmentrelay.settings.Settings.Fhir;
import io.appointmentrelay.settings.Settings.Source;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import org.hl7.fhir.r4.model.Subscription;
import org.hl7.fhir.r4.model.Subscription.SubscriptionStatus;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The Subscription on a real FHIR server, from its making to its end. */
class SubscribeTest {

  private static final String SECRET = "do-not-print-me";
  private static final URI URL = URI.create("https://relay.example.org/");
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

  private final RealFhirServer ehr = RealFhirServer.start();
  private final StringWriter printed = new StringWriter();

  @AfterEach
  void stop() {
    assertThat(printed.toString()).doesNotContain(SECRET);
    ehr.close();
  }

  private Source source(String kind) {
    Fhir fhir = new Fhir(ehr.baseUrl(), null, null, null, null, null, null, null, 2);
    return new Source(
        "fhir-subscription", kind, List.of(SECRET), ZoneId.of("UTC"), "US", "group", fhir);
  }

  private int run(String action, URI url, String topic, String content, Instant now) {
    return new Subscribe(Clock.fixed(now, ZoneOffset.UTC))
        .run(
            new Subscribe.Request(action, "fhir-subscription", url, topic, content, 30),
            source("fhir-subscription"),
            new PrintWriter(printed, true));
  }

  private Subscription only() {
    assertThat(ehr.subscriptions()).hasSize(1);
    return ehr.subscriptions().get(0);
  }

  @Test
  void itIsCreatedCheckedAndRenewed() {
    assertThat(run("check", URL, null, null, NOW)).isEqualTo(1);
    assertThat(run("create", URL, null, null, NOW)).isZero();
    assertThat(only().getChannel().getEndpoint())
        .isEqualTo("https://relay.example.org/webhooks/fhir-subscription");
    assertThat(only().getChannel().getHeader())
        .extracting(Object::toString)
        .containsExactly("Authorization: Bearer " + SECRET);
    assertThat(only().getChannel().getPayload()).isNull();
    assertThat(only().getCriteria()).isEqualTo("Appointment?");
    assertThat(run("check", URL, null, null, NOW)).isZero();

    Instant later = NOW.plusSeconds(31L * 86_400);
    assertThat(run("check", URL, null, null, later)).isEqualTo(1);
    assertThat(run("renew", URL, null, null, later)).isZero();
    assertThat(run("check", URL, null, null, later)).isZero();
    assertThat(only().getEnd().toInstant()).isEqualTo(later.plusSeconds(30L * 86_400));
  }

  @Test
  void withATopicItIsTheBackports() {
    assertThat(run("create", URL, "http://ehr.example.org/Topic/appointment", null, NOW)).isZero();

    assertThat(only().getCriteria()).isEqualTo("http://ehr.example.org/Topic/appointment");
    assertThat(only().getChannel().getPayload()).isEqualTo("application/fhir+json");
    assertThat(
            only()
                .getChannel()
                .getPayloadElement()
                .getExtensionString(
                    "http://hl7.org/fhir/uv/subscriptions-backport/StructureDefinition/backport-payload-content"))
        .isEqualTo("id-only");
  }

  @Test
  void aSecondOneWouldTellEverythingTwice() {
    run("create", URL, null, null, NOW);
    assertThat(run("create", URL, null, null, NOW)).isEqualTo(1);
    assertThat(only()).isNotNull();
    assertThat(printed.toString()).contains("Renew it");
  }

  @Test
  void oneThatTheServerSwitchedOffIsNotInOrder() {
    run("create", URL, null, null, NOW);
    only().setStatus(SubscriptionStatus.ERROR);
    assertThat(run("check", URL, null, null, NOW)).isEqualTo(1);
    assertThat(printed.toString()).contains("error", "not active");
    assertThat(run("renew", URL, null, null, NOW)).isZero();
    assertThat(run("check", URL, null, null, NOW)).isZero();
  }

  @Test
  void whoTellsElsewhereIsNotOurs() {
    run("create", URI.create("https://other.example.org"), null, null, NOW);
    assertThat(run("check", URL, null, null, NOW)).isEqualTo(1);
    assertThat(run("renew", URL, null, null, NOW)).isEqualTo(1);
  }

  @Test
  void aServerThatIsDownIsSaid() {
    ehr.down();
    assertThat(run("check", URL, null, null, NOW)).isEqualTo(1);
    assertThat(printed.toString()).contains("The FHIR server of source fhir-subscription");
    ehr.up();
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        "explode, https://relay.example.org, -, -",
        "create, -, -, -",
        "create, http://relay.example.org, -, -",
        "create, ftp://127.0.0.1, -, -",
        "create, https://relay.example.org, -, everything",
        "create, https://relay.example.org, -, id-only",
      })
  void whatIsNotInOrderChangesNothing(String action, String url, String topic, String content) {
    assertThat(run(action, url == null ? null : URI.create(url), topic, content, NOW)).isEqualTo(2);
    assertThat(ehr.asked()).isEmpty();
  }

  @Test
  void onlySourcesOfThatKindHaveOne() {
    int status =
        new Subscribe(Clock.systemUTC())
            .run(
                new Subscribe.Request("check", "canvas", URL, null, null, 30),
                source("canvas"),
                new PrintWriter(printed, true));
    assertThat(status).isEqualTo(2);
    assertThat(printed.toString()).contains("kind fhir-subscription");
  }
}
