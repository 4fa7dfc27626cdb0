package io.appointmentrelay.inbox;

import io.appointmentrelay.appointment.Plan.Verdict;
import io.appointmentrelay.appointment.Run;
import org.apache.camel.Component;
import org.apache.camel.Consumer;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.support.DefaultEndpoint;
import org.apache.camel.support.DefaultProducer;

/**
 * {@code inbox:noted}: the running notification is kept and done with; nothing that it says
 * happened to an appointment.
 */
final class NotedEndpoint extends DefaultEndpoint {

  NotedEndpoint(String uri, Component component) {
    super(uri, component);
  }

  @Override
  public Producer createProducer() {
    return new DefaultProducer(this) {
      @Override
      public void process(Exchange exchange) {
        Run run = exchange.getProperty(Run.PROPERTY, Run.class);
        if (run == null) {
          throw new IllegalStateException(
              "inbox:noted ends what runs in a route that begins with inbox:; this exchange began elsewhere."
                  + " Remove the step.");
        }
        run.plan().add(new Verdict.Noted());
      }
    };
  }

  @Override
  public Consumer createConsumer(Processor processor) {
    throw new UnsupportedOperationException(
        "inbox:noted is written to, not listened to; what was noted is at /api/notifications");
  }
}
