package io.appointmentrelay.acceptance;

import static io.appointmentrelay.acceptance.RunningRelay.ask;
import static io.appointmentrelay.acceptance.RunningRelay.request;
import static org.assertj.core.api.Assertions.assertThat;

import io.appointmentrelay.intake.Notifications;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;

/** A source that sends more than it may. */
class RateTest {

  private static final byte[] CREATED = Notifications.bytes("canvas/created");

  @Test
  void whatIsOverTheRateIsToldToComeBackAndNotKept() {
    try (RunningRelay relay = RunningRelay.with("relay.source.canvas.rate", "3/PT1H").start()) {
      for (int i = 0; i < 5; i++) {
        assertThat(ask(request(relay.webhook("canvas")).POST(BodyPublishers.noBody()).build()))
            .extracting(HttpResponse::statusCode)
            .as("a stranger uses up nothing")
            .isEqualTo(401);
      }
      for (int i = 0; i < 3; i++) {
        assertThat(relay.post("canvas", CREATED)).isEqualTo(200);
      }

      HttpResponse<String> over = ask(relay.notification("canvas", CREATED));

      assertThat(over.statusCode()).isEqualTo(503);
      assertThat(over.body()).contains("relay.source.canvas.rate", "not kept");
      assertThat(Integer.parseInt(over.headers().firstValue("Retry-After").orElse("0")))
          .isBetween(1_190, 1_201);
      assertThat(relay.askConsole("/observe/metrics").body())
          .contains(
              "relay_http_limited_total{source=\"canvas\"} 1.0",
              "relay_inbox_received_total{source=\"canvas\"} 3.0");
      assertThat(relay.post("redox-fhir", Notifications.bytes("redox-fhir/booked"))).isEqualTo(200);
      relay.awaitIdleInbox();
      relay.assertAccountedFor();
    }
  }
}
