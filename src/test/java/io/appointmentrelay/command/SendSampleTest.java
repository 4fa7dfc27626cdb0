package io.appointmentrelay.command;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpServer;
import io.appointmentrelay.intake.reply.TwilioSignature;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SendSampleTest {
  private static final String SECRET = "do-not-print-me";

  private record Posted(String path, Headers headers, String body) {}

  private final List<Posted> posted = new CopyOnWriteArrayList<>();
  private final StringWriter printed = new StringWriter();
  private final SendSample command =
      new SendSample(Clock.systemUTC(), URI.create("http://127.0.0.1:9876"));
  private HttpServer relay;
  private int answer = 200;

  @BeforeEach
  void listen() throws IOException {
    relay = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    relay.createContext(
        "/",
        exchange -> {
          String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
          posted.add(
              new Posted(exchange.getRequestURI().getPath(), exchange.getRequestHeaders(), body));
          exchange.sendResponseHeaders(answer, -1);
          exchange.close();
        });
    relay.start();
  }

  @AfterEach
  void stop() {
    relay.stop(0);
  }

  @Test
  void withoutANameItListsWhatThereIs() {
    assertThat(run(null, false)).isZero();

    assertThat(printed.toString()).contains("canvas/created", "redox-fhir/booked-detailed");
    assertThat(printed.toString().lines()).hasSize(Samples.shipped().all().size() + 1);
    assertThat(posted).isEmpty();
  }

  @Test
  void asRedoxItShowsTheTokenInBothHeaders() {
    assertThat(run("redox-fhir/booked", false)).isZero();

    Posted request = posted.get(0);
    assertThat(request.path()).isEqualTo("/webhooks/redox-fhir");
    assertThat(request.headers().getFirst("Authorization")).isEqualTo("Bearer " + SECRET);
    assertThat(request.headers().getFirst("verification-token")).isEqualTo(SECRET);
    assertThat(request.body()).doesNotContain("2022-06-06");
    assertThat(printed.toString())
        .contains("200", "http://127.0.0.1:9876/api/sandbox/messages")
        .doesNotContain(SECRET);
  }

  @Test
  void asCanvasItShowsTheTokenOnce() {
    run("canvas/created", false);

    assertThat(posted.get(0).path()).isEqualTo("/webhooks/canvas");
    assertThat(posted.get(0).headers()).doesNotContainKey("Verification-token");
  }

  @Test
  void asAPhoneItSignsAsTheGatewayDoesAndTellsEachTimeApart() {
    assertThat(run("sms/confirm", false)).isZero();
    assertThat(run("sms/confirm", false)).isZero();

    Posted request = posted.get(0);
    assertThat(request.path()).isEqualTo("/webhooks/sms");
    assertThat(request.headers().getFirst("X-Twilio-Signature"))
        .isEqualTo(
            TwilioSignature.of(SECRET, base() + "webhooks/sms", request.body().getBytes(UTF_8))
                .orElseThrow());
    assertThat(request.headers()).doesNotContainKey("Authorization");
    assertThat(request.body()).endsWith("Body=C").isNotEqualTo(posted.get(1).body());
    assertThat(printed.toString()).doesNotContain(SECRET);
  }

  @Test
  void asIsTheBytesAreThoseOfTheFile() {
    run("redox-fhir/booked", true);

    assertThat(posted.get(0).body())
        .isEqualTo(
            new String(Samples.shipped().named("redox-fhir/booked").orElseThrow().body(), UTF_8));
  }

  @Test
  void allAreSentInTheOrderOfALife() {
    assertThat(run("all", false)).isZero();

    assertThat(posted)
        .hasSameSizeAs(Samples.shipped().all().stream().filter(one -> !one.isReply()).toList());
    assertThat(posted.get(1).body()).contains("ModifiedBundle");
    assertThat(posted.get(3).body()).contains("CanceledBundle");
  }

  @Test
  void anUnknownNameIsAnsweredWithTheList() {
    assertThat(run("canvas/booked", false)).isEqualTo(2);

    assertThat(printed.toString()).contains("\"canvas/booked\"", "canvas/created");
    assertThat(posted).isEmpty();
  }

  @Test
  void aWrongTokenEndsItWithTheSettingToCorrect() {
    answer = 401;

    assertThat(run("all", false)).isEqualTo(1);

    assertThat(posted).hasSize(1);
    assertThat(printed.toString())
        .contains("401", "relay.source.redox-fhir.token")
        .doesNotContain(SECRET);
  }

  @Test
  void noRelayIsSaidClearly() {
    URI nobody = base();
    relay.stop(0);

    int status = command.run("canvas/created", nobody, any -> SECRET, false, out());

    assertThat(status).isEqualTo(1);
    assertThat(printed.toString()).contains("nothing listens there", "--url");
  }

  @Test
  void aTokenThatNoHeaderCanCarryIsNotPrinted() {
    int status = command.run("canvas/created", base(), any -> SECRET + "\n", false, out());

    assertThat(status).isEqualTo(1);
    assertThat(printed.toString()).contains("relay.source.canvas.token").doesNotContain(SECRET);
  }

  private int run(String name, boolean asIs) {
    return command.run(name, base(), any -> SECRET, asIs, out());
  }

  private URI base() {
    return URI.create("http://127.0.0.1:" + relay.getAddress().getPort() + "/");
  }

  private PrintWriter out() {
    return new PrintWriter(printed);
  }
}
