package io.appointmentrelay.acceptance;

import static io.appointmentrelay.acceptance.RunningRelay.json;
import static io.appointmentrelay.acceptance.RunningRelay.texts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.appointmentrelay.command.Ask;
import io.appointmentrelay.command.ConsoleClient;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Redox is asked at a real end, and what it answers is looked at through the operator's API. */
class RedoxQueryTest {

  private static final String SECRET = "the-secret-of-this-test";
  private static final String RANGE = "from=2031-03-01&to=2031-03-08";

  private final PlayedRedox redox = new PlayedRedox();
  private CapturedLogs logs;
  private RunningRelay relay;

  @BeforeEach
  void start() {
    logs = CapturedLogs.open();
    relay = setup().start();
  }

  private RunningRelay.Setup setup() {
    String prefix = "relay.source.redox-scheduling.query.";
    return RunningRelay.with(prefix + "base-url", redox.url())
        .set(prefix + "api-key", "key-of-this-test")
        .set(prefix + "secret", SECRET)
        .set(prefix + "destination-id", "destination-7");
  }

  /** Whatever a test did, nothing of a person or a secret is in a log. */
  @AfterEach
  void stop() {
    relay.close();
    redox.close();
    for (String secret :
        List.of(SECRET, "key-of-this-test", "token-1", "Okafor", "0000000777", "quoted-by-redox")) {
      assertThat(logs.with(secret)).describedAs(secret).isEmpty();
    }
    logs.close();
  }

  private static String slot(String id, String time) {
    return """
        {"ID":%s,"DateTime":"%s","Duration":"30","Reason":"Office Visit",
         "Provider":{"ID":4356789876,"IDType":"NPI","FirstName":"Pat","LastName":"Granite"}}
        """
        .formatted(id, time);
  }

  private static String slots(boolean incomplete, String... slots) {
    return "{\"Meta\":{\"DataModel\":\"Scheduling\",\"EventType\":\"AvailableSlotsResponse\",\"IsIncomplete\":\"%s\"},\"AvailableSlots\":[%s]}"
        .formatted(incomplete, String.join(",", slots));
  }

  private static String visit(String number, String time, String more) {
    return """
        {"VisitNumber":%s,"VisitDateTime":"%s","Duration":30%s,
         "VisitProvider":{"ID":"4356789876","IDType":"NPI","FirstName":"Pat","LastName":"Granite"},
         "Location":{"Facility":"Oak Clinic","Department":"Family Medicine"},"Reason":"Check-up",
         "Patient":{"Identifiers":[{"ID":"0000000777","IDType":"MR"}],
           "Demographics":{"FirstName":"Nadia","LastName":"Okafor"}}}
        """
        .formatted(number, time, more);
  }

  private static String visits(String... visits) {
    return "{\"Meta\":{\"DataModel\":\"Scheduling\",\"EventType\":\"BookedResponse\",\"IsIncomplete\":null},\"Visits\":[%s]}"
        .formatted(String.join(",", visits));
  }

  private JsonNode askForSlots() {
    return relay.api("/api/slots?" + RANGE + "&ask=redox");
  }

  private JsonNode askForVisits() {
    return relay.api("/api/appointments?" + RANGE + "&ask=redox&source=redox-scheduling");
  }

  @Test
  void slotsThatAreAskedForAreInOneListWithPushedOnes() {
    relay.hear(
        "redox-scheduling",
        "{\"Meta\":{\"DataModel\":\"Scheduling\",\"EventType\":\"PushSlots\"},\"Slots\":[%s,%s]}"
            .formatted(
                slot("\"gone\"", "2031-03-02T15:00:00Z"),
                slot("\"later\"", "2031-03-09T15:00:00Z")));
    redox.answers(
        "AvailableSlots",
        200,
        slots(
            false,
            slot("11", "2031-03-02 16:00:00Z"),
            slot("\"12\"", "2031-03-03T15:00:00.000-0600")));

    JsonNode answer = askForSlots();

    assertThat(texts(answer.path("items"), "id")).containsExactly("11", "12");
    assertThat(answer.at("/items/1/start").asText()).isEqualTo("2031-03-03T21:00:00Z");
    assertThat(answer.at("/asked/found").asInt()).isEqualTo(2);
    assertThat(texts(relay.items("/api/slots"), "id")).containsExactly("11", "12", "later");
    JsonNode question = redox.asked("AvailableSlots").get(0).json();
    assertThat(question.at("/Meta/Destinations/0/ID").asText()).isEqualTo("destination-7");
    assertThat(question.path("StartDateTime").asText()).isEqualTo("2031-03-01T00:00:00Z");
    assertThat(question.path("EndDateTime").asText()).isEqualTo("2031-03-08T00:00:00Z");
  }

