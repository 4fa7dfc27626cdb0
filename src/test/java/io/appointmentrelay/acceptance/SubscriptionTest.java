package io.appointmentrelay.acceptance;

import static io.appointmentrelay.acceptance.RunningRelay.texts;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.rest.client.api.IGenericClient;
import ca.uhn.fhir.rest.client.api.ServerValidationModeEnum;
import ca.uhn.fhir.rest.client.interceptor.BearerTokenAuthInterceptor;
import ca.uhn.fhir.rest.server.exceptions.AuthenticationException;
import com.fasterxml.jackson.databind.JsonNode;
import io.appointmentrelay.enrichment.RealFhirServer;
import io.appointmentrelay.intake.Notifications;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Date;
import java.util.HexFormat;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.hl7.fhir.r4.model.Appointment;
import org.hl7.fhir.r4.model.Appointment.AppointmentStatus;
import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.ContactPoint.ContactPointSystem;
import org.hl7.fhir.r4.model.Identifier;
import org.hl7.fhir.r4.model.Patient;
import org.hl7.fhir.r4.model.Reference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** FHIR subscriptions from their first handshake on, with a real FHIR server behind them. */
class SubscriptionTest {

  private static final String SOURCE = "fhir-subscription";
  private static final Instant START =
      Instant.now().plus(10, ChronoUnit.DAYS).truncatedTo(ChronoUnit.HOURS);

  private final MovableClock clock = MovableClock.at(Instant.now().toString());
  private RealFhirServer ehr;
  private RunningRelay relay;

  @BeforeEach
  void start() {
    ehr = RealFhirServer.start().knows(patient());
    relay = asking().start();
  }

  private RunningRelay.Setup asking() {
    return RunningRelay.with("relay.source.fhir-subscription.token", "sandbox-token,next-secret")
        .set("relay.source.fhir-subscription.fhir.base-url", ehr.baseUrl().toString());
  }

  @AfterEach
  void stop() {
    relay.awaitIdleInbox();
    relay.assertAccountedFor();
    relay.close();
    ehr.close();
  }

  private static Patient patient() {
    Patient patient = new Patient();
    patient.setId("p-1");
    patient.addName().setFamily("Sample").addGiven("Robin");
    patient.addTelecom().setSystem(ContactPointSystem.EMAIL).setValue("robin@example.org");
    return patient;
  }

  private static Appointment visit(String id, Instant updated) {
    Appointment visit = new Appointment();
    visit.setId(id);
    visit.getMeta().setLastUpdated(Date.from(updated));
    visit.addIdentifier(
        new Identifier()
            .setSystem("https://fhir.athena.io/sid/ah-appointment")
            .setValue("E-" + id));
    visit.setStatus(AppointmentStatus.BOOKED);
    visit.setStart(Date.from(START)).setEnd(Date.from(START.plus(Duration.ofMinutes(30))));
    visit.addParticipant().setActor(new Reference("Patient/p-1").setDisplay("Robin Sample"));
    return visit;
  }

  private static Instant ago(int seconds) {
    return Instant.now().minusSeconds(seconds).truncatedTo(ChronoUnit.MILLIS);
  }

  private List<String> mails() {
    relay.awaitIdleOutbox();
    return texts(relay.messages("email"), "subject");
  }

  // --- what is told

  @Test
  void whatIsSentAlongIsBelievedAndNotAsked() {
    for (String sample : List.of("handshake", "booked", "rescheduled", "cancelled")) {
      relay.sendSample("fhir-subscription/" + sample, false);
      relay.awaitIdleOutbox();
    }

    assertThat(relay.events(SOURCE, "a-1")).containsExactly("BOOKED", "RESCHEDULED", "CANCELLED");
    assertThat(texts(relay.messages("email"), "to")).containsOnly("robin.sample@example.org");
    // Whether the questionnaire of a visit three days ahead is due already is a matter of the hour.
    assertThat(mails().stream().filter(mail -> !mail.contains("questions")))
        .satisfiesExactly(
            mail -> assertThat(mail).contains("booked"),
            mail -> assertThat(mail).contains("moved"),
            mail -> assertThat(mail).contains("cancelled"));
    assertThat(ehr.asked("Appointment")).isZero();
  }

