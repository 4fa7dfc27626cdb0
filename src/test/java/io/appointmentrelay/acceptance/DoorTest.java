package io.appointmentrelay.acceptance;

import static io.appointmentrelay.acceptance.RunningRelay.TOKEN;
import static io.appointmentrelay.acceptance.RunningRelay.ask;
import static io.appointmentrelay.acceptance.RunningRelay.request;
import static io.appointmentrelay.acceptance.RunningRelay.texts;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.appointmentrelay.acceptance.RawHttp.Answer;
import io.appointmentrelay.intake.Notifications;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What strangers, senders and broken clients are answered at the public port. */
class DoorTest {

  private static final int LIMIT = 16 << 20;
  private static final byte[] CREATED = Notifications.bytes("canvas/created");
  private static final String BEARER = "Authorization: Bearer " + TOKEN;

  private static RunningRelay relay;

  @BeforeAll
  static void start() {
    relay =
        RunningRelay.with("relay.source.rotating.kind", "canvas")
            .set("relay.source.rotating.token", "old-token, new-token")
            .routes(RoutesCopy.withSource("rotating"))
            .start();
  }

  @AfterAll
  static void stop() {
    relay.assertAccountedFor();
    relay.close();
  }

  // --- who may speak

  @Test
  void theTokenIsTakenFromEitherHeader() {
    assertThat(post("canvas", "Authorization", "Bearer " + TOKEN)).isEqualTo(200);
    assertThat(post("canvas", "Authorization", "bearer " + TOKEN)).isEqualTo(200);
    assertThat(post("canvas", "Authorization", TOKEN)).isEqualTo(200);
    assertThat(post("canvas", "verification-token", TOKEN)).isEqualTo(200);
    assertThat(post("canvas", "Authorization", "Bearer " + TOKEN, "Verification-Token", TOKEN))
        .isEqualTo(200);
  }

  @Test
  void headersThatDisagreeAreRefusedAndNothingIsKept() {
    int before = relay.notifications().size();

    assertThat(post("canvas", "Authorization", "Bearer " + TOKEN, "verification-token", "another"))
        .isEqualTo(401);
    assertThat(post("canvas", "Authorization", "Bearer another", "verification-token", TOKEN))
        .isEqualTo(401);
    // Each is accepted alone; a sender in the middle of rotation shows the same twice.
    assertThat(
            post(
                "rotating", "Authorization", "Bearer old-token", "verification-token", "new-token"))
        .isEqualTo(401);
    assertThat(relay.notifications()).hasSize(before);
  }

