package io.appointmentrelay.timeline;

import io.appointmentrelay.appointment.Run;
import org.apache.camel.Component;
import org.apache.camel.Consumer;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.support.DefaultEndpoint;

/** What both kinds of {@code timeline:} endpoints share: they only take, and only inside a run. */
abstract class TimelineEndpoint extends DefaultEndpoint {

  TimelineEndpoint(String uri, Component component) {
    super(uri, component);
  }

  @Override
  public Consumer createConsumer(Processor processor) {
    throw new UnsupportedOperationException(
        "timeline: is asked, not listened to; found it in from:. What it says is the body behind it.");
  }

  static Run run(Exchange exchange) {
    Run run = exchange.getProperty(Run.PROPERTY, Run.class);
    if (run == null) {
      throw new IllegalStateException(
          "timeline: is asked inside a route that begins with inbox:; this exchange began elsewhere."
              + " Send the bytes to inbox:<source> instead.");
    }
    return run;
  }

  static <T> T body(Exchange exchange, Class<T> type) {
    Object body = exchange.getMessage().getBody();
    if (!type.isInstance(body)) {
      throw new IllegalStateException(
          "timeline: expects a "
              + type.getSimpleName()
              + " as the body, found "
              + (body == null ? "none" : body.getClass().getSimpleName())
              + ". Leave the body as inbox: gave it.");
    }
    return type.cast(body);
  }
}