  @Test
  void whatIsOnlyNamedIsLookedUp() {
    Appointment visit = visit("a-1", ago(60));
    ehr.knows(visit);
    relay.hear(SOURCE, Notifications.bytes("fhir-subscription/id-only-r4"));

    assertThat(relay.events(SOURCE, "a-1")).containsExactly("BOOKED");
    assertThat(texts(relay.messages("email"), "to")).isSubsetOf("robin@example.org");
    assertThat(mails()).hasSize(1);

    visit.setStart(Date.from(START.plus(Duration.ofHours(3))));
    visit.getMeta().setLastUpdated(Date.from(ago(1)));
    relay.hear(SOURCE, Notifications.bytes("fhir-subscription/id-only-r4b"));
    assertThat(relay.events(SOURCE, "a-1")).containsExactly("BOOKED", "RESCHEDULED");
    assertThat(mails()).hasSize(2);
  }

  /** What is found is as new as the server says, however old the event is that made us look. */
  @Test
  void anEventThatWasOvertakenFindsWhatIsTrueNow() {
    Appointment visit = visit("a-1", ago(60));
    ehr.knows(visit);
    relay.hear(SOURCE, Notifications.bytes("fhir-subscription/id-only-r4b"));
    visit.setStart(Date.from(START.plus(Duration.ofHours(3))));
    visit.getMeta().setLastUpdated(Date.from(ago(1)));
    relay.hear(SOURCE, Notifications.bytes("fhir-subscription/id-only-r4"));

    assertThat(relay.events(SOURCE, "a-1")).containsExactly("BOOKED", "RESCHEDULED");
  }

  /** A resource that was sent along is as old as it says. */
  @Test
  void anOlderVersionThatComesLateHasNoEffect() {
    relay.hear(SOURCE, Notifications.bytes("fhir-subscription/full-resource-r5"));
    relay.hear(SOURCE, Notifications.bytes("fhir-subscription/full-resource-r4b"));

    assertThat(relay.events(SOURCE, "a-1")).containsExactly("CANCELLED", "STALE");
  }

  @Test
  void athenahealthNamesAppointmentsByIdentifierAndSeveralAtOnce() {
    Appointment first = visit("9", ago(60));
    first.getIdentifierFirstRep().setValue("a-1959031.E-12");
    Appointment second = visit("10", ago(60));
    second.getIdentifierFirstRep().setValue("a-1959031.E-13");
    ehr.knows(first, second);
    relay.hear(SOURCE, Notifications.bytes("fhir-subscription/athenahealth-schedule"));
    relay.hear(SOURCE, Notifications.bytes("fhir-subscription/athenahealth-freeze"));
    first.setStart(Date.from(START.plus(Duration.ofHours(3))));
    relay.hear(SOURCE, Notifications.bytes("fhir-subscription/athenahealth-several"));

    assertThat(relay.events(SOURCE, "9")).containsExactly("BOOKED", "RESCHEDULED");
    assertThat(relay.events(SOURCE, "10")).containsExactly("RESCHEDULED");
    assertThat(texts(relay.notifications(), "status")).containsOnly("processed");
  }

  @Test
  void whatTheServerDoesNotHaveIsSetAside() {
    relay.hear(SOURCE, Notifications.bytes("fhir-subscription/id-only-r4"));

    JsonNode parked = relay.lastNotification();
    assertThat(parked.path("status").asText()).isEqualTo("parked");
    assertThat(parked.path("reason").asText()).contains("does not have exactly one of that name");

    ehr.knows(visit("a-1", ago(60)));
    relay.operate("/api/notifications/" + parked.path("id").asText() + "/replay");
    relay.awaitIdleInbox();
    assertThat(relay.events(SOURCE, "a-1")).containsExactly("BOOKED");
  }

