package io.appointmentrelay.outbox;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;

/** Makes a text message the form that Twilio's Messages resource takes: To, From, Body. */
public final class TwilioForm implements Processor {

  private final String from;

  public TwilioForm(String from) {
    this.from = from;
  }

  @Override
  public void process(Exchange exchange) {
    OutgoingMessage message = exchange.getMessage().getBody(OutgoingMessage.class);
    String to = Objects.requireNonNull(message.recipient(), "an SMS has a recipient");
    exchange
        .getMessage()
        .setBody(
            "To=" + encoded(to) + "&From=" + encoded(from) + "&Body=" + encoded(message.text()));
  }

  private static String encoded(String value) {
    return URLEncoder.encode(value, StandardCharsets.UTF_8);
  }
}
