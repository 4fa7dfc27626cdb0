package io.appointmentrelay.sandbox;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.StringTokenizer;
import java.util.UUID;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.jspecify.annotations.Nullable;

/**
 * Answers as Twilio's Messages resource does, and keeps the text message instead of sending it.
 * Whoever asks is let in. A request without recipient, sender or text is answered 400 with Twilio's
 * error for it, and not kept.
 */
public final class SandboxSmsGateway implements Processor {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final SandboxMessages messages;

  public SandboxSmsGateway(SandboxMessages messages) {
    this.messages = messages;
  }

  /** Reads the form in the body, keeps it, and puts status and JSON answer into the exchange. */
  @Override
  public void process(Exchange exchange) throws Exception {
    if ("GET".equals(exchange.getMessage().getHeader(Exchange.HTTP_METHOD))) {
      list(exchange);
      return;
    }
    byte[] body = exchange.getMessage().getBody(byte[].class);
    Map<String, String> form = form(body == null ? new byte[0] : body);
    String to = form.getOrDefault("To", "");
    String from = form.getOrDefault("From", form.getOrDefault("MessagingServiceSid", ""));
    String text = form.getOrDefault("Body", "");
    ObjectNode refused = refusal(to, from, text);
    if (refused != null) {
      Answer.put(exchange, 400, "application/json", JSON.writeValueAsString(refused));
      return;
    }
    String sid = "SM" + UUID.randomUUID().toString().replace("-", "");
    messages.add(
        (number, at) ->
            new SandboxMessage(
                number, at, SandboxMessage.SMS, from, to, null, text, null, Map.of(), sid));
    ObjectNode queued = JsonNodeFactory.instance.objectNode();
    queued.put("sid", sid).put("status", "queued").put("to", to).put("from", from);
    queued.put("body", text).putNull("error_code").putNull("error_message");
    Answer.put(exchange, 201, "application/json", JSON.writeValueAsString(queued));
  }

  /** Lists what was kept, as Twilio does, to one number if one is asked for. */
  private void list(Exchange exchange) throws Exception {
    String query = exchange.getMessage().getHeader(Exchange.HTTP_QUERY, "", String.class);
    String to = form(query.getBytes(StandardCharsets.UTF_8)).getOrDefault("To", "");
    ObjectNode answer = JsonNodeFactory.instance.objectNode();
    ArrayNode list = answer.putArray("messages");
    for (SandboxMessage message : messages.all(SandboxMessage.SMS)) {
      if (to.isEmpty() || to.equals(message.to())) {
        ObjectNode one = list.addObject();
        one.put("sid", message.id()).put("to", message.to()).put("body", message.text());
        one.put("status", "delivered");
      }
    }
    Answer.put(exchange, 200, "application/json", JSON.writeValueAsString(answer));
  }

  private static @Nullable ObjectNode refusal(String to, String from, String text) {
    if (to.isBlank()) {
      return error(21604, "A 'To' phone number is required.");
    }
    if (from.isBlank()) {
      return error(21603, "A 'From' phone number or a 'MessagingServiceSid' is required.");
    }
    return text.isBlank() ? error(21602, "Message body is required.") : null;
  }

  private static ObjectNode error(int code, String message) {
    ObjectNode error = JsonNodeFactory.instance.objectNode();
    error.put("code", code).put("message", message).put("status", 400);
    return error.put("more_info", "https://www.twilio.com/docs/errors/" + code);
  }

  private static Map<String, String> form(byte[] body) {
    Map<String, String> fields = new HashMap<>();
    StringTokenizer pairs = new StringTokenizer(new String(body, StandardCharsets.UTF_8), "&");
    while (pairs.hasMoreTokens()) {
      String pair = pairs.nextToken();
      int equals = pair.indexOf('=');
      if (equals > 0) {
        fields.put(decoded(pair.substring(0, equals)), decoded(pair.substring(equals + 1)));
      }
    }
    return fields;
  }

  private static String decoded(String value) {
    try {
      return URLDecoder.decode(value, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException wronglyEscaped) {
      return value;
    }
  }
}
