package io.appointmentrelay.sandbox;

import org.apache.camel.Exchange;
import org.apache.camel.Message;

/** An HTTP answer put into an exchange in place of the request. */
final class Answer {
  private Answer() {}

  static void put(Exchange exchange, int status, String contentType, String body) {
    Message message = exchange.getMessage();
    // What stays in the headers would be sent back to the caller, his authorization included.
    message.removeHeaders("*");
    message.setHeader(Exchange.HTTP_RESPONSE_CODE, status);
    message.setHeader(Exchange.CONTENT_TYPE, contentType);
    message.setBody(body);
  }
}
