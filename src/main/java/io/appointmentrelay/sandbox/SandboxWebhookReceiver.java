package io.appointmentrelay.sandbox;

import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Processor;

/**
 * Keeps every webhook with its {@code webhook-…} headers and answers 200. It verifies nothing: the
 * signature is there to be looked at.
 */
public final class SandboxWebhookReceiver implements Processor {

  private static final String STANDARD_WEBHOOKS = "webhook-";

  private final SandboxMessages messages;

  public SandboxWebhookReceiver(SandboxMessages messages) {
    this.messages = messages;
  }

  /** Keeps body and headers, and puts the answer into the exchange. */
  @Override
  public void process(Exchange exchange) {
    Message request = exchange.getMessage();
    String body = request.getBody(String.class);
    String address = request.getHeader(Exchange.HTTP_PATH, "/sandbox/webhook", String.class);
    Map<String, String> headers = webhookHeaders(request);
    messages.add(
        (number, at) ->
            new SandboxMessage(
                number,
                at,
                SandboxMessage.WEBHOOK,
                "",
                address,
                null,
                body == null ? "" : body,
                null,
                headers,
                headers.get("webhook-id")));
    Answer.put(exchange, 200, "text/plain", "kept\n");
  }

  private static Map<String, String> webhookHeaders(Message request) {
    Map<String, String> headers = new TreeMap<>();
    for (String name : request.getHeaders().keySet()) {
      String lowerCase = name.toLowerCase(Locale.ROOT);
      String value = request.getHeader(name, String.class);
      if (lowerCase.startsWith(STANDARD_WEBHOOKS) && value != null) {
        headers.put(lowerCase, value);
      }
    }
    return headers;
  }
}
