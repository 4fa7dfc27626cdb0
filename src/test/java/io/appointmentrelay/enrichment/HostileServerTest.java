package io.appointmentrelay.enrichment;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.sun.net.httpserver.HttpExchange;
import io.appointmentrelay.appointment.AppointmentNotice;
import io.appointmentrelay.appointment.Details;
import io.appointmentrelay.appointment.OtherEndUnavailable;
import io.appointmentrelay.appointment.UnusableAnswer;
import io.appointmentrelay.settings.Settings;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.zip.GZIPOutputStream;
import org.apache.http.client.methods.HttpGet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a server says that is broken, careless or ill-meaning. */
class HostileServerTest {

  private static final String NOBODY = "{\"resourceType\":\"Bundle\",\"type\":\"searchset\"}";

  private final RecordedServer server = new RecordedServer();

  @AfterEach
  void stop() {
    server.close();
  }

  private static String bundle(String entries, String next) {
    return "{\"resourceType\":\"Bundle\",\"type\":\"searchset\",\"link\":[{\"relation\":\"next\",\"url\":\""
        + next
        + "\"}],\"entry\":["
        + entries
        + "]}";
  }

  private static String patient(String id, String system, String value) {
    return "{\"resource\":{\"resourceType\":\"Patient\",\"id\":\"%s\",\"identifier\":[{\"system\":\"%s\",\"value\":\"%s\"}],\"telecom\":[{\"system\":\"email\",\"value\":\"%s@example.org\"}]}}"
        .formatted(id, system, value, id);
  }

  private EnrichmentRoom redoxAnswering(RecordedServer.Script patients) {
    server.does(
        (exchange, asked) -> {
          if (asked.line().contains("/Patient")) {
            patients.answer(exchange, asked);
          } else {
            RecordedServer.send(exchange, 200, NOBODY);
          }
        });
    return EnrichmentRoom.of("redox-fhir", server.url());
  }

  private EnrichmentRoom redoxAnswering(String patients) {
    return redoxAnswering((exchange, asked) -> RecordedServer.send(exchange, 200, patients));
  }

  private long patientQuestions() {
    return server.asked().stream().filter(asked -> asked.line().contains("/Patient")).count();
  }

  private static Throwable failure(EnrichmentRoom room) {
    return catchThrowable(() -> room.enrich(Said.lightweight(Said.MR + "|77")));
  }

  private static int contacts(EnrichmentRoom room, String... names) {
    return room.enrich(Said.lightweight(names)).patient().contactPoints().size();
  }

  @Test
  void aLinkWithARawBarIsFollowed() {
    String first = bundle(patient("p-1", Said.MR, "77"), "Patient?identifier=a|77&page=2");
    try (EnrichmentRoom room =
        redoxAnswering(
            (exchange, asked) ->
                RecordedServer.send(
                    exchange, 200, asked.line().contains("page=2") ? NOBODY : first))) {
      assertThat(contacts(room, Said.MR + "|77")).isEqualTo(1);
    }
    assertThat(patientQuestions()).isEqualTo(2);
  }

  @Test
  void linksThatLeadInACircleAreLeftAfterTenPages() {
    try (EnrichmentRoom room =
        redoxAnswering(bundle(patient("p-1", Said.MR, "77"), "Patient?page=2"))) {
      assertThat(contacts(room, Said.MR + "|77")).isEqualTo(1);
    }
    assertThat(patientQuestions()).isEqualTo(10);
  }

  @Test
  void entriesWithoutResourceAndResourcesOfOtherTypesAreNoMatches() {
    String entries =
        "{},{\"fullUrl\":\"x\"},{\"resource\":{\"resourceType\":\"Practitioner\",\"id\":\"p\"}},"
            + patient("p-1", Said.MR, "77");
    try (EnrichmentRoom room = redoxAnswering(bundle(entries, ""))) {
      assertThat(contacts(room, Said.MR + "|77")).isEqualTo(1);
    }
  }

  @Test
  void theSameNumberOfAnotherSystemIsSomebodyElseAndTheNextNameIsTried() {
    try (EnrichmentRoom room =
        redoxAnswering(
            (exchange, asked) ->
                RecordedServer.send(
                    exchange,
                    200,
                    bundle(
                        asked.body().contains("88")
                            ? patient("p-2", Said.MR, "88")
                            : patient("p-1", "urn:redox:elsewhere:MR", "77"),
                        "")))) {
      AppointmentNotice notice = room.enrich(Said.lightweight("urn:a|77", Said.MR + "|88"));

      assertThat(notice.patient().contactPoints())
          .singleElement()
          .satisfies(point -> assertThat(point.value()).isEqualTo("p-2@example.org"));
    }
  }