  @Test
  void bothTokensAreAcceptedWhileOneIsReplaced() {
    assertThat(post("rotating", "Authorization", "Bearer old-token")).isEqualTo(200);
    assertThat(post("rotating", "verification-token", "new-token")).isEqualTo(200);
    assertThat(post("rotating", "Authorization", "Bearer old-token, new-token")).isEqualTo(401);
    assertThat(post("rotating", "Authorization", "Bearer " + TOKEN)).isEqualTo(401);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Authorization: Bearer wrong",
        "Authorization: Bearer",
        "Authorization: ",
        "Authorization: Basic c2FuZGJveC10b2tlbg==",
        "Authorization: Bearer sandbox-toke",
        "Authorization: Bearer sandbox-tokenn",
        "Authorization: Bearer SANDBOX-TOKEN",
        "verification-token: ",
        "verification-token: null",
        "X-Verification-Token: sandbox-token",
        "Cookie: verification-token=sandbox-token",
      })
  void aWrongOrMissingTokenIsRefused(String header) {
    int before = relay.notifications().size();
    try (RawHttp http = open()) {
      Answer answer = http.lines(head("canvas", CREATED.length, header)).bytes(CREATED).answer();

      assertThat(answer.status()).isEqualTo(401);
      assertThat(answer.body()).doesNotContain(TOKEN).doesNotContain("wrong");
    }
    assertThat(relay.notifications()).hasSize(before);
  }

  @Test
  void theTokenInTheQueryOpensNothingButTheHandshake() {
    assertThat(
            ask(request(relay.webhook("canvas?verification-token=" + TOKEN))
                    .POST(BodyPublishers.ofByteArray(CREATED))
                    .build())
                .statusCode())
        .isEqualTo(401);
  }

  @Test
  void aStrangersLargeBodyIsRefusedBeforeItIsRead() {
    try (RawHttp http = open()) {
      Answer answer =
          http.lines(head("canvas", 1 << 30, "Authorization: Bearer wrong"))
              .bytes(new byte[5_000])
              .answer();

      assertThat(answer.status()).isEqualTo(401);
      assertThat(http.isClosed()).isTrue();
    }
  }

  @Test
  void aStrangersLargeBodyInChunksIsRefusedWithTheFirstOfThem() {
    try (RawHttp http = open()) {
      http.lines("POST /webhooks/canvas HTTP/1.1", "Host: x", "Transfer-Encoding: chunked", "");
      Answer answer = http.lines("1400").bytes(new byte[0x1400]).lines("").answer();

      assertThat(answer.status()).isEqualTo(401);
      assertThat(http.isClosed()).isTrue();
    }
  }

  @Test
  void aStrangerWhoExpectsToBeAskedIsNotAsked() {
    try (RawHttp http = open()) {
      Answer answer = http.lines(head("canvas", 5_000, "Expect: 100-continue")).answer();

      assertThat(answer.status()).isEqualTo(401);
    }
  }

  // --- handshakes

  @ParameterizedTest
  @ValueSource(strings = {"redox-fhir", "redox-scheduling"})
  void redoxVerifiesAnEndpointInThreeWays(String source) {
    int before = relay.notifications().size();
    String body = "{\"verification-token\":\"" + TOKEN + "\",\"challenge\":\"c-1%<>é\"}";
    HttpResponse<String> posted =
        ask(request(relay.webhook(source)).POST(BodyPublishers.ofString(body)).build());
    HttpResponse<String> byQuery =
        ask(
            request(relay.webhook(source + "?challenge=c%2D2%20x&verification-token=" + TOKEN))
                .build());
    HttpResponse<String> byHeader =
        ask(
            request(relay.webhook(source + "?challenge=c-3"))
                .header("verification-token", TOKEN)
                .build());

    assertChallenge(posted, "c-1%<>é");
    assertChallenge(byQuery, "c-2 x");
    assertChallenge(byHeader, "c-3");
    assertThat(relay.notifications()).hasSize(before);
  }

  private static void assertChallenge(HttpResponse<String> answer, String challenge) {
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("content-type").orElse("")).startsWith("text/plain");
    assertThat(answer.body()).isEqualTo(challenge);
  }

  @ParameterizedTest
  @ValueSource(strings = {"redox-fhir", "redox-scheduling"})
  void aHandshakeWithAWrongTokenIsRefused(String source) {
    String body = "{\"verification-token\":\"wrong\",\"challenge\":\"c\"}";
    assertThat(
            ask(request(relay.webhook(source)).POST(BodyPublishers.ofString(body)).build())
                .statusCode())
        .isEqualTo(401);
    for (String query :
        List.of(
            "?challenge=c",
            "?challenge=c&verification-token=wrong",
            "?challenge=&verification-token=" + TOKEN)) {
      assertThat(ask(request(relay.webhook(source + query)).build()).statusCode())
          .describedAs(query)
          .isEqualTo(401);
    }
    assertThat(
            ask(request(relay.webhook(source + "?challenge=c&verification-token=" + TOKEN))
                    .header("Authorization", "Bearer wrong")
                    .build())
                .statusCode())
        .isEqualTo(401);
  }

  @Test
  void canvasHasNoHandshake() {
    try (RawHttp http = open()) {
      Answer answer =
          http.lines("GET /webhooks/canvas?challenge=c HTTP/1.1", "Host: x", BEARER, "").answer();

      assertThat(answer.status()).isEqualTo(405);
      assertThat(answer.headers()).containsEntry("allow", "POST");
    }
    String body = "{\"verification-token\":\"" + TOKEN + "\",\"challenge\":\"c\"}";
    assertThat(
            ask(request(relay.webhook("canvas")).POST(BodyPublishers.ofString(body)).build())
                .statusCode())
        .isEqualTo(401);
  }

  @Test
  void aQueryThatCannotBeDecodedIsNoChallenge() {
    try (RawHttp http = open()) {
      Answer answer =
          http.lines("GET /webhooks/redox-fhir?challenge=%zz&x=%E0 HTTP/1.1", "Host: x", BEARER, "")
              .answer();

      assertThat(answer.status()).isIn(400, 401, 405);
    }
    assertThat(post("canvas", "Authorization", "Bearer " + TOKEN)).isEqualTo(200);
  }

  // --- addresses and methods

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/",
        "/webhooks",
        "/webhooks/",
        "/webhooks/nobody",
        "/webhooks/canvas/",
        "/webhooks/canvas/x",
        "/webhooks/Canvas",
        "/webhooks//canvas",
        "/webhooks/../api/notifications",
        "/api/notifications",
        "/observe/health",
        "/sandbox/webhook",
        "/webhooks/parked",
        "/webhooks/canvas%00",
      })
  void otherAddressesAreUnknown(String path) {
    try (RawHttp http = open()) {
      assertThat(
              http.lines("POST " + path + " HTTP/1.1", "Host: x", BEARER, "Content-Length: 0", "")
                  .answer()
                  .status())
          .isEqualTo(404);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET", "HEAD", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "FOO"})
  void otherMethodsAreRefusedAndTheRightOneNamed(String method) {
    try (RawHttp http = open()) {
      Answer answer =
          http.lines(method + " /webhooks/redox-fhir HTTP/1.1", "Host: x", BEARER, "").answer();

      assertThat(answer.status()).isEqualTo(405);
      assertThat(answer.headers()).containsEntry("allow", "POST");
    }
  }

  // --- sizes

  @Test
  void sixteenMegabytesAreTakenAndOneByteMoreIsNot() {
    byte[] body = filled(LIMIT);
    assertThat(relay.post("canvas", body)).isEqualTo(200);
    String id = relay.lastNotification().path("id").asText();
    assertThat(relay.keptBytes(id)).isEqualTo(body);
    relay.awaitIdleInbox();

    int before = relay.notifications().size();
    assertThat(relay.post("canvas", filled(LIMIT + 1))).isEqualTo(413);
    assertThat(relay.notifications()).hasSize(before);
  }

  @Test
  void theLimitHoldsForChunksToo() {
    byte[] body = filled(LIMIT + 1);
    assertThat(postInChunks(Arrays.copyOf(body, LIMIT))).isEqualTo(200);
    int before = relay.notifications().size();
    assertThat(postInChunks(body)).isEqualTo(413);
    assertThat(relay.notifications()).hasSize(before);
  }

  private static int postInChunks(byte[] body) {
    return ask(request(relay.webhook("canvas"))
            .header("Authorization", "Bearer " + TOKEN)
            .POST(
                BodyPublishers.fromPublisher(
                    BodyPublishers.ofInputStream(() -> new java.io.ByteArrayInputStream(body))))
            .build())
        .statusCode();
  }

  @Test
  void anAnnouncedExcessIsRefusedBeforeItIsSent() {
    try (RawHttp http = open()) {
      assertThat(http.lines(head("canvas", LIMIT + 1, BEARER)).answer().status()).isEqualTo(413);
      assertThat(http.isClosed()).isTrue();
    }
  }

  // --- whatever is sent is kept

  @ParameterizedTest
  @ValueSource(
      strings = {
        "application/json",
        "application/json; charset=utf-99-nonsense",
        "text/plain; charset=utf-16",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "multipart/form-data",
        "image/png",
        ";;;,,,",
        "",
      })
  void everyContentTypeIsKeptByteForByte(String type) {
    byte[] body = "a=b&c=%41+d&{\"é\":\r\n\t--x\0\u00ff}".getBytes(ISO_8859_1);
    try (RawHttp http = open()) {
      assertThat(
              http.lines(head("canvas", body.length, BEARER, "Content-Type: " + type))
                  .bytes(body)
                  .answer()
                  .status())
          .isEqualTo(200);
    }
    String id = relay.lastNotification().path("id").asText();
    assertThat(relay.keptBytes(id)).isEqualTo(body);
    assertThat(relay.api("/api/notifications/" + id).path("body").asText())
        .isEqualTo(new String(body, UTF_8));
  }

  @Test
  void aCompressedBodyIsKeptAsItIs() {
    byte[] body = new byte[300];
    new Random(1).nextBytes(body);
    try (RawHttp http = open()) {
      assertThat(
              http.lines(head("canvas", body.length, BEARER, "Content-Encoding: gzip"))
                  .bytes(body)
                  .answer()
                  .status())
          .isEqualTo(200);
    }
    assertThat(relay.keptBytes(relay.lastNotification().path("id").asText())).isEqualTo(body);
  }

  @Test
  void anEmptyBodyIsKeptAndParked() {
    assertThat(relay.post("canvas", new byte[0])).isEqualTo(200);
    relay.awaitIdleInbox();
    assertThat(relay.lastNotification().path("status").asText()).isEqualTo("parked");
    try (RawHttp http = open()) {
      assertThat(
              http.lines("POST /webhooks/canvas HTTP/1.1", "Host: x", BEARER, "").answer().status())
          .isEqualTo(200);
    }
  }

  @Test
  void orderingHeadersOfASenderReachNoChannel() {
    byte[] body = Coming.booked("door-1", 3);
    try (RawHttp http = open()) {
      int status =
          http.lines(
                  head(
                      "redox-scheduling",
                      body.length,
                      BEARER,
                      "To: thief@example.org",
                      "Cc: thief@example.org",
                      "Bcc: thief@example.org",
                      "Subject: stolen",
                      "From: thief@example.org",
                      "CamelHttpUri: http://127.0.0.1:1/stolen",
                      "CamelHttpMethod: DELETE",
                      "CamelHttpPath: /stolen",
                      "CamelHttpQuery: stolen=1",
                      "CamelFileName: ../../stolen",
                      "CamelHttpResponseCode: 500",
                      "AppointmentProviderId: stolen",
                      "webhook-id: stolen"))
              .bytes(body)
              .answer()
              .status();
      assertThat(status).isEqualTo(200);
    }
    relay.awaitIdleInbox();
    relay.awaitIdleOutbox();

    List<String> everything = new ArrayList<>();
    List<String> recipients = new ArrayList<>();
    for (String channel : List.of("email", "sms", "webhook")) {
      assertThat(relay.messages(channel)).isNotEmpty();
      everything.add(relay.messages(channel).toString());
      recipients.addAll(texts(relay.messages(channel), "to"));
    }
    everything.add(relay.deliveries().toString());
    assertThat(String.join("\n", everything)).doesNotContain("stolen").doesNotContain("thief");
    assertThat(recipients).isSubsetOf(Coming.EMAIL, Coming.PHONE, "/sandbox/webhook");
  }

  // --- protocol

  @Test
  void whoExpectsToBeAskedIsAsked() {
    try (RawHttp http = open()) {
      http.lines(head("canvas", CREATED.length, BEARER, "Expect: 100-continue"));
      assertThat(http.answer().status()).isEqualTo(100);
      assertThat(http.bytes(CREATED).answer().status()).isEqualTo(200);
    }
  }

  @Test
  void pipelinedNotificationsAreAnsweredInOrder() {
    int before = relay.notifications().size();
    try (RawHttp http = open()) {
      for (int i = 0; i < 20; i++) {
        http.lines(head("canvas", CREATED.length, BEARER)).bytes(CREATED);
      }
      http.lines("GET /webhooks/redox-fhir?challenge=last HTTP/1.1", "Host: x", BEARER, "");
      for (int i = 0; i < 20; i++) {
        assertThat(http.answer().status()).isEqualTo(200);
      }
      assertThat(http.answer().body()).isEqualTo("last");
    }
    assertThat(relay.notifications()).hasSize(before + 20);
  }

  @Test
  void afterARefusalTheRestOfTheConnectionIsNotRead() {
    int before = relay.notifications().size();
    try (RawHttp http = open()) {
      // The refused body holds a request that would be accepted if it were read as one.
      String hidden = String.join("\r\n", head("canvas", 2, BEARER)) + "\r\n{}";
      http.lines(head("canvas", hidden.length(), "Authorization: Bearer wrong"));
      http.text(hidden);
      assertThat(http.answer().status()).isEqualTo(401);
      http.lines(head("nobody", hidden.length(), BEARER)).text(hidden);
      assertThat(http.answer().status()).isIn(404, 0);
    }
    assertThat(relay.notifications()).hasSize(before);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          Content-Length: 4     | Transfer-Encoding: chunked
          Transfer-Encoding: chunked | Content-Length: 4
          Content-Length: 4     | Content-Length: 5
          Content-Length: 4     | Transfer-Encoding: chunked, identity
          Content-Length: 4     | Transfer-Encoding : chunked
          Content-Length: +4    | X: y
          Content-Length: 4, 5  | X: y
          Content-Length: -1    | X: y
          Content-Length: 0x4   | X: y
          Content-Length: 99999999999999999999 | X: y
          Transfer-Encoding: xchunked | X: y
          """)
  void twoReadingsOfOneRequestAreNeverBothTaken(String first, String second) {
    int before = relay.notifications().size();
    int taken = 0;
    try (RawHttp http = open()) {
      http.lines("POST /webhooks/canvas HTTP/1.1", "Host: x", BEARER, first, second, "");
      String hidden = String.join("\r\n", head("canvas", 2, BEARER)) + "\r\n[]";
      http.text("0\r\n\r\n" + hidden);
      for (Answer answer = http.answer(); answer.status() != 0; answer = http.answer()) {
        taken += answer.status() == 200 ? 1 : 0;
        if (answer.status() != 200) {
          assertThat(http.isClosed()).isTrue();
          break;
        }
      }
    }
    assertThat(taken).isLessThan(2);
    assertThat(relay.notifications().size() - before).isEqualTo(taken);
  }

  @ParameterizedTest
  @ValueSource(ints = {17, 64, 1_024})
  void aHeaderThatIsTooLongIsRefusedAndTheNextConnectionServed(int kilobytes) {
    try (RawHttp http = open()) {
      int status;
      try {
        status =
            http.lines(head("canvas", 2, BEARER, "X: " + "x".repeat(kilobytes << 10)))
                .text("{}")
                .answer()
                .status();
      } catch (java.io.UncheckedIOException closedMeanwhile) {
        status = 0;
      }
      assertThat(status).isIn(0, 400, 431);
    }
    assertThat(post("canvas", "Authorization", "Bearer " + TOKEN)).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "nonsense\r\n\r\n",
        "POST /webhooks/canvas\r\n\r\n",
        "POST  /webhooks/canvas  HTTP/9.9\r\n\r\n",
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003\r\n\r\n",
        "POST /webhooks/canvas HTTP/1.1\r\nHost: x\r\nA\u0000: b\r\n\r\n",
        "POST /webhooks/canvas HTTP/1.1\r\n: b\r\n\r\n",
      })
  void whatIsNoHttpEndsTheConnectionAndNothingElse(String said) {
    int before = relay.notifications().size();
    try (RawHttp http = open()) {
      assertThat(http.text(said).answer().status()).isNotEqualTo(200);
    }
    assertThat(relay.notifications()).hasSize(before);
    assertThat(post("canvas", "Authorization", "Bearer " + TOKEN)).isEqualTo(200);
  }

  @Test
  void httpOneZeroIsSpoken() {
    try (RawHttp http = open()) {
      Answer answer =
          http.lines(
                  "POST /webhooks/canvas HTTP/1.0", BEARER, "Content-Length: " + CREATED.length, "")
              .bytes(CREATED)
              .answer();

      assertThat(answer.status()).isEqualTo(200);
      assertThat(http.isClosed()).isTrue();
    }
  }

  @Test
  void aConnectionThatBreaksInTheMiddleLeavesNothing() {
    int before = relay.notifications().size();
    for (int i = 0; i < 20; i++) {
      try (RawHttp http = open()) {
        http.lines(head("canvas", 1_000, BEARER)).text("{\"half\":");
      }
    }
    assertThat(post("canvas", "Authorization", "Bearer " + TOKEN)).isEqualTo(200);
    assertThat(relay.notifications()).hasSize(before + 1);
  }

  @Test
  void manySlowSendersHoldNobodyUp() {
    List<RawHttp> slow = new ArrayList<>();
    try {
      for (int i = 0; i < 200; i++) {
        slow.add(open().lines(head("canvas", CREATED.length, BEARER)).text("{"));
      }
      for (int i = 0; i < 20; i++) {
        assertThat(post("canvas", "Authorization", "Bearer " + TOKEN)).isEqualTo(200);
      }
      byte[] rest = Arrays.copyOfRange(CREATED, 1, CREATED.length);
      slow.forEach(http -> http.bytes(rest));
      slow.forEach(http -> assertThat(http.answer().status()).isEqualTo(200));
    } finally {
      slow.forEach(RawHttp::close);
    }
  }

  private static RawHttp open() {
    return new RawHttp(relay.httpPort());
  }

  private static String[] head(String source, long length, String... headers) {
    List<String> lines = new ArrayList<>();
    lines.add("POST /webhooks/" + source + " HTTP/1.1");
    lines.add("Host: 127.0.0.1");
    lines.add("Content-Length: " + length);
    lines.addAll(List.of(headers));
    lines.add("");
    return lines.toArray(String[]::new);
  }

  private static int post(String source, String... headers) {
    HttpRequest.Builder request =
        request(relay.webhook(source)).POST(BodyPublishers.ofByteArray(CREATED));
    return ask(request.headers(headers).build()).statusCode();
  }

  private static byte[] filled(int size) {
    byte[] body = new byte[size];
    Arrays.fill(body, (byte) ' ');
    body[0] = '[';
    body[size - 1] = ']';
    return body;
  }
}
