package io.appointmentrelay.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.appointmentrelay.acceptance.FlakyEnds.Http;
import io.appointmentrelay.acceptance.FlakyEnds.Http.Received;
import io.appointmentrelay.acceptance.FlakyEnds.Http.Reply;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** FHIR servers that know no versions, or no updates: a patch that tests what it changes. */
class PatchWritebackTest {

  private static final Instant START = Instant.parse("2027-03-10T15:00:00Z");
  private static final String JSON = "application/fhir+json";

  private final MovableClock clock = MovableClock.at("2027-03-01T18:00:00Z");
  private final Http ehr = new Http();
  private volatile String status = "booked";
  private volatile String patient = "needs-action";
  private volatile String version = "";
  private RunningRelay relay;

  @AfterEach
  void close() {
    relay.assertAccountedFor();
    relay.close();
    ehr.close();
  }

  private Reply shown() {
    return new Reply(
        200,
        """
        {"resourceType":"Appointment","id":"a-1",%s"status":"%s","start":"%s","extension":[{"url":"https://ehr.example/weight","valueDecimal":1.50}],"participant":[
         {"actor":{"reference":"Practitioner/d-1"},"status":"accepted"},
         {"actor":{"reference":"Patient/p-1"},"status":"%s"}]}"""
            .formatted(version, status, START, patient),
        "Content-Type",
        JSON);
  }

  private void booked(Function<Received, Reply> writes) {
    ehr.otherwise(
        request -> {
          if (!request.path().contains("/Appointment/a-1")) {
            return new Reply(404, "");
          }
          return request.method().equals("GET") ? shown() : writes.apply(request);
        });
    relay =
        RunningRelay.with("relay.source.canvas.fhir.base-url", ehr.address() + "/fhir")
            .set("relay.source.canvas.fhir.dialect", "plain")
            .set("relay.source.canvas.writeback", "confirm,cancel")
            .clock(clock)
            .start();
    relay.hear(
        "canvas",
        """
        {"created":true,"rescheduled":false,"cancelled":false,"reverted":false,"no_show":false,"checked_in":false,
         "appointment_external_id":"a-1","canvas_patient_key":"p-1","start_time":"%s"}"""
            .formatted(START));
  }

  private JsonNode answered(String action) {
    assertThat(relay.operate("POST", "/api/appointments/canvas/a-1/" + action, "{}").statusCode())
        .isEqualTo(200);
    await()
        .atMost(Duration.ofSeconds(40))
        .until(
            () ->
                relay.items("/api/deliveries?channel=ehr").stream()
                    .anyMatch(
                        one ->
                            List.of("sent", "dead", "suppressed")
                                .contains(one.path("status").asText())));
    return relay.items("/api/deliveries?channel=ehr").get(0);
  }

  private List<Received> writes() {
    return ehr.received().stream().filter(one -> !one.method().equals("GET")).toList();
  }

  @Test
  void withoutVersionsItIsAPatchThatTestsWhatItChanges() {
    booked(
        request -> {
          patient = "accepted";
          return shown();
        });

    assertThat(answered("confirm").path("status").asText()).isEqualTo("sent");
    assertThat(writes()).hasSize(1);
    Received patch = writes().get(0);
    assertThat(patch.method()).isEqualTo("PATCH");
    assertThat(patch.header("Content-Type")).startsWith("application/json-patch+json");
    assertThat(patch.text())
        .isEqualTo(
            "[{\"op\":\"test\",\"path\":\"/status\",\"value\":\"booked\"},"
                + "{\"op\":\"test\",\"path\":\"/start\",\"value\":\"2027-03-10T15:00:00Z\"},"
                + "{\"op\":\"test\",\"path\":\"/participant/1/actor\",\"value\":{\"reference\":\"Patient/p-1\"}},"
                + "{\"op\":\"add\",\"path\":\"/participant/1/status\",\"value\":\"accepted\"}]");
  }

  @Test
  void aCancellationByPatchHasItsReason() {
    booked(
        request -> {
          status = "cancelled";
          return new Reply(204, "");
        });

    assertThat(answered("cancel").path("status").asText()).isEqualTo("sent");
    assertThat(writes().get(0).text())
        .contains(
            "{\"op\":\"replace\",\"path\":\"/status\",\"value\":\"cancelled\"}",
            "\"path\":\"/cancelationReason\"",
            "{\"op\":\"add\",\"path\":\"/participant/1/status\",\"value\":\"declined\"}");
    relay.awaitIdleInbox();
    assertThat(relay.appointment("canvas", "a-1").path("status").asText()).isEqualTo("cancelled");
  }

  @Test
  void whoKnowsNoUpdateIsPatchedForTheVersionThatWasRead() {
    version = "\"meta\":{\"versionId\":\"7\"},";
    booked(
        request -> {
          if (request.method().equals("PUT")) {
            return new Reply(405, "");
          }
          patient = "accepted";
          return shown();
        });

    assertThat(answered("confirm").path("status").asText()).isEqualTo("sent");
    assertThat(writes().stream().map(Received::method)).containsExactly("PUT", "PATCH");
    assertThat(writes().stream().map(one -> one.header("If-Match"))).containsOnly("W/\"7\"");
  }

  @Test
  void whoKnowsNeitherVersionsNorPatchIsUpdatedAsItWasRead() {
    booked(
        request -> {
          if (request.method().equals("PATCH")) {
            return new Reply(405, "");
          }
          patient = "accepted";
          return shown();
        });

    assertThat(answered("confirm").path("status").asText()).isEqualTo("sent");
    assertThat(writes().stream().map(Received::method)).containsExactly("PATCH", "PUT");
    assertThat(writes().get(1).text()).contains("\"valueDecimal\":1.50");
  }

  @Test
  void whatWasTakenBeforeTheConnectionBrokeIsThereOnce() {
    version = "\"meta\":{\"versionId\":\"7\"},";
    booked(
        request -> {
          patient = "accepted";
          return new Reply(0, "");
        });

    JsonNode delivery = answered("confirm");
    assertThat(delivery.path("status").asText()).isEqualTo("sent");
    assertThat(delivery.path("attempts").asInt()).isEqualTo(2);
    assertThat(writes()).hasSize(1);
  }

  @Test
  void whatWasTakenBeforeTheTimeWasOutIsThereOnce() {
    version = "\"meta\":{\"versionId\":\"7\"},";
    CountDownLatch over = new CountDownLatch(1);
    booked(
        request -> {
          patient = "accepted";
          try {
            over.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          return shown();
        });

    JsonNode delivery = answered("confirm");
    over.countDown();
    assertThat(delivery.path("status").asText()).isEqualTo("sent");
    assertThat(delivery.path("attempts").asInt()).isEqualTo(2);
    assertThat(writes()).hasSize(1);
  }

  @Test
  void aYesThatTheServerDoesNotShowIsNoYes() {
    booked(request -> shown());

    JsonNode delivery = answered("confirm");
    assertThat(delivery.path("status").asText()).isEqualTo("dead");
    assertThat(delivery.path("attempts").asInt()).isEqualTo(3);
    assertThat(delivery.path("reason").asText()).contains("found it without");
  }

  @Test
  void whoseAnswerItIsMustBeClear() {
    patient = "accepted\"},{\"actor\":{\"reference\":\"Patient/p-2\"},\"status\":\"needs-action";
    booked(request -> shown());

    JsonNode delivery = answered("cancel");
    assertThat(delivery.path("status").asText()).isEqualTo("dead");
    assertThat(delivery.path("reason").asText())
        .contains("found 2 participants that are the patient");
    assertThat(writes()).isEmpty();
  }
}