  @Test
  void anEmptyAnswerEmptiesTheListOfThoseDays() {
    redox.answers("AvailableSlots", 200, slots(false, slot("1", "2031-03-02T15:00:00Z")));
    redox.answers("AvailableSlots", 200, slots(false));

    assertThat(askForSlots().path("items")).hasSize(1);
    assertThat(askForSlots().path("items")).isEmpty();
  }

  @Test
  void anIncompleteAnswerIsAskedForFurther() {
    redox
        .answers(
            "AvailableSlots",
            200,
            slots(true, slot("1", "2031-03-02T15:00:00Z"), slot("2", "2031-03-03T15:00:00Z")))
        .answers(
            "AvailableSlots",
            200,
            slots(false, slot("2", "2031-03-03T15:00:00Z"), slot("3", "2031-03-04T15:00:00Z")));

    JsonNode answer = askForSlots();

    assertThat(texts(answer.path("items"), "id")).containsExactly("1", "2", "3");
    assertThat(answer.at("/asked/incomplete").asBoolean()).isFalse();
    assertThat(redox.asked("AvailableSlots").get(1).json().path("StartDateTime").asText())
        .isEqualTo("2031-03-03T15:00:00Z");
  }

  @Test
  void anAnswerThatStaysIncompleteSaysSoAndEndsNothingItDidNotName() {
    redox.answers("AvailableSlots", 200, slots(false, slot("9", "2031-03-07T15:00:00Z")));
    askForSlots();
    redox
        .answers("AvailableSlots", 200, slots(true, slot("1", "2031-03-02T15:00:00Z")))
        .answers("AvailableSlots", 200, slots(true, slot("1", "2031-03-02T15:00:00Z")));

    JsonNode answer = askForSlots();

    assertThat(answer.at("/asked/incomplete").asBoolean()).isTrue();
    assertThat(texts(answer.path("items"), "id")).containsExactly("1", "9");
  }

  @Test
  void aSlotThatIsBookedIsNotOfferedAndIsAgainWhenItsVisitIsOff() {
    redox.answers("AvailableSlots", 200, slots(false, slot("1", "2031-03-02T15:00:00Z")));
    askForSlots();
    relay.hear("redox-scheduling", FhirOutTest.visit("New", "b1", "2031-03-02T15:00:00Z"));
    assertThat(relay.items("/api/slots")).isEmpty();

    relay.hear("redox-scheduling", FhirOutTest.visit("Cancel", "b1", "2031-03-02T15:00:00Z"));

    assertThat(texts(relay.items("/api/slots"), "id")).containsExactly("1");
    relay.awaitIdleOutbox();
    List<JsonNode> freed = freed();
    assertThat(freed).hasSize(1);
    assertThat(freed.get(0).at("/data/slot/start").asText()).isEqualTo("2031-03-02T15:00:00Z");
    assertThat(freed.get(0).at("/data/slot/end").asText()).isEqualTo("2031-03-02T15:30:00Z");
    assertThat(freed.get(0).at("/data/slot/practitionerReference").asText())
        .isEqualTo("NPI|4356789876");
    assertThat(freed.get(0).toString()).doesNotContain("0000000777", "Okafor");
  }

