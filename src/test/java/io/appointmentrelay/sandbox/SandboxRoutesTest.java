package io.appointmentrelay.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.AdviceWith;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Runs the files of routes/sandbox, with {@code direct:} in place of the HTTP door. */
class SandboxRoutesTest {
  private static final Path ROUTES = Path.of("routes", "sandbox");

  private final SandboxMessages messages = new SandboxMessages(Clock.systemUTC());
  private final DefaultCamelContext camel = new DefaultCamelContext();

  @BeforeEach
  void start() throws Exception {
    camel.getRegistry().bind("sandboxSmsGateway", new SandboxSmsGateway(messages));
    camel.getRegistry().bind("sandboxWebhookReceiver", new SandboxWebhookReceiver(messages));
    for (String route : new String[] {"sms-gateway", "webhook-receiver"}) {
      Path file = ROUTES.resolve(route + ".camel.yaml");
      PluginHelper.getRoutesLoader(camel)
          .loadRoutes(ResourceHelper.resolveResource(camel, "file:" + file));
      AdviceWith.adviceWith(camel, route, advice -> advice.replaceFromWith("direct:" + route));
    }
    camel.start();
  }

  @AfterEach
  void stop() {
    camel.stop();
  }

  @Test
  void aTextMessageIsKeptAndAnsweredAsTwilioDoes() throws Exception {
    Message answer =
        ask(
            "sms-gateway",
            "To=%2B16085550112&From=%2B16085550100&Body=Ma%C3%B1ana+a+las+9%3A+%C2%BFviene%3F");

    assertThat(answer.getHeader(Exchange.HTTP_RESPONSE_CODE)).isEqualTo(201);
    assertThat(answer.getHeader(Exchange.CONTENT_TYPE)).isEqualTo("application/json");
    JsonNode queued = json(answer);
    assertThat(queued.path("sid").asText()).matches("SM[0-9a-f]{32}");
    assertThat(queued.path("status").asText()).isEqualTo("queued");
    assertThat(queued.path("to").asText()).isEqualTo("+16085550112");
    assertThat(queued.path("error_code").isNull()).isTrue();

    SandboxMessage kept = messages.all("sms").get(0);
    assertThat(kept.text()).isEqualTo("Mañana a las 9: ¿viene?");
    assertThat(kept.to()).isEqualTo("+16085550112");
    assertThat(kept.from()).isEqualTo("+16085550100");
    assertThat(kept.id()).isEqualTo(queued.path("sid").asText());
  }

  @Test
  void theCallersHeadersAreNotSentBack() {
    Message answer = ask("sms-gateway", "To=%2B16085550112&From=Clinic&Body=Hello");

    assertThat(answer.getHeaders()).doesNotContainKey("Authorization").doesNotContainKey("account");
  }

  @Test
  void aTextMessageWithoutRecipientIsRefusedAndNotKept() throws Exception {
    Message answer = ask("sms-gateway", "From=Clinic&Body=Hello");

    assertThat(answer.getHeader(Exchange.HTTP_RESPONSE_CODE)).isEqualTo(400);
    assertThat(json(answer).path("code").asInt()).isEqualTo(21604);
    assertThat(json(answer).path("status").asInt()).isEqualTo(400);
    assertThat(json(answer).path("message").asText()).isNotEmpty();
    assertThat(messages.all(null)).isEmpty();
  }

  @Test
  void aTextMessageWithoutWordsOrSenderIsRefused() throws Exception {
    assertThat(json(ask("sms-gateway", "To=1&From=2")).path("code").asInt()).isEqualTo(21602);
    assertThat(json(ask("sms-gateway", "To=1&Body=2")).path("code").asInt()).isEqualTo(21603);
    assertThat(json(ask("sms-gateway", "")).path("code").asInt()).isEqualTo(21604);
    assertThat(json(ask("sms-gateway", null)).path("code").asInt()).isEqualTo(21604);
  }

  @Test
  void wrongEscapesAreKeptAsTheyAre() {
    ask("sms-gateway", "To=%2&From=Clinic&Body=100%");

    assertThat(messages.all("sms").get(0).text()).isEqualTo("100%");
  }

  @Test
  void aWebhookIsKeptWithItsHeaders() {
    Message answer = ask("webhook-receiver", "{\"type\":\"appointment.booked\"}");

    assertThat(answer.getHeader(Exchange.HTTP_RESPONSE_CODE)).isEqualTo(200);
    assertThat(answer.getBody(String.class)).isNotEmpty();
    SandboxMessage kept = messages.all("webhook").get(0);
    assertThat(kept.text()).isEqualTo("{\"type\":\"appointment.booked\"}");
    assertThat(kept.id()).isEqualTo("d-7");
    assertThat(kept.headers())
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "webhook-id", "d-7",
                "webhook-timestamp", "1767225600",
                "webhook-signature", "v1,abc="));
  }

  private Message ask(String route, String body) {
    try (ProducerTemplate producer = camel.createProducerTemplate()) {
      return producer
          .request(
              "direct:" + route,
              exchange -> {
                Message request = exchange.getMessage();
                request.setHeader("Authorization", "Basic c2VjcmV0");
                request.setHeader("account", "AC0");
                request.setHeader("Webhook-Id", "d-7");
                request.setHeader("webhook-timestamp", 1767225600L);
                request.setHeader("webhook-signature", "v1,abc=");
                request.setBody(body == null ? null : body.getBytes(StandardCharsets.UTF_8));
              })
          .getMessage();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static JsonNode json(Message answer) throws Exception {
    return new ObjectMapper().readTree(answer.getBody(String.class));
  }
}
