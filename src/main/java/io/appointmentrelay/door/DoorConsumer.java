package io.appointmentrelay.door;

import java.util.Locale;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePattern;
import org.apache.camel.Processor;
import org.apache.camel.component.platform.http.PlatformHttpEndpoint;
import org.apache.camel.component.platform.http.spi.PlatformHttpConsumer;
import org.apache.camel.support.DefaultConsumer;

/** One {@code platform-http:} route's place at the door. */
final class DoorConsumer extends DefaultConsumer implements PlatformHttpConsumer {

  /** Told when an exchange is done; may be called on any thread. */
  interface Done {
    void done(Exchange exchange);
  }

  private final Door door;

  DoorConsumer(PlatformHttpEndpoint endpoint, Processor processor, Door door) {
    super(endpoint, processor);
    this.door = door;
  }

  @Override
  public PlatformHttpEndpoint getEndpoint() {
    return (PlatformHttpEndpoint) super.getEndpoint();
  }

  @Override
  protected void doStart() throws Exception {
    super.doStart();
    door.add(this);
  }

  @Override
  protected void doStop() throws Exception {
    door.remove(this);
    super.doStop();
  }

  /** Whether the route takes this method; routes that say nothing take every one. */
  boolean accepts(String method) {
    String restrict = getEndpoint().getHttpMethodRestrict();
    return restrict == null || restrict.toUpperCase(Locale.ROOT).contains(method);
  }

  /** A new exchange that expects an answer. */
  Exchange open() throws Exception {
    Exchange exchange = createExchange(false);
    exchange.setPattern(ExchangePattern.InOut);
    createUoW(exchange);
    return exchange;
  }

  /** Runs the exchange; neither waits nor throws. */
  void run(Exchange exchange, Done done) {
    getAsyncProcessor()
        .process(
            exchange,
            doneSync -> {
              done.done(exchange);
              doneUoW(exchange);
              releaseExchange(exchange, false);
            });
  }
}