  @Test
  void aDeletedAppointmentIsCancelled() {
    relay.sendSample("fhir-subscription/booked", false);
    relay.awaitIdleOutbox();
    // Deleted later than what was just sent says.
    String now = Instant.now().toString();
    String deleted =
        new String(Notifications.bytes("fhir-subscription/deleted"), UTF_8)
            .replace("2024-02-20T12:00:08Z", now);
    relay.hear(SOURCE, deleted);

    assertThat(relay.events(SOURCE, "a-1")).containsExactly("BOOKED", "CANCELLED");
  }

  @Test
  void handshakesAndHeartbeatsAreKeptAndNothingElse() {
    for (String name : List.of("handshake", "heartbeat", "heartbeat-r4b")) {
      relay.hear(SOURCE, Notifications.bytes("fhir-subscription/" + name));
    }

    assertThat(texts(relay.notifications(), "status")).containsOnly("processed");
    assertThat(texts(relay.notifications(), "event")).containsOnly("NOTED");
    assertThat(relay.items("/api/appointments")).isEmpty();
  }

  @Test
  void anEventThatComesAgainIsADuplicateInWhateverBundle() {
    ehr.knows(visit("a-1", ago(60)));
    relay.hear(SOURCE, Notifications.bytes("fhir-subscription/id-only-r4"));
    relay.hear(
        SOURCE,
        Notifications.edited(
            "fhir-subscription/id-only-r4",
            bundle -> bundle.put("id", "another").put("timestamp", "2024-03-01T00:00:00Z")));

    assertThat(texts(relay.notifications(), "status")).containsExactly("processed", "duplicate");
  }

  /** As HAPI's subscriptions in R4 with a payload do: by the client that they use. */
  @Test
  void aFhirClientMayPutTheAppointmentItself() {
    ehr.knows(visit("unused", ago(60)));
    IGenericClient hapi = hapi("next-secret");
    Appointment visit = visit("a-1", ago(60));
    hapi.update().resource(visit).withId("a-1").execute();
    relay.awaitIdleInbox();
    assertThat(relay.events(SOURCE, "a-1")).containsExactly("BOOKED");

    assertThatExceptionOfType(AuthenticationException.class)
        .isThrownBy(() -> hapi("wrong").update().resource(visit).withId("a-1").execute());
    HttpRequest toAnother =
        RunningRelay.request(relay.webhook("canvas/Appointment/1"))
            .header("Authorization", "Bearer " + RunningRelay.TOKEN)
            .PUT(BodyPublishers.ofString("{}"))
            .build();
    assertThat(RunningRelay.ask(toAnother).statusCode()).isEqualTo(404);
  }

  /** As HAPI's subscriptions to topics do. */
  @Test
  void aFhirClientMayPostTheBundleAsATransaction() {
    ehr.knows(visit("a-1", ago(60)));
    Bundle bundle =
        FhirContext.forR4Cached()
            .newJsonParser()
            .parseResource(
                Bundle.class,
                new String(Notifications.bytes("fhir-subscription/id-only-r4"), UTF_8));
    hapi("next-secret").transaction().withBundle(bundle).execute();
    relay.awaitIdleInbox();
    assertThat(relay.events(SOURCE, "a-1")).containsExactly("BOOKED");
  }

  private IGenericClient hapi(String secret) {
    FhirContext context = FhirContext.forR4();
    context.getRestfulClientFactory().setServerValidationMode(ServerValidationModeEnum.NEVER);
    IGenericClient client = context.newRestfulGenericClient(relay.webhook(SOURCE).toString());
    client.registerInterceptor(new BearerTokenAuthInterceptor(secret));
    return client;
  }

  // --- nothing is named

