package io.appointmentrelay.acceptance;

import static io.appointmentrelay.acceptance.RunningRelay.texts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.appointmentrelay.enrichment.RealFhirServer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.hl7.fhir.r4.model.ContactPoint.ContactPointSystem;
import org.hl7.fhir.r4.model.ContactPoint.ContactPointUse;
import org.hl7.fhir.r4.model.Patient;
import org.junit.jupiter.api.Test;

/** Lightweight notifications and a FHIR server that goes and comes, seen from outside. */
class EnrichmentTest {

  private static final String SECRET = "the-secret-of-this-test";
  private static final String MR = "urn:redox:clinic:MR";
  private static final Instant START =
      Instant.now().plus(10, ChronoUnit.DAYS).truncatedTo(ChronoUnit.HOURS);

  private static byte[] booking(int visit, int patient) {
    return """
        {"resourceType":"Bundle","type":"message","id":"b%1$d","timestamp":"2024-01-01T00:00:00Z","entry":[
         {"resource":{"resourceType":"MessageHeader",
           "eventUri":"https://fhir.redoxengine.com/EventDefinition/AppointmentBooked"}},
         {"fullUrl":"https://api.redoxengine.com/fhir/R4/c/Development/Patient?identifier=%3$s|P%2$d",
          "resource":{"resourceType":"Patient"}},
         {"fullUrl":"https://api.redoxengine.com/fhir/R4/c/Development/Appointment?urn:redox:VIS|identifier=V%1$d",
          "resource":{"resourceType":"Appointment","status":"booked","start":"%4$s",
           "participant":[{"actor":{"identifier":{"system":"urn:redox:MRN","value":"M%2$d"}},
             "type":[{"coding":[{"code":"Patient"}]}],"status":"accepted"}]}}]}"""
        .formatted(visit, patient, MR, START)
        .getBytes(StandardCharsets.UTF_8);
  }

  private static Patient patient(int number) {
    Patient patient = new Patient();
    patient.setId("p" + number);
    patient.addIdentifier().setSystem(MR).setValue("P" + number);
    patient.addName().setFamily("Sample").addGiven("Robin");
    patient
        .addTelecom()
        .setSystem(ContactPointSystem.EMAIL)
        .setValue("p" + number + "@example.org");
    patient
        .addTelecom()
        .setSystem(ContactPointSystem.PHONE)
        .setUse(ContactPointUse.MOBILE)
        .setValue("+1312555%04d".formatted(1_000 + number));
    return patient;
  }

  private static RunningRelay.Setup asking(RealFhirServer ehr) {
    return RunningRelay.with("relay.source.redox-fhir.fhir.base-url", ehr.baseUrl().toString())
        .set("relay.source.redox-fhir.fhir.token-url", ehr.tokenUrl().toString())
        .set("relay.source.redox-fhir.fhir.client-id", "the-client")
        .set("relay.source.redox-fhir.fhir.client-secret", SECRET);
  }

