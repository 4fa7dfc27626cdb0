package io.appointmentrelay.inbox;

import io.appointmentrelay.appointment.Plan.Verdict;
import io.appointmentrelay.appointment.Run;
import org.apache.camel.Component;
import org.apache.camel.Consumer;
import org.apache.camel.Exchange;
import org.apache.camel.Expression;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.support.DefaultEndpoint;
import org.apache.camel.support.DefaultProducer;
import org.jspecify.annotations.Nullable;

/**
 * {@code inbox:parked}: sets the running notification aside. Its {@code reason} says what was
 * expected, what was found and what to do, and may hold simple expressions such as <code>
 * ${body.label}</code>.
 */
final class ParkedEndpoint extends DefaultEndpoint {

  private final @Nullable String reason;

  ParkedEndpoint(String uri, Component component, @Nullable String reason) {
    super(uri, component);
    this.reason = reason;
  }

  @Override
  public Producer createProducer() {
    if (reason == null) {
      throw new IllegalArgumentException(
          "inbox:parked needs a reason that an operator can act on; found none. Add parameters: {reason: …}.");
    }
    Expression expression = getCamelContext().resolveLanguage("simple").createExpression(reason);
    expression.init(getCamelContext());
    return new DefaultProducer(this) {
      @Override
      public void process(Exchange exchange) {
        Run run = exchange.getProperty(Run.PROPERTY, Run.class);
        if (run == null) {
          throw new IllegalStateException(
              "inbox:parked sets aside what runs in a route that begins with inbox:; this exchange began elsewhere."
                  + " Remove the step.");
        }
        run.plan().add(new Verdict.Parked(expression.evaluate(exchange, String.class)));
      }
    };
  }

  @Override
  public Consumer createConsumer(Processor processor) {
    throw new UnsupportedOperationException(
        "inbox:parked is written to, not listened to; parked notifications are at /api/notifications?status=parked");
  }
}