  @Test
  void anEmptyPostStartsASearchThatGoesOnWhereTheLastOneEnded() {
    Instant last = ago(50);
    ehr.knows(visit("old", ago(9_000)), visit("a-1", ago(60)), visit("a-2", last));
    relay.hear(SOURCE, new byte[0]);
    assertThat(relay.items("/api/appointments"))
        .extracting(one -> one.path("identifier").asText())
        .containsExactlyInAnyOrder("a-1", "a-2");
    assertThat(relay.events(SOURCE, "a-1")).containsExactly("BOOKED");
    assertThat(mails()).hasSize(2);

    Path left = relay.asIfItDied();
    relay.close();
    relay = asking().on(left).start();
    // Older than the last one found, by more than may be seen late: nobody asks for it again.
    ehr.knows(visit("a-3", ago(20)), visit("late", last.minusSeconds(15)));
    relay.hear(SOURCE, Notifications.bytes("fhir-subscription/empty-content"));
    assertThat(relay.events(SOURCE, "a-3")).containsExactly("BOOKED");
    assertThat(relay.items("/api/appointments")).hasSize(3);
    assertThat(ehr.asked("/fhir/Appointment?")).isEqualTo(2);
  }

  @Test
  void aBurstOfEmptyPostsIsOneSearchOrAFew() {
    ehr.knows(visit("a-1", ago(60)));
    for (int i = 0; i < 30; i++) {
      relay.postLater(SOURCE, new byte[0]);
    }
    relay.hear(SOURCE, new byte[0]);
    assertThat(relay.events(SOURCE, "a-1")).containsExactly("BOOKED");
    assertThat(ehr.asked("_lastUpdated")).isLessThan(31);
  }

  @Test
  void oneVisitMayBeToldByTwoFeedsOfAGroup() {
    relay.close();
    relay =
        asking()
            .set("relay.source.redox-fhir.group", "clinic")
            .set("relay.source.fhir-subscription.group", "clinic")
            .start();
    relay.hear("redox-fhir", Notifications.bytes("redox-fhir/booked"));
    relay.hear(
        SOURCE,
        Notifications.edited(
            "fhir-subscription/resource-alone",
            visit -> {
              visit.put("status", "cancelled");
              visit
                  .putArray("identifier")
                  .addObject()
                  .put("system", "urn:redox:VIS")
                  .put("value", "321654654");
            }));

    assertThat(relay.events("redox-fhir", "321654654")).containsExactly("BOOKED", "CANCELLED");
    assertThat(relay.items("/api/appointments")).hasSize(1);
  }

  // --- what did not come

  private static byte[] event(long number, String appointment) {
    String bundle =
        """
        {"resourceType":"Bundle","type":"history","entry":[{"resource":{"resourceType":"SubscriptionStatus",
          "type":"event-notification","subscription":{"reference":"Subscription/s-1"},"notificationEvent":[
          {"eventNumber":"%d","timestamp":"2024-02-20T12:00:00Z","focus":{"reference":"Appointment/%s"}}]}}]}"""
            .formatted(number, appointment);
    return bundle.getBytes(UTF_8);
  }

  /** Nobody asks for what is missing before the clock is moved. */
  private void missingEventsAreWaitedFor() {
    relay.close();
    relay = asking().set("relay.enrichment.catch-up", "PT10M").clock(clock).start();
  }

  private JsonNode gap() {
    return relay.items("/api/subscriptions").get(0).path("gaps").path(0);
  }