  @Test
  void anAppointmentThatBearsAnotherNumberIsNotBelieved() {
    String other =
        "{\"resource\":{\"resourceType\":\"Appointment\",\"id\":\"a\",\"status\":\"booked\","
            + "\"identifier\":[{\"system\":\"urn:redox:VIS\",\"value\":\"999\"}],"
            + "\"participant\":[{\"actor\":{\"reference\":\"Location/l\",\"display\":\"Room 9\"}}]}}";
    server.does(
        (exchange, asked) ->
            RecordedServer.send(
                exchange, 200, asked.line().contains("/Appointment") ? bundle(other, "") : NOBODY));
    try (EnrichmentRoom room = EnrichmentRoom.of("redox-fhir", server.url())) {
      Details details = room.enrich(Said.lightweight(Said.MR + "|77")).details();
      assertThat(details.location()).isNull();
    }
  }

  @Test
  void numbersAsTextAndTextAsNumbersAreRead() {
    String odd =
        patient("p-1", Said.MR, "77")
            .replace("\"value\":\"77\"", "\"value\":77")
            .replace("\"system\":\"email\"", "\"rank\":\"2\",\"system\":\"email\"");
    try (EnrichmentRoom room = redoxAnswering(bundle(odd, ""))) {
      assertThat(contacts(room, Said.MR + "|77")).isEqualTo(1);
    }
  }

  @Test
  void wrongTypesAnywhereAreReadOrOfNoUseAndNothingElse() {
    String good = bundle(patient("p-1", Said.MR, "77"), "");
    for (String part :
        List.of("[{\"system\":\"email\",\"value\":\"p-1@example.org\"}]", "\"p-1\"")) {
      for (String junk : List.of("7", "true", "null", "\"x\"", "{}", "[]", "[[[]]]", "[null]")) {
        try (EnrichmentRoom room = redoxAnswering(good.replace(part, junk))) {
          Throwable failure = failure(room);
          if (failure != null) {
            assertThat(failure).describedAs(part + junk).isInstanceOf(UnusableAnswer.class);
          }
        }
      }
    }
  }

  @Test
  void whatIsNestedTooDeepIsOfNoUse() {
    for (int depth : new int[] {300, 900, 100_000}) {
      String extension =
          "{\"url\":\"x\",\"extension\":[".repeat(depth) + "{\"url\":\"y\"}" + "]}".repeat(depth);
      String deep =
          patient("p-1", Said.MR, "77")
              .replace("\"identifier\"", "\"extension\":[" + extension + "],\"identifier\"");
      try (EnrichmentRoom room = redoxAnswering(bundle(deep, ""))) {
        assertThat(failure(room)).describedAs("depth %d", depth).isInstanceOf(UnusableAnswer.class);
      }
    }
  }

