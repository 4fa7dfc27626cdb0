package io.appointmentrelay.acceptance;

import static io.appointmentrelay.acceptance.RunningRelay.TOKEN;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.appointmentrelay.acceptance.RawHttp.Answer;
import io.appointmentrelay.intake.Mutation;
import io.appointmentrelay.intake.Notifications;
import java.io.ByteArrayOutputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/**
 * Bytes of about a request's form at both ports, in pieces: each is answered with a status that is
 * promised, or the connection ends; who comes next is served. {@code mvn verify -Pfuzz} goes on for
 * longer.
 */
class HttpEdgeFuzzTest {

  private static final byte[] BODY = Notifications.bytes("canvas/created");
  private static final Set<Integer> PROMISED_TO_SENDERS =
      Set.of(0, 200, 400, 401, 404, 405, 408, 411, 413, 414, 417, 431, 501, 503, 505);
  private static final Set<Integer> PROMISED_TO_OPERATORS =
      Set.of(
          0, 200, 400, 401, 403, 404, 405, 406, 408, 409, 411, 413, 414, 415, 417, 431, 501, 505);
  private static final List<String> METHODS =
      List.of("POST", "POST", "POST", "GET", "HEAD", "PUT", "OPTIONS", "TRACE", "P\u0000ST", "");
  private static final List<String> SENDERS =
      List.of(
          "/webhooks/canvas",
          "/webhooks/redox-fhir",
          "/webhooks/redox-fhir?challenge=%00",
          "/webhooks/../webhooks/canvas",
          "//webhooks//canvas",
          "/webhooks/canvas%2f..",
          "/webhooks/%",
          "http://other.example/webhooks/canvas",
          "*",
          "/",
          "");
  private static final List<String> OPERATORS =
      List.of(
          "/api/notifications?limit=-1",
          "/api/notifications/1-1",
          "/api/appointments/canvas/%00",
          "/api/deliveries?status=%ff&after=%7b",
          "/api/deliveries/1/retry",
          "/api/texts/preview?text=booked&language=en&channel=sms",
          "/observe/metrics",
          "/../etc/passwd",
          "/%2e%2e/%2e%2e/etc/passwd",
          "/api/slots?from=x&to=y");
  private static final List<String> HEADERS =
      List.of(
          "Host: 127.0.0.1",
          "Host: evil.example",
          "Content-Length: 0",
          "Content-Length: 5",
          "Content-Length: -1",
          "Content-Length: 99999999999999999999",
          "Content-Length: +3",
          "Transfer-Encoding: chunked",
          "Transfer-Encoding: gzip, chunked",
          "Transfer-Encoding : chunked",
          "Expect: 100-continue",
          "Connection: upgrade",
          "Upgrade: h2c",
          "Content-Type: application/json",
          "Content-Type: \u00ff/\u0000",
          "Content-Encoding: gzip",
          "Authorization: Bearer " + TOKEN,
          "Authorization: Bearer wrong",
          "verification-token: " + TOKEN,
          "Origin: http://evil.example",
          " folded: yes",
          "no colon",
          ": nameless",
          "X: " + "y".repeat(9_000));

  private static final int EACH_TRY = 1;

  private static RunningRelay relay;

  @BeforeContainer
  static void start() {
    relay = RunningRelay.shipped().start();
  }

  @AfterContainer
  static void stop() {
    relay.assertAccountedFor();
    relay.close();
  }

  @Property
  void thePortForSendersAnswersAsPromisedOrCloses(@ForAll long seed) {
    for (int more = 0; more < EACH_TRY; more++) {
      hostile(relay.httpPort(), seed + more, SENDERS, PROMISED_TO_SENDERS);
    }
    if (seed % 16 == 0) {
      assertThat(relay.post("canvas", BODY)).isEqualTo(200);
    }
  }

  @Property
  void theConsoleAnswersAsPromisedOrCloses(@ForAll long seed) {
    for (int more = 0; more < EACH_TRY; more++) {
      hostile(relay.consolePort(), seed + more, OPERATORS, PROMISED_TO_OPERATORS);
    }
    if (seed % 16 == 0) {
      assertThat(relay.askConsole("/observe/health/live").statusCode()).isEqualTo(200);
    }
  }

  private static void hostile(int port, long seed, List<String> targets, Set<Integer> promised) {
    Random random = new Random(seed);
    byte[] request = request(random, targets);
    try (RawHttp connection = new RawHttp(port)) {
      int from = 0;
      while (from < request.length) {
        int to = Math.min(request.length, from + 1 + random.nextInt(request.length));
        connection.bytes(Arrays.copyOfRange(request, from, to));
        from = to;
      }
      connection.endOfWhatWeSay();
      Answer answer = connection.answer();
      while (answer.status() == 100) {
        answer = connection.answer();
      }
      assertThat(answer.status()).as(shown(request)).isIn(promised);
      assertThat(answer.body()).as(shown(request)).doesNotContain("\tat ", "Exception", "root:");
    } catch (UncheckedIOException closedWhileWeSpoke) {
      // As good as an answer to what is not HTTP.
    }
  }

  private static byte[] request(Random random, List<String> targets) {
    ByteArrayOutputStream request = new ByteArrayOutputStream();
    String version = random.nextInt(12) == 0 ? "HTTP/9.9" : "HTTP/1.1";
    List<String> lines = new ArrayList<>();
    lines.add(one(METHODS, random) + " " + one(targets, random) + " " + version);
    lines.add("Host: 127.0.0.1");
    for (int headers = random.nextInt(6); headers > 0; headers--) {
      lines.add(one(HEADERS, random));
    }
    byte[] body =
        random.nextBoolean() ? BODY : new Mutation(random.nextLong(), List.of(BODY)).of(BODY);
    if (random.nextInt(3) > 0) {
      lines.add("Content-Length: " + body.length);
      lines.add("Authorization: Bearer " + TOKEN);
    }
    String end = random.nextInt(10) == 0 ? "\n" : "\r\n";
    request.writeBytes((String.join(end, lines) + end + end).getBytes(ISO_8859_1));
    request.writeBytes(body);
    byte[] whole = request.toByteArray();
    for (int flips = random.nextInt(4) == 0 ? 1 + random.nextInt(4) : 0; flips > 0; flips--) {
      whole[random.nextInt(whole.length)] = (byte) random.nextInt(256);
    }
    return whole;
  }

  private static String one(List<String> some, Random random) {
    return some.get(random.nextInt(some.size()));
  }

  private static String shown(byte[] request) {
    return "A finding, to become a fixture: " + Base64.getEncoder().encodeToString(request);
  }
}