  @Test
  void aMissedEventIsAskedForByItsNumber() {
    missingEventsAreWaitedFor();
    for (int i = 1; i <= 4; i++) {
      ehr.knows(visit("a-" + i, ago(60)));
      ehr.keepsEvent(i, "a-" + i, Date.from(ago(60)));
    }
    relay.hear(SOURCE, Notifications.bytes("fhir-subscription/handshake"));
    relay.hear(SOURCE, event(1, "a-1"));
    relay.hear(SOURCE, event(4, "a-4"));
    assertThat(relay.askConsole("/observe/health").body()).contains("events are missing in 1 gaps");
    assertThat(relay.askConsole("/observe/metrics").body())
        .contains("relay_subscription_gaps{source=\"fhir-subscription\",state=\"open\"} 1.0");
    assertThat(gap().path("from").asLong()).isEqualTo(2);
    assertThat(gap().path("closedAt").isNull()).isTrue();

    clock.advance(Duration.ofMinutes(11));
    await().atMost(Duration.ofSeconds(20)).until(() -> !gap().path("closedAt").isNull());
    relay.awaitIdleInbox();
    assertThat(gap().path("to").asLong()).isEqualTo(3);
    assertThat(gap().path("how").asText()).isEqualTo("asked for");
    assertThat(relay.events(SOURCE, "a-2")).containsExactly("BOOKED");
    assertThat(relay.events(SOURCE, "a-3")).containsExactly("BOOKED");
    assertThat(ehr.asked("eventsSinceNumber=2&eventsUntilNumber=3")).isEqualTo(1);
    assertThat(relay.askConsole("/observe/health").body()).doesNotContain("events are missing");
    assertThat(relay.askConsole("/observe/metrics").body())
        .contains("relay_subscription_gaps{source=\"fhir-subscription\",state=\"closed\"} 1.0");
  }

  @Test
  void whereEventsAreNotKeptASearchFindsWhatChanged() {
    ehr.knows(visit("a-1", ago(60)), visit("a-2", ago(50)));
    relay.hear(SOURCE, event(1, "a-1"));
    // Three events there were, says the heartbeat.
    relay.hear(SOURCE, Notifications.bytes("fhir-subscription/heartbeat"));

    await().atMost(Duration.ofSeconds(20)).until(() -> !gap().path("closedAt").isNull());
    relay.awaitIdleInbox();
    assertThat(gap().path("how").asText()).isEqualTo("searched for");
    assertThat(relay.events(SOURCE, "a-2")).containsExactly("BOOKED");
    relay.hear(SOURCE, event(4, "a-1"));
    assertThat(relay.items("/api/subscriptions").get(0).path("lastEvent").asLong()).isEqualTo(4);
    assertThat(relay.items("/api/subscriptions").get(0).path("gaps")).hasSize(1);
  }

  @Test
  void aGapWaitsForAServerThatIsDown() {
    missingEventsAreWaitedFor();
    ehr.knows(visit("a-1", ago(60)), visit("a-2", ago(50)), visit("a-3", ago(50)));
    ehr.keepsEvent(2, "a-2", Date.from(ago(50)));
    relay.hear(SOURCE, event(1, "a-1"));
    relay.hear(SOURCE, event(3, "a-3"));
    ehr.down();
    assertThat(gap().path("closedAt").isNull()).isTrue();
    clock.advance(Duration.ofMinutes(11));
    await()
        .pollDelay(Duration.ofSeconds(3))
        .atMost(Duration.ofSeconds(20))
        .until(() -> gap().path("closedAt").isNull());
    ehr.up();
    await().atMost(Duration.ofSeconds(40)).until(() -> !gap().path("closedAt").isNull());
    relay.awaitIdleInbox();
    assertThat(relay.events(SOURCE, "a-2")).containsExactly("BOOKED");
  }

  @Test
  void whatWasOvertakenForAMomentIsNoGap() {
    missingEventsAreWaitedFor();
    ehr.knows(visit("a-1", ago(60)), visit("a-2", ago(50)), visit("a-3", ago(50)));
    for (long number : List.of(1L, 3L, 2L)) {
      assertThat(relay.post(SOURCE, event(number, "a-" + number))).isEqualTo(200);
    }
    assertThat(relay.items("/api/subscriptions").get(0).path("gaps")).isEmpty();
  }

  // --- who is heard