  private static void packed(HttpExchange exchange, byte[] plain) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
      gzip.write(plain);
    }
    exchange.getResponseHeaders().set("Content-Encoding", "gzip");
    exchange.getResponseHeaders().set("Content-Type", "application/fhir+json");
    exchange.sendResponseHeaders(200, bytes.size());
    exchange.getResponseBody().write(bytes.toByteArray());
  }

  @Test
  void packedAnswersAreReadAndTheirUnpackedSizeCounts() {
    byte[] good = bundle(patient("p-1", Said.MR, "77"), "").getBytes(UTF_8);
    try (EnrichmentRoom room = redoxAnswering((exchange, asked) -> packed(exchange, good))) {
      assertThat(contacts(room, Said.MR + "|77")).isEqualTo(1);
    }
    try (EnrichmentRoom room =
        redoxAnswering((exchange, asked) -> packed(exchange, new byte[64 << 20]))) {
      assertThat(failure(room))
          .isInstanceOf(UnusableAnswer.class)
          .hasMessageContaining("at most 10 MB");
    }
  }

  @Test
  void anUnknownCharsetIsReadOrOfNoUse() {
    String good = bundle(patient("p-1", Said.MR, "77"), "");
    try (EnrichmentRoom room =
        redoxAnswering(
            (exchange, asked) ->
                RecordedServer.send(exchange, 200, "application/fhir+json;charset=junk", good))) {
      Throwable failure = failure(room);
      if (failure != null) {
        assertThat(failure).isInstanceOf(UnusableAnswer.class);
      }
    }
  }

  @Test
  void aPauseMayBeADate() {
    String date =
        DateTimeFormatter.RFC_1123_DATE_TIME.format(
            ZonedDateTime.now(ZoneOffset.UTC).plusMinutes(2));
    try (EnrichmentRoom room =
        redoxAnswering(
            (exchange, asked) -> {
              exchange.getResponseHeaders().set("Retry-After", date);
              RecordedServer.send(exchange, 429, "");
            })) {
      assertThat(((OtherEndUnavailable) failure(room)).retryAfter())
          .isBetween(Duration.ofSeconds(100), Duration.ofSeconds(120));
    }
  }

  @Test
  void thePauseThatATokenServerAsksForHoldsForAll() {
    server.does(
        (exchange, asked) -> {
          exchange.getResponseHeaders().set("Retry-After", "120");
          RecordedServer.send(exchange, 429, "");
        });
    Settings.Fhir settings =
        new Settings.Fhir(
            server.url(), server.url().resolve("/token"), "us", null, null, "hush", null, null, 4);
    try (EnrichmentRoom room = EnrichmentRoom.of("redox-fhir", settings)) {
      for (int i = 0; i < 3; i++) {
        assertThat(failure(room)).isInstanceOf(OtherEndUnavailable.class);
      }
    }
    assertThat(server.asked()).hasSize(1);
  }

  @Test
  void refusedQuestionsDoNotSpareTheServer() {
    server.answers(403, "");
    try (EnrichmentRoom room = EnrichmentRoom.of("redox-fhir", server.url())) {
      for (int i = 0; i < 12; i++) {
        assertThat(failure(room)).isInstanceOf(UnusableAnswer.class);
      }
      assertThat(server.asked()).hasSize(12);
      assertThat(room.servers.health().get(0).serving()).isTrue();
    }
  }

  @Test
  void whoWaitsForAnAnswerSharesItsFailureAndTheNextAsksAgain() throws Exception {
    AtomicInteger asked = new AtomicInteger();
    CountDownLatch all = new CountDownLatch(1);
    Coalesced<String> coalesced =
        new Coalesced<>(Duration.ofMinutes(1), java.time.Clock.systemUTC());
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try {
      CompletableFuture<Throwable> first =
          CompletableFuture.supplyAsync(
              () ->
                  catchThrowable(
                      () ->
                          coalesced.get(
                              "q",
                              () -> {
                                asked.incrementAndGet();
                                await(all);
                                throw new OtherEndUnavailable("gone");
                              })),
              threads);
      while (asked.get() == 0) {
        Thread.onSpinWait();
      }
      CompletableFuture<Throwable> second =
          CompletableFuture.supplyAsync(
              () -> catchThrowable(() -> coalesced.get("q", () -> List.of("mine"))), threads);
      all.countDown();

      assertThat(first.get(30, TimeUnit.SECONDS)).isInstanceOf(OtherEndUnavailable.class);
      // Whether it came in time to share the failure or asked itself is a matter of luck.
      Throwable shared = second.get(30, TimeUnit.SECONDS);
      assertThat(shared == null || shared instanceof OtherEndUnavailable).isTrue();
      assertThat(coalesced.get("r", () -> List.of("fresh"))).containsExactly("fresh");
    } finally {
      threads.shutdownNow();
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void headersThatDripAreCut() throws Exception {
    try (ServerSocket dripping = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
        Connections connections = new Connections(1, Duration.ofMillis(500))) {
      Thread drip = new Thread(() -> drip(dripping));
      drip.setDaemon(true);
      drip.start();
      HttpGet request =
          new HttpGet(URI.create("http://127.0.0.1:" + dripping.getLocalPort() + "/"));
      long began = System.nanoTime();

      assertThat(catchThrowable(() -> connections.client(network -> network).execute(request)))
          .isInstanceOf(IOException.class);
      assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(10));
    }
  }

  private static void drip(ServerSocket server) {
    try (Socket socket = server.accept()) {
      socket.getOutputStream().write("HTTP/1.1 200 OK\r\nX-Slow: ".getBytes(UTF_8));
      while (true) {
        socket.getOutputStream().write('a');
        socket.getOutputStream().flush();
        LockSupport.parkNanos(50_000_000);
      }
    } catch (IOException cut) {
      Thread.currentThread().interrupt();
    }
  }
}
