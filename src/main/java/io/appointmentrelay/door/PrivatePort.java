package io.appointmentrelay.door;

import io.appointmentrelay.settings.Settings;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import java.util.Locale;
import org.apache.camel.Exchange;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The console's port: first the routes that engineers and the sandbox put there, then the console.
 */
final class PrivatePort {

  private static final Logger LOG = LoggerFactory.getLogger(PrivatePort.class);
  private static final int BODY_AT_MOST = 1 << 20;

  /** Headers that may carry orders to Camel's components do not pass. */
  private static final List<String> FORBIDDEN = List.of("camel", "org.apache.camel");

  private PrivatePort() {}

  static Future<Integer> listen(
      Vertx vertx, Settings.Http http, PrivateRoutes routes, Handler<HttpServerRequest> console) {
    HttpServerOptions options =
        new HttpServerOptions()
            .setHost(http.host())
            .setPort(http.port())
            .setIdleTimeout(60)
            // Clients that offer to go on in HTTP/2 have been left without an answer.
            .setHttp2ClearTextEnabled(false);
    return vertx
        .createHttpServer(options)
        .requestHandler(
            request -> {
              String path = request.path() == null ? "" : request.path();
              // Routes ask nobody who they are: they are for this machine alone.
              DoorConsumer consumer =
                  isOfThisMachine(request) ? routes.find(path, request.method().name()) : null;
              if (consumer == null) {
                console.handle(request);
              } else {
                read(vertx, consumer, request);
              }
            })
        .listen()
        .map(server -> server.actualPort());
  }

  private static boolean isOfThisMachine(HttpServerRequest request) {
    String address = request.remoteAddress().hostAddress();
    return address != null
        && (address.startsWith("127.")
            || address.equals("0:0:0:0:0:0:0:1")
            || address.equals("::1"));
  }

  private static void read(Vertx vertx, DoorConsumer consumer, HttpServerRequest request) {
    request.handler(new Limited(request));
    request
        .body()
        .onSuccess(body -> vertx.executeBlocking(() -> run(consumer, request, body), false))
        .onFailure(broken -> request.connection().close());
  }

  private static boolean run(DoorConsumer consumer, HttpServerRequest request, Buffer body) {
    try {
      Exchange exchange = consumer.open();
      request
          .headers()
          .forEach(
              (name, value) -> {
                if (FORBIDDEN.stream().noneMatch(name.toLowerCase(Locale.ROOT)::startsWith)) {
                  exchange.getMessage().setHeader(name, value);
                }
              });
      exchange.getMessage().setHeader(Exchange.HTTP_METHOD, request.method().name());
      exchange.getMessage().setHeader(Exchange.HTTP_PATH, request.path());
      exchange.getMessage().setHeader(Exchange.HTTP_QUERY, request.query());
      exchange.getMessage().setBody(body.getBytes());
      consumer.run(exchange, done -> answer(done, request));
    } catch (Exception e) {
      LOG.error("A request did not reach its route ({})", e.getClass().getSimpleName());
      Answer.plain(request.response(), 500, "The route could not be reached; see the log.");
    }
    return true;
  }

  private static void answer(Exchange exchange, HttpServerRequest request) {
    if (exchange.getException() == null) {
      Answer.of(exchange, request.response());
    } else {
      LOG.warn(
          "A route on the console's port failed ({})",
          exchange.getException().getClass().getSimpleName());
      Answer.plain(request.response(), 500, "The route failed; see the log.");
    }
  }

  /** Closes the connection of who sends more than a megabyte. */
  private record Limited(HttpServerRequest request) implements Handler<Buffer> {
    @Override
    public void handle(Buffer chunk) {
      if (request.bytesRead() > BODY_AT_MOST) {
        request.connection().close();
      }
    }
  }
}