  @Test
  void whoSignsNeedsNoToken() throws Exception {
    byte[] body = Notifications.bytes("fhir-subscription/heartbeat");
    assertThat(signed(body, sign(body, "next-secret"), null)).isEqualTo(200);
    assertThat(signed(new byte[0], sign(new byte[0], "sandbox-token"), null)).isEqualTo(200);
    byte[] large = ("{\"a\":\"" + "x".repeat(900_000) + "\"}").getBytes(UTF_8);
    assertThat(signed(large, sign(large, "next-secret"), null)).isEqualTo(200);
    byte[] tooLarge = ("{\"a\":\"" + "x".repeat(2_000_000) + "\"}").getBytes(UTF_8);
    assertThat(signed(tooLarge, sign(tooLarge, "next-secret"), null)).isEqualTo(413);
    assertThat(signed(tooLarge, sign(tooLarge, "next-secret"), "next-secret")).isEqualTo(200);
    relay.awaitIdleInbox();
    assertThat(relay.notifications()).hasSize(4);
  }

  @Test
  void whatWasTamperedWithIsRefusedAndNotKept() throws Exception {
    byte[] body = Notifications.bytes("fhir-subscription/full-resource-r4");
    String signature = sign(body, "next-secret");
    byte[] trailing = (new String(body, UTF_8) + "\n").getBytes(UTF_8);
    assertThat(signed(trailing, signature, null)).isEqualTo(401);
    assertThat(signed(body, otherwise(signature), null)).isEqualTo(401);
    assertThat(signed(body, sign(body, "someone-elses"), null)).isEqualTo(401);
    assertThat(signed(body, "sha256=nonsense", null)).isEqualTo(401);
    assertThat(signed(trailing, signature, "next-secret")).isEqualTo(401);
    assertThat(signed(body, signature, "wrong")).isEqualTo(401);
    relay.awaitIdleInbox();
    assertThat(relay.notifications()).isEmpty();
  }

  private static String otherwise(String signature) {
    char last = signature.charAt(signature.length() - 1);
    return signature.substring(0, signature.length() - 1) + (last == '0' ? '1' : '0');
  }

  @Test
  void whatIsReplayedIsADuplicate() throws Exception {
    byte[] body = Notifications.bytes("fhir-subscription/full-resource-r4");
    String signature = sign(body, "next-secret");
    assertThat(signed(body, signature, null)).isEqualTo(200);
    assertThat(signed(body, signature, null)).isEqualTo(200);
    relay.awaitIdleInbox();
    assertThat(texts(relay.notifications(), "status")).containsExactly("processed", "duplicate");
  }

  @Test
  void otherKindsOfSourceReadNoSignature() throws Exception {
    byte[] body = Notifications.bytes("canvas/created");
    HttpRequest request =
        RunningRelay.request(relay.webhook("canvas"))
            .header("X-Hub-Signature", sign(body, "sandbox-token"))
            .POST(BodyPublishers.ofByteArray(body))
            .build();
    assertThat(RunningRelay.ask(request).statusCode()).isEqualTo(401);
  }

  @Test
  void withoutASettingNothingListens() {
    try (RunningRelay without = RunningRelay.shipped().start()) {
      assertThat(without.post(SOURCE, new byte[0])).isEqualTo(404);
    }
  }

  private int signed(byte[] body, String signature, String token) {
    HttpRequest.Builder request =
        RunningRelay.request(relay.webhook(SOURCE))
            .header("X-Hub-Signature", signature)
            .POST(BodyPublishers.ofByteArray(body));
    if (token != null) {
      request.header("Authorization", "Bearer " + token);
    }
    return RunningRelay.ask(request.build()).statusCode();
  }

  private static String sign(byte[] body, String secret) throws Exception {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(secret.getBytes(UTF_8), "HmacSHA256"));
    return "sha256=" + HexFormat.of().formatHex(mac.doFinal(body));
  }
}