  @Test
  void aMovedVisitFreesWhatItLeftOnceAndAPastOneNothing() {
    redox.answers("AvailableSlots", 200, slots(false, slot("1", "2031-03-02T15:00:00Z")));
    askForSlots();
    relay.hear("redox-scheduling", FhirOutTest.visit("New", "m1", "2031-03-02T15:00:00Z"));
    relay.hear("redox-scheduling", FhirOutTest.visit("New", "past", "2021-03-02T15:00:00Z"));
    String moved = FhirOutTest.visit("Reschedule", "m1", "2031-03-02T15:15:00Z");
    relay.hear("redox-scheduling", moved);
    relay.hear("redox-scheduling", moved);
    relay.hear("redox-scheduling", FhirOutTest.visit("Cancel", "past", "2021-03-02T15:00:00Z"));
    relay.awaitIdleOutbox();

    List<JsonNode> freed = freed();
    assertThat(freed).hasSize(1);
    assertThat(freed.get(0).at("/data/slot/start").asText()).isEqualTo("2031-03-02T15:00:00Z");
    assertThat(freed.get(0).at("/data/slot/end").asText()).isEqualTo("2031-03-02T15:15:00Z");
    relay.assertAccountedFor();
  }

  private List<JsonNode> freed() {
    return relay.messages("webhook").stream()
        .map(message -> json(message.path("text").asText()))
        .filter(event -> event.path("type").asText().equals("slot.freed"))
        .toList();
  }

  @Test
  void visitsThatAreNotAsTheyAreKnownComeAsPolledNotifications() {
    relay.hear("redox-scheduling", FhirOutTest.visit("New", "101", "2031-03-02T15:00:00Z"));
    relay.hear("redox-scheduling", FhirOutTest.visit("New", "102", "2031-03-03T15:00:00Z"));
    relay.hear("redox-scheduling", FhirOutTest.visit("New", "103", "2031-03-04T15:00:00Z"));
    redox.answers(
        "Booked",
        200,
        visits(
            visit("101", "2031-03-02T15:00:00Z", ""),
            visit("\"102\"", "2031-03-03T17:00:00Z", ""),
            visit("\"103\"", "2031-03-04T15:00:00Z", ",\"Status\":\"Cancelled\""),
            visit("104", "2031-03-05T15:00:00Z", ",\"Status\":\"Booked\""),
            "{\"VisitDateTime\":\"2031-03-05T15:00:00Z\"}"));

    JsonNode answer = askForVisits();

    assertThat(answer.at("/asked/differing").asInt()).isEqualTo(3);
    assertThat(answer.at("/asked/unreadable").asInt()).isEqualTo(1);
    assertThat(relay.events("redox-scheduling", "101")).containsExactly("BOOKED");
    assertThat(relay.events("redox-scheduling", "102")).containsExactly("BOOKED", "RESCHEDULED");
    assertThat(relay.events("redox-scheduling", "103")).containsExactly("BOOKED", "CANCELLED");
    assertThat(relay.appointment("redox-scheduling", "104").path("start").asText())
        .isEqualTo("2031-03-05T15:00:00Z");
    assertThat(texts(answer.path("items"), "identifier"))
        .containsExactlyInAnyOrder("101", "102", "103", "104");
  }

  @Test
  void theSameAnswerAgainChangesNothing() {
    String answer = visits(visit("104", "2031-03-05T15:00:00Z", ""));
    redox.answers("Booked", 200, answer).answers("Booked", 200, answer);

    assertThat(askForVisits().at("/asked/differing").asInt()).isEqualTo(1);
    assertThat(askForVisits().at("/asked/differing").asInt()).isZero();
    assertThat(relay.events("redox-scheduling", "104")).hasSize(1);
  }

