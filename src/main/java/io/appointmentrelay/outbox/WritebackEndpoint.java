package io.appointmentrelay.outbox;

import io.appointmentrelay.appointment.AppointmentEvent;
import io.appointmentrelay.appointment.Audience;
import io.appointmentrelay.appointment.Nature;
import io.appointmentrelay.appointment.PlannedDelivery;
import io.appointmentrelay.appointment.Run;
import io.appointmentrelay.appointment.Writeback;
import io.appointmentrelay.settings.Settings;
import java.time.Clock;
import org.apache.camel.Component;
import org.apache.camel.Consumer;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.support.DefaultEndpoint;
import org.apache.camel.support.DefaultProducer;
import org.jspecify.annotations.Nullable;

/**
 * {@code outbox:ehr}: producers plan that an answer is written into the EHR, one consumer writes.
 * Where no source of the appointment's group is written to, nothing is planned, and the
 * notification says so.
 */
final class WritebackEndpoint extends DefaultEndpoint {

  private final @Nullable Writeback action;
  private final int concurrency;
  private final Settings settings;
  private final OutboxRunner runner;
  private final Clock clock;

  WritebackEndpoint(
      String uri,
      Component component,
      @Nullable Writeback action,
      int concurrency,
      Settings settings,
      OutboxRunner runner,
      Clock clock) {
    super(uri, component);
    this.action = action;
    this.concurrency = concurrency;
    this.settings = settings;
    this.runner = runner;
    this.clock = clock;
  }

  /** Reads the parameter {@code action}; absent: the endpoint is read from. */
  static @Nullable Writeback action(@Nullable String word) {
    return word == null
        ? null
        : Writeback.of(word)
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "outbox:ehr expects action: confirm or cancel; found '"
                            + word
                            + "'. Correct the outbox: step."));
  }

  @Override
  public Producer createProducer() {
    if (action == null) {
      throw new IllegalArgumentException(
          "outbox:ehr expects action: confirm or cancel; found none. Add it to the outbox: step.");
    }
    Writeback answer = action;
    return new DefaultProducer(this) {
      @Override
      public void process(Exchange exchange) {
        Run run = OutboxEndpoint.run(exchange);
        AppointmentEvent event = OutboxEndpoint.event(run);
        if (Writebacks.target(settings, event.after(), answer).isPresent()) {
          run.plan()
              .add(
                  new PlannedDelivery(
                      Writebacks.CHANNEL,
                      Audience.SYSTEM,
                      Nature.EVENT,
                      answer.word(),
                      null,
                      clock.instant(),
                      null,
                      null));
        } else {
          run.plan()
              .note(
                  "The answer stays here: relay.source."
                      + event.after().source()
                      + ".writeback does not say "
                      + answer.word()
                      + ".");
        }
      }
    };
  }

  @Override
  public Consumer createConsumer(Processor processor) {
    return new OutboxConsumer(this, processor, Writebacks.CHANNEL, concurrency, null, runner);
  }
}
