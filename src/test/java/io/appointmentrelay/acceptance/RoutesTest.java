package io.appointmentrelay.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import io.appointmentrelay.intake.Notifications;
import io.appointmentrelay.intake.fhir.Identifier;
import io.appointmentrelay.intake.fhir.PolledNotification;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every file of routes/: its form, and that the product really walks through each of its steps. */
class RoutesTest {

  private static final Path ROUTES = Path.of("routes");
  private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
  private static final Pattern WHOLE_MESSAGE =
      Pattern.compile(
          "\\$\\{(body|headers?|exchange|exchangeProperties|messageHistory|bodyAs[^}]*)}");

  private static JsonSchema schema;

  @BeforeAll
  static void readSchema() throws IOException {
    try (InputStream in = RoutesTest.class.getResourceAsStream("/schema/camelYamlDsl.json")) {
      schema = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V4).getSchema(in);
    }
  }

  static List<Path> files() throws IOException {
    try (Stream<Path> files = Files.walk(ROUTES)) {
      return files.filter(file -> file.toString().endsWith(".camel.yaml")).sorted().toList();
    }
  }

  @ParameterizedTest
  @MethodSource("files")
  void isWhatCamelsSchemaDescribes(Path file) throws IOException {
    assertThat(schema.validate(YAML.readTree(Files.readString(file)))).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("files")
  void opensByTellingWhyItIsThere(Path file) throws IOException {
    assertThat(Files.readAllLines(file).get(0)).matches("# [A-Z].{20,}");
  }

  @ParameterizedTest
  @MethodSource("files")
  void isCalledAsItsRouteIsAndDescribesIt(Path file) throws IOException {
    String name = file.getFileName().toString().replace(".camel.yaml", "");
    for (JsonNode element : YAML.readTree(Files.readString(file))) {
      JsonNode route = element.has("route") ? element.path("route") : element.path("routeTemplate");
      if (!route.isMissingNode()) {
        assertThat(route.path("id").asText()).isEqualTo(name);
        assertThat(route.path("description").asText()).matches("[A-Z].{10,}");
        String from = route.path("from").path("uri").asText();
        if (from.startsWith("direct:")) {
          assertThat(from).isEqualTo("direct:" + name);
        }
      }
      JsonNode templated = element.path("templatedRoute");
      if (!templated.isMissingNode()) {
        assertThat(templated.path("routeId").asText()).startsWith(name + "-");
      }
    }
  }

  @Test
  void noTwoRoutesHaveOneName() throws IOException {
    Set<String> ids = new HashSet<>();
    for (Path file : files()) {
      for (JsonNode id : YAML.readTree(Files.readString(file)).findValues("id")) {
        assertThat(ids.add(id.asText())).describedAs(file + " " + id).isTrue();
      }
    }
  }

  @Test
  void everyStepToDirectLeadsToARoute() throws IOException {
    Set<String> wanted = new HashSet<>();
    Set<String> offered = new HashSet<>();
    for (Path file : files()) {
      for (JsonNode element : YAML.readTree(Files.readString(file))) {
        offered.add(element.path("route").path("from").path("uri").asText());
        element.findValues("to").forEach(to -> wanted.add(to.path("uri").asText()));
      }
    }
    wanted.removeIf(uri -> !uri.startsWith("direct:"));
    assertThat(offered).containsAll(wanted);
  }

  @ParameterizedTest
  @MethodSource("files")
  void logsIdsAndNoMessages(Path file) throws IOException {
    for (JsonNode log : YAML.readTree(Files.readString(file)).findValues("log")) {
      Matcher whole =
          WHOLE_MESSAGE.matcher(log.isTextual() ? log.asText() : log.path("message").asText());
      assertThat(whole.find()).describedAs(log.toString()).isFalse();
    }
  }

  /** Everything that senders tell, once; afterwards no step of any file is left unvisited. */
  @Test
  void everyStepIsVisited() throws IOException {
    Path routes = RoutesCopy.shipped();
    Files.writeString(routes.resolve("coverage.java"), Coverage.ROUTE_FILE);
    MovableClock clock = MovableClock.at(Instant.now().toString());
    try (RunningRelay relay =
        RunningRelay.with("relay.source.fhir-subscription.kind", "fhir-subscription")
            .set("relay.source.redox-scheduling.writeback", "confirm,cancel")
            .set("relay.source.fhir-poll.kind", "fhir-poll")
            .set("relay.source.fhir-poll.poll.every", "PT1S")
            .set("relay.source.redox-scheduling.silence", "PT1H")
            .set("relay.staff.email", "desk@clinic.org")
            .routes(routes)
            .clock(clock)
            .start()) {
      for (byte[] told : ofSubscriptions()) {
        relay.hear("fhir-subscription", told);
      }
      for (String canvas :
          List.of("created", "rescheduled", "cancelled", "reverted", "no-show", "checked-in")) {
        relay.hear("canvas", Notifications.bytes("canvas/" + canvas));
      }
      relay.hear(
          "canvas", "{\"event_type\":\"appointment_exploded\",\"appointment\":{\"id\":\"c\"}}");
      for (byte[] message : ofTheDataModel()) {
        relay.hear("redox-scheduling", message);
      }
      for (String bundle :
          List.of("booked", "rescheduled", "cancelled", "no-show", "writeback-create")) {
        relay.hear("redox-fhir", Notifications.bytes("redox-fhir/" + bundle));
      }
      relay.hear("redox-fhir", updated("cancelled"));
      for (String status : List.of("noshow", "cancelled", "arrived", "booked")) {
        relay.hear("canvas", polled(status));
      }
      for (String status : List.of("noshow", "cancelled", "arrived", "booked")) {
        relay.hear("canvas", polledAtFirst(status));
      }
      relay.hear("canvas", polled("of the moon"));
      relay.hear("redox-fhir", polled("booked"));
      relay.hear("redox-scheduling", polled("booked"));
      relay.api("/api/slots?ask=redox");
      relay.api("/api/appointments?ask=redox");
      assertThat(relay.operate("/api/slots/push").statusCode()).isEqualTo(200);
      assertThat(relay.operate("/sandbox/clinic/none/moved").statusCode()).isEqualTo(404);
      relay.awaitIdleOutbox();
      replies(relay);
      // Behind the replies: a second visit asked about would leave open which one is meant.
      relay.hear("redox-scheduling", Coming.booked("answered", 8));
      for (String answer : List.of("confirm", "cancel")) {
        relay.operate("POST", "/api/appointments/redox-scheduling/answered/" + answer, "{}");
      }
      relay.awaitIdleInbox();
      relay.awaitIdleOutbox();
      relay.assertAccountedFor();
      clock.advance(Duration.ofMinutes(61));
      await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> relay.messages("webhook").toString().contains("source.silent"));
      await()
          .atMost(Duration.ofSeconds(30))
          .until(
              () ->
                  relay.askConsole("/api/appointments/fhir-poll/sandbox-poll-2").statusCode()
                      == 200);
      relay.awaitIdleInbox();
      asksForTextsInDoubt(relay, routes, clock);
    }
    assertThat(Coverage.steps()).hasSizeGreaterThan(80);
    assertThat(Coverage.unvisited()).isEmpty();
    Set<String> covered = new HashSet<>();
    Coverage.steps().forEach(step -> covered.add(step.replaceAll("\\.camel\\.yaml.*", "")));
    for (Path file : files()) {
      String name = file.getFileName().toString().replace(".camel.yaml", "");
      if (!name.equals("failure")) {
        assertThat(covered).contains(name);
      }
    }
  }

  /** Everything that a patient says, by text and by link, to a visit as it is and as it was. */
  private static void replies(RunningRelay relay) {
    // Not the number that the samples ask: two visits asked about leave open which one is meant.
    String number = "+16085550113";
    Phone phone = new Phone(relay, number);
    Consumer<ObjectNode> edit =
        message ->
            message
                .withObject("/Patient/Demographics/PhoneNumber")
                .put("Mobile", number)
                .put("Home", number);
    phone.text("STOP");
    phone.text("START");
    phone.text("HELP");
    new Phone(relay, "+16085550199").text("Who is it?");
    relay.hear("redox-scheduling", Coming.scheduling("new", "replied", Coming.inDays(9), edit));
    relay.awaitIdleOutbox();
    URI link = phone.lastLinks().get(0);
    for (String words : List.of("CALL", "What?", "C", "C", "N")) {
      phone.text(words);
    }
    relay.hear(
        "redox-scheduling", Coming.scheduling("modification", "replied", Coming.inDays(12), edit));
    relay.awaitIdleOutbox();
    Phone.open(link);
    phone.press(link);
    phone.text("C");
  }

  private static void asksForTextsInDoubt(RunningRelay relay, Path routes, MovableClock clock) {
    relay.hear("redox-scheduling", Coming.booked("doubt", 9));
    relay.awaitIdleOutbox();
    Path left =
        relay.asIfItDied(
            "UPDATE delivery SET status = 'sending', in_flight ="
                + " '{\"at\":\"2026-01-01T00:00:00Z\",\"to\":\"+16085550112\",\"digest\":\"other\"}'"
                + " WHERE id = (SELECT MAX(id) FROM delivery WHERE channel = 'sms' AND status = 'sent')");
    try (RunningRelay next =
        RunningRelay.with("relay.source.fhir-subscription.kind", "fhir-subscription")
            .routes(routes)
            .clock(clock)
            .on(left)
            .start()) {
      await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> next.deliveries().stream().noneMatch(RoutesTest::isUnsettled));
    }
  }

  private static boolean isUnsettled(JsonNode delivery) {
    return List.of("sending", "uncertain").contains(delivery.path("status").asText());
  }

  private static List<byte[]> ofTheDataModel() {
    Instant start = Coming.inDays(5);
    List<byte[]> messages = new ArrayList<>();
    messages.add(Coming.scheduling("new", "walk", start, message -> {}));
    messages.add(
        Coming.scheduling(
            "modification",
            "walk",
            start,
            message ->
                ((ObjectNode) message.path("Visit").path("Location"))
                    .put("Facility", "Elsewhere")));
    messages.add(Coming.scheduling("reschedule", "walk-on", Coming.inDays(6), message -> {}));
    messages.add(Coming.scheduling("cancel", "walk", start, message -> {}));
    messages.add(Coming.scheduling("no-show", "walk", start, message -> {}));
    messages.add(Notifications.bytes("redox-scheduling/push-slots"));
    messages.add(Notifications.bytes("redox-scheduling/booked-response"));
    messages.add(
        Notifications.json("{'Meta':{'EventType':'Confirm'},'Visit':{'VisitNumber':'7'}}"));
    return messages;
  }

  private static List<byte[]> ofSubscriptions() {
    List<byte[]> all = new ArrayList<>();
    all.add(Notifications.bytes("fhir-subscription/handshake"));
    all.add(Notifications.bytes("fhir-subscription/another-type"));
    all.add(new byte[0]);
    int day = 1;
    for (String status : List.of("booked", "noshow", "cancelled", "arrived", "of the moon")) {
      String updated = "2024-03-0" + day++ + "T00:00:00Z";
      all.add(
          Notifications.edited(
              "fhir-subscription/resource-alone",
              visit -> {
                visit.put("status", status);
                ((ObjectNode) visit.path("meta")).put("lastUpdated", updated);
              }));
    }
    String moved =
        new String(
                Notifications.bytes("fhir-subscription/full-resource-r4b"),
                java.nio.charset.StandardCharsets.UTF_8)
            .replaceAll("\"topic\": \"[^\"]*\"", "\"topic\": \"Appointment.reschedule\"");
    all.add(moved.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    return all;
  }

  private static byte[] polled(String status) {
    return PolledNotification.of(
        new Identifier(null, "polled " + status),
        1,
        false,
        RunningRelay.json("{\"resourceType\":\"Appointment\",\"status\":\"" + status + "\"}"),
        null);
  }

  private static byte[] polledAtFirst(String status) {
    return PolledNotification.of(
        new PolledNotification.Subject(
            new Identifier(null, "at first " + status), 0, false, null, true),
        RunningRelay.json("{\"resourceType\":\"Appointment\",\"status\":\"" + status + "\"}"),
        null);
  }

  private static byte[] updated(String status) {
    return Notifications.edited(
        "redox-fhir/rescheduled",
        bundle -> {
          bundle.put("id", "updated to " + status).put("timestamp", "2026-01-01T00:00:00Z");
          ((ObjectNode) bundle.path("entry").path(2).path("resource")).put("status", status);
        });
  }
}
