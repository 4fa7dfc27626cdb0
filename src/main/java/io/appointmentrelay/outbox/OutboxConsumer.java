package io.appointmentrelay.outbox;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.support.DefaultConsumer;
import org.jspecify.annotations.Nullable;

/** The beginning of a channel's route: the runner hands it one message after another. */
final class OutboxConsumer extends DefaultConsumer {

  /** A route puts the carrier's id of the message into this header. */
  static final String PROVIDER_ID = "AppointmentProviderId";

  /** Told when sending has ended: with the carrier's id, if it gave one, or with the failure. */
  interface Ended {
    void ended(@Nullable String providerId, @Nullable Throwable failure);
  }

  private final String channel;
  private final int concurrency;
  private final @Nullable String wasSent;
  private final OutboxRunner runner;

  OutboxConsumer(
      Endpoint endpoint,
      Processor processor,
      String channel,
      int concurrency,
      @Nullable String wasSent,
      OutboxRunner runner) {
    super(endpoint, processor);
    this.channel = channel;
    this.concurrency = concurrency;
    this.wasSent = wasSent;
    this.runner = runner;
  }

  String channel() {
    return channel;
  }

  int concurrency() {
    return concurrency;
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

  /** Whether the carrier can be asked what it has taken. */
  boolean canAsk() {
    return wasSent != null;
  }

  /** Asks the carrier for its ids of messages; waits for the answer. */
  List<String> ask(SentQuestion question) throws Aftermath.CannotAsk {
    String route = Objects.requireNonNull(wasSent, "asked only where it can be");
    try (ProducerTemplate template = getEndpoint().getCamelContext().createProducerTemplate()) {
      Exchange answer =
          template.request(route, exchange -> exchange.getMessage().setBody(question));
      if (answer.getException() != null) {
        throw new Aftermath.CannotAsk(answer.getException());
      }
      List<String> ids = new ArrayList<>();
      for (Object id : answer.getMessage().getBody(List.class)) {
        ids.add(String.valueOf(id));
      }
      return ids;
    } catch (IOException e) {
      throw new Aftermath.CannotAsk(e);
    }
  }

  /** Sends a message through the route; does not throw. */
  void send(Object message, Ended ended) {
    Exchange exchange = createExchange(false);
    exchange.getMessage().setBody(message);
    try {
      createUoW(exchange);
    } catch (Exception e) {
      ended.ended(null, e);
      return;
    }
    getAsyncProcessor()
        .process(
            exchange,
            doneSync -> {
              Throwable failure = exchange.getException();
              String providerId =
                  failure == null
                      ? exchange.getMessage().getHeader(PROVIDER_ID, String.class)
                      : null;
              doneUoW(exchange);
              releaseExchange(exchange, false);
              ended.ended(providerId, failure);
            });
  }
}
