package io.appointmentrelay.inbox;

import io.appointmentrelay.appointment.Notice;
import io.appointmentrelay.appointment.Run;
import io.appointmentrelay.settings.Settings.Source;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.support.DefaultConsumer;
import org.jspecify.annotations.Nullable;

/** The beginning of a source's route: the runner hands it one notice after another. */
final class InboxConsumer extends DefaultConsumer {

  /** Told when a run has ended, and by what it failed, if it did. */
  interface Ended {
    void ended(@Nullable Throwable failure);
  }

  private final Source source;
  private final InboxRunner runner;

  InboxConsumer(Endpoint endpoint, Processor processor, Source source, InboxRunner runner) {
    super(endpoint, processor);
    this.source = source;
    this.runner = runner;
  }

  Source source() {
    return source;
  }

  @Override
  protected void doStart() throws Exception {
    super.doStart();
    runner.add(this);
  }

  @Override
  protected void doStop() throws Exception {
    runner.remove(this);
    super.doStop();
  }

  /** Runs a notice through the route; neither waits nor throws. */
  void run(Notice notice, Run run, Ended ended) {
    Exchange exchange = createExchange(false);
    exchange.getMessage().setBody(notice);
    exchange.setProperty(Run.PROPERTY, run);
    try {
      createUoW(exchange);
    } catch (Exception e) {
      ended.ended(e);
      return;
    }
    getAsyncProcessor()
        .process(
            exchange,
            doneSync -> {
              Throwable failure = failure(exchange);
              doneUoW(exchange);
              releaseExchange(exchange, false);
              ended.ended(failure);
            });
  }

  /** Also a failure that a route has handled: what was planned before it must not be committed. */
  private static @Nullable Throwable failure(Exchange exchange) {
    Exception failure = exchange.getException();
    return failure != null
        ? failure
        : exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class);
  }
}