  @Test
  void anObjectionIsToldByItsCodesAndNeverByItsWords() {
    redox.answers(
        "AvailableSlots",
        400,
        """
        {"Meta":{"Errors":[{"ID":4711,"Text":"quoted-by-redox","Type":"transmission","Module":"Record Retrieval"}]}}
        """);

    HttpResponse<String> answer = relay.askConsole("/api/slots?" + RANGE + "&ask=redox");

    assertThat(answer.statusCode()).isEqualTo(502);
    assertThat(answer.body())
        .contains("transmission in RecordRetrieval, id 4711")
        .doesNotContain("quoted-by-redox");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "null",
        "[]",
        "{}",
        "<html>login</html>",
        "{\"Meta\":{}}",
        "{\"AvailableSlots\":\"none\"}",
        "{\"AvailableSlots\":{",
      })
  void anAnswerThatIsNoneChangesNothing(String body) {
    redox.answers("AvailableSlots", 200, slots(false, slot("1", "2031-03-02T15:00:00Z")));
    askForSlots();
    redox.answers("AvailableSlots", 200, body);

    assertThat(relay.askConsole("/api/slots?" + RANGE + "&ask=redox").statusCode()).isEqualTo(502);
    assertThat(relay.items("/api/slots")).hasSize(1);
  }

  @Test
  void aHostileItemIsPassedOver() {
    redox.answers(
        "AvailableSlots",
        200,
        slots(
            false,
            "null",
            "7",
            "[]",
            "{\"DateTime\":{\"a\":1}}",
            slot("1", "never"),
            slot("{\"a\":[1]}", "2031-03-02T15:00:00Z")));

    JsonNode answer = askForSlots();

    assertThat(answer.path("items")).hasSize(1);
    assertThat(relay.items("/api/notifications?status=parked")).isEmpty();
  }

  @Test
  void redoxInTroubleIsSaidAndAskedAgainByWhoeverAsked() {
    HttpResponse<String> answer = relay.askConsole("/api/slots?" + RANGE + "&ask=redox");

    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(answer.headers().firstValue("Retry-After")).isPresent();
    assertThat(answer.body()).contains("HTTP 500");
  }

  @Test
  void aTokenIsKeptAndAnotherOneHadWhenItIsRefused() {
    for (int i = 0; i < 3; i++) {
      redox.answers("AvailableSlots", 200, slots(false));
    }
    askForSlots();
    askForSlots();
    assertThat(redox.logins).hasValue(1);
    redox.validToken = "another";

    askForSlots();

    assertThat(redox.logins).hasValue(2);
    assertThat(redox.requests.get(0).json().path("apiKey").asText()).isEqualTo("key-of-this-test");
  }

  @Test
  void withoutAKeyTheAuthorisationIsThatOfTheFhirServer() throws Exception {
    relay.close();
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(2048);
    String key =
        "-----BEGIN PRIVATE KEY-----\n"
            + Base64.getMimeEncoder()
                .encodeToString(generator.generateKeyPair().getPrivate().getEncoded())
            + "\n-----END PRIVATE KEY-----\n";
    Path file = Files.createTempFile("relay-key", ".pem");
    Files.writeString(file, key);
    String prefix = "relay.source.redox-scheduling.";
    relay =
        RunningRelay.with(prefix + "query.base-url", redox.url())
            .set(prefix + "fhir.base-url", redox.url() + "/fhir")
            .set(prefix + "fhir.token-url", redox.url() + "/v2/auth/token")
            .set(prefix + "fhir.client-id", "client-7")
            .set(prefix + "fhir.key-id", "key-7")
            .set(prefix + "fhir.private-key", "file:" + file)
            .start();
    redox.answers("AvailableSlots", 200, slots(false));

    assertThat(askForSlots().path("items")).isEmpty();

    assertThat(redox.requests.get(0).path()).isEqualTo("/v2/auth/token");
    assertThat(redox.requests.get(0).body()).contains("client_assertion=");
    Files.delete(file);
  }

  @Test
  void offeredSlotsArePushedToTheDestination() {
    redox.answers(
        "AvailableSlots",
        200,
        slots(false, slot("1", "2031-03-02T15:00:00Z"), slot("2", "2031-03-02T16:00:00Z")));
    askForSlots();
    relay.hear("redox-scheduling", FhirOutTest.visit("New", "b1", "2031-03-02T15:00:00Z"));
    redox.answers("PushSlots", 200, "{\"Meta\":{}}");

    HttpResponse<String> answer =
        relay.operate("POST", "/api/slots/push?source=redox-scheduling&" + RANGE, "{}");

    assertThat(answer.statusCode()).describedAs(answer.body()).isEqualTo(200);
    assertThat(json(answer.body()).path("found").asInt()).isEqualTo(1);
    JsonNode pushed = redox.asked("PushSlots").get(0).json();
    assertThat(pushed.at("/Slots/0/ID").asText()).isEqualTo("2");
    assertThat(pushed.at("/Slots/0/Provider/ID").asText()).isEqualTo("4356789876");
    assertThat(pushed.at("/Meta/TotalBatches").asText()).isEqualTo("1");
    assertThat(pushed.at("/Meta/Destinations/0/ID").asText()).isEqualTo("destination-7");
  }

  @ParameterizedTest
  @CsvSource({
    "/api/slots?ask=canvas, 400",
    "/api/slots?ask=redox&source=canvas, 400",
    "/api/slots?ask=redox&source=nobody, 400",
    "/api/slots?ask=redox&from=2031-03-02&to=2031-03-01, 400",
    "/api/slots?ask=redox&from=yesterday, 400",
    "/api/slots?ask=redox&after=x, 400",
    "/api/slots?ask=redox&ask=redox, 400",
    "/api/slots/push, 405",
  })
  void aQuestionThatMakesNoSenseIsNotAsked(String path, int status) {
    assertThat(relay.askConsole(path).statusCode()).isEqualTo(status);
    assertThat(redox.requests).isEmpty();
  }

  @Test
  void theCommandAsksARunningRelay() {
    redox.answers("Booked", 200, visits(visit("104", "2031-03-05T15:00:00Z", "")));
    StringWriter said = new StringWriter();

    int status =
        new Ask(new ConsoleClient(relay.consolePort()))
            .run("booked", "redox-scheduling", "2031-03-01", "2031-03-08", new PrintWriter(said));

    assertThat(status).describedAs(said.toString()).isZero();
    assertThat(said.toString())
        .contains("redox-scheduling: 1 visits, of which 1 were not as known");
    assertThat(
            new Ask(new ConsoleClient(relay.consolePort()))
                .run("what", null, null, null, new PrintWriter(said)))
        .isEqualTo(2);
  }

  @Test
  void anEngineersRouteAsksByJson() throws IOException {
    Path routes = RoutesCopy.shipped();
    Files.writeString(
        routes.resolve("query").resolve("ask-each-night.camel.yaml"),
        """
        # Asks for slots by a clock of its own.
        - route:
            id: ask-each-night
            description: Asks for the slots of the coming week.
            from:
              uri: timer:ask-each-night
              parameters:
                repeatCount: 1
              steps:
                - setBody:
                    expression:
                      constant:
                        expression: '{"source":"redox-scheduling","to":"P7D"}'
                - to:
                    uri: direct:redox-available-slots
        """);
    try (RunningRelay asking = RunningRelay.shipped().routes(routes).start()) {
      await()
          .atMost(Duration.ofSeconds(30))
          .untilAsserted(() -> assertThat(asking.items("/api/slots")).hasSize(12));
    }
  }

  @Test
  void theSandboxPlaysRedoxToo() {
    try (RunningRelay shipped = RunningRelay.shipped().start()) {
      JsonNode slots = shipped.api("/api/slots?ask=redox");
      JsonNode visits = shipped.api("/api/appointments?ask=redox");

      assertThat(slots.path("items")).hasSize(12);
      assertThat(visits.at("/asked/differing").asInt()).isEqualTo(1);
      assertThat(visits.at("/items/0/identifier").asText()).isEqualTo("sandbox-900001");
      assertThat(shipped.api("/api/slots").path("items")).hasSize(11);
      assertThat(shipped.operate("/api/slots/push").statusCode()).isEqualTo(200);
    }
  }
}
