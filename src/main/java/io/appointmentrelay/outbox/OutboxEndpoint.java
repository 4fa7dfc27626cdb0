package io.appointmentrelay.outbox;

import io.appointmentrelay.appointment.AppointmentEvent;
import io.appointmentrelay.appointment.Run;
import org.apache.camel.Component;
import org.apache.camel.Consumer;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.support.DefaultEndpoint;
import org.apache.camel.support.DefaultProducer;
import org.jspecify.annotations.Nullable;

/** {@code outbox:<channel>}: producers plan deliveries, one consumer sends them. */
final class OutboxEndpoint extends DefaultEndpoint {

  private final String channel;
  private final int concurrency;
  private final @Nullable String wasSent;
  private final Planning planning;
  private final boolean audible;
  private final OutboxRunner runner;

  OutboxEndpoint(
      String uri,
      Component component,
      String channel,
      int concurrency,
      @Nullable String wasSent,
      Planning planning,
      boolean audible,
      OutboxRunner runner) {
    super(uri, component);
    this.channel = channel;
    this.concurrency = concurrency;
    this.wasSent = wasSent;
    this.planning = planning;
    this.audible = audible;
    this.runner = runner;
  }

  @Override
  public Producer createProducer() {
    return new DefaultProducer(this) {
      @Override
      public void process(Exchange exchange) {
        Run run = run(exchange);
        AppointmentEvent event = event(run);
        if (audible) {
          planning.plan(event, run.plan().words()).ifPresent(run.plan()::add);
        }
      }
    };
  }

  /** The run that an exchange belongs to. */
  static Run run(Exchange exchange) {
    Run run = exchange.getProperty(Run.PROPERTY, Run.class);
    if (run == null) {
      throw notThere();
    }
    return run;
  }

  /** What timeline: has found out in a run. */
  static AppointmentEvent event(Run run) {
    AppointmentEvent event = run.plan().event();
    if (event == null) {
      throw notThere();
    }
    return event;
  }

  private static IllegalStateException notThere() {
    return new IllegalStateException(
        "outbox: plans for what timeline: has found out; this exchange has not been there. Put a timeline: step"
            + " before it.");
  }

  @Override
  public Consumer createConsumer(Processor processor) {
    return new OutboxConsumer(this, processor, channel, concurrency, wasSent, runner);
  }
}