  @Test
  void aThousandNotificationsOfAHundredPatientsSurviveAServerThatGoesAndComesBack() {
    List<String> tokens;
    try (CapturedLogs logs = CapturedLogs.open();
        RealFhirServer ehr = RealFhirServer.start().asksForTokensHadFor(SECRET)) {
      for (int i = 0; i < 100; i++) {
        ehr.knows(patient(i));
      }
      try (RunningRelay relay = asking(ehr).start()) {
        List<CompletableFuture<Integer>> answers = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
          answers.add(relay.postLater("redox-fhir", booking(i, i % 100)));
        }
        await().atMost(Duration.ofMinutes(2)).until(() -> ehr.asked("Patient/_search") > 20);
        ehr.down();
        for (int i = 500; i < 1_000; i++) {
          answers.add(relay.postLater("redox-fhir", booking(i, i % 100)));
        }
        assertThat(answers).allMatch(answer -> answer.join() == 200);
        ehr.up();

        await()
            .atMost(Duration.ofMinutes(5))
            .pollInterval(Duration.ofSeconds(1))
            .until(() -> relay.items("/api/notifications?status=received&limit=1").isEmpty());
        assertThat(relay.items("/api/notifications?status=parked")).isEmpty();
        relay.awaitIdleOutbox();
        relay.assertAccountedFor();
        for (String channel : List.of("email", "sms", "webhook")) {
          List<JsonNode> sent =
              relay.items("/api/deliveries?status=sent&limit=200&channel=" + channel);
          assertThat(texts(sent, "appointment")).hasSize(1_000).doesNotHaveDuplicates();
        }
        // The sandbox numbers what its ends received.
        assertThat(relay.api("/api/sandbox/messages?limit=1").at("/items/0/number").asInt())
            .isEqualTo(3_000);
        tokens = ehr.everyToken();
      }
      // A question that was under way when the server went had no answer, and is asked again.
      assertThat(ehr.asked("Patient/_search")).isLessThanOrEqualTo(100 + 8);
      assertThat(ehr.mostConnections()).isLessThanOrEqualTo(8);
      assertThat(logs.with(SECRET)).isEmpty();
      assertThat(tokens).isNotEmpty().allSatisfy(token -> assertThat(logs.with(token)).isEmpty());
      assertThat(logs.with("@example.org")).isEmpty();
    }
  }

  @Test
  void afterTheLongestWaitANotificationIsParkedAndCanBeReplayed() {
    try (RealFhirServer ehr =
        RealFhirServer.start().asksForTokensHadFor(SECRET).knows(patient(1))) {
      ehr.down();
      try (RunningRelay relay = asking(ehr).set("relay.retry.give-up", "PT5S").start()) {
        assertThat(relay.post("redox-fhir", booking(1, 1))).isEqualTo(200);
        relay.awaitIdleInbox();

        JsonNode parked = relay.lastNotification();
        assertThat(parked.path("status").asText()).isEqualTo("parked");
        assertThat(parked.path("attempts").asInt()).isGreaterThan(3);
        assertThat(parked.path("reason").asText())
            .contains("since its arrival, for PT5S")
            .contains("token server of source redox-fhir");

        ehr.up();
        // The circuit may still be open from before; what it holds back is parked again.
        await()
            .atMost(Duration.ofMinutes(1))
            .pollInterval(Duration.ofSeconds(1))
            .until(
                () -> {
                  relay.operate("/api/notifications/" + parked.path("id").asText() + "/replay");
                  relay.awaitIdleInbox();
                  return relay.lastNotification().path("status").asText().equals("processed");
                });
        await().atMost(Duration.ofSeconds(30)).until(() -> relay.messages("email").size() == 1);
      }
    }
  }

  @Test
  void anUnknownPatientIsSaidWhereTheNotificationIsShown() {
    try (RealFhirServer ehr = RealFhirServer.start().asksForTokensHadFor(SECRET);
        RunningRelay relay = asking(ehr).start()) {
      relay.hear("redox-fhir", booking(1, 1));

      assertThat(relay.lastNotification().path("reason").asText())
          .contains("the FHIR server knows none");
      assertThat(texts(relay.api("/observe/health").path("checks"), "name"))
          .contains("fhir redox-fhir");
    }
  }

  @Test
  void theFirstRunSendsWholeMessages() {
    try (RunningRelay relay = RunningRelay.shipped().start()) {
      for (String sample : List.of("redox-fhir/booked", "canvas/created")) {
        relay.sendSample(sample, false);
      }
      relay.awaitIdleOutbox();

      List<JsonNode> confirmations =
          relay.messages("email").stream()
              .filter(mail -> mail.path("subject").asText().endsWith("is booked"))
              .toList();
      assertThat(texts(confirmations, "to"))
          .containsExactlyInAnyOrder("robin.sample@example.org", "jamie.example@example.org");
      assertThat(texts(confirmations, "text")).allMatch(text -> text.contains("Family Medicine"));
    }
  }
}
