package io.appointmentrelay.door;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import org.apache.camel.Exchange;
import org.apache.camel.Message;

/**
 * Writes answers. A status of its own choosing comes from {@code CamelHttpResponseCode}, else 200.
 */
final class Answer {

  private static final String RETRY_AFTER_SECONDS = "2";

  private Answer() {}

  static void plain(HttpServerResponse response, int status, String text) {
    if (response.ended() || response.closed()) {
      return;
    }
    response.setStatusCode(status).putHeader("Content-Type", "text/plain; charset=utf-8");
    if (status == 503 && !response.headers().contains("Retry-After")) {
      response.putHeader("Retry-After", RETRY_AFTER_SECONDS);
    }
    response.end(text);
  }

  static void of(Exchange exchange, HttpServerResponse response) {
    if (response.ended() || response.closed()) {
      return;
    }
    Message message = exchange.getMessage();
    Integer status = message.getHeader(Exchange.HTTP_RESPONSE_CODE, Integer.class);
    String type = message.getHeader(Exchange.CONTENT_TYPE, String.class);
    response.setStatusCode(status == null ? 200 : status);
    response.putHeader("Content-Type", type == null ? "text/plain; charset=utf-8" : type);
    if (response.getStatusCode() == 405) {
      response.putHeader("Allow", "POST");
    }
    byte[] body = message.getBody(byte[].class);
    response.end(body == null ? Buffer.buffer() : Buffer.buffer(body));
  }
}
