package io.appointmentrelay.inbox;

import io.appointmentrelay.door.WebhookRequest;
import io.appointmentrelay.settings.Settings.Source;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.util.function.Consumer;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.support.DefaultAsyncProducer;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the body of the message as a notification of its source. The exchange goes on when it is
 * durable, or fails when nothing was kept; no thread waits in between.
 */
final class InboxProducer extends DefaultAsyncProducer {

  /** The exchange property that says whether all of it had been kept before. */
  static final String REPEATED = "AppointmentRepeated";

  private final Source source;
  private final Reception reception;
  private final Consumer<String> heard;

  InboxProducer(Endpoint endpoint, Source source, Reception reception, Consumer<String> heard) {
    super(endpoint);
    this.source = source;
    this.reception = reception;
    this.heard = heard;
  }

  @Override
  public boolean process(Exchange exchange, AsyncCallback callback) {
    // Answers are written by the event loop that the request came in on; the store's writer has
    // better to do.
    Context eventLoop = Vertx.currentContext();
    reception
        .accept(source, bytes(exchange))
        .whenComplete(
            (kept, failure) -> {
              exchange.setProperty(REPEATED, kept != null && kept.isEmpty());
              if (failure == null) {
                heard.accept(source.name());
              }
              resume(exchange, callback, eventLoop, failure);
            });
    return false;
  }

  private static void resume(
      Exchange exchange,
      AsyncCallback callback,
      @Nullable Context eventLoop,
      @Nullable Throwable failure) {
    if (failure != null) {
      exchange.setException(failure);
    }
    if (eventLoop == null) {
      callback.done(false);
    } else {
      eventLoop.runOnContext(now -> callback.done(false));
    }
  }

  private static byte[] bytes(Exchange exchange) {
    Object body = exchange.getMessage().getBody();
    if (body instanceof WebhookRequest request) {
      return request.body();
    }
    byte[] bytes = exchange.getMessage().getBody(byte[].class);
    return bytes == null ? new byte[0] : bytes;
  }
}
