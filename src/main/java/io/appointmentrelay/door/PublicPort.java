package io.appointmentrelay.door;

import io.appointmentrelay.settings.Settings;
import io.vertx.core.AbstractVerticle;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Listens for senders, one listener per event loop on the same port. */
final class PublicPort extends AbstractVerticle {

  private static final int CONNECTIONS_AT_MOST = 4_000;

  private final Settings.Http http;
  private final Door door;
  private final AtomicInteger connections;
  private final AtomicInteger port;
  private final @Nullable ServerTls tls;

  private PublicPort(
      Settings.Http http,
      Door door,
      AtomicInteger connections,
      AtomicInteger port,
      @Nullable ServerTls tls) {
    this.tls = tls;
    this.http = http;
    this.door = door;
    this.connections = connections;
    this.port = port;
  }

  /** Completes with the port when every listener listens. */
  static Future<Integer> listen(
      Vertx vertx, Settings.Http http, Door door, @Nullable ServerTls tls) {
    AtomicInteger connections = new AtomicInteger();
    AtomicInteger port = new AtomicInteger(http.port());
    int listeners = Math.max(2, Runtime.getRuntime().availableProcessors());
    return vertx
        .deployVerticle(
            () -> new PublicPort(http, door, connections, port, tls),
            new DeploymentOptions().setInstances(listeners))
        .map(all -> port.get());
  }

  @Override
  public void start(Promise<Void> started) {
    HttpServerOptions options =
        new HttpServerOptions()
            .setHost(http.host())
            // To Vert.x 0 is a free port for each listener, -1 one free port for all of them.
            .setPort(http.port() == 0 ? -1 : http.port())
            .setIdleTimeout(60)
            .setIdleTimeoutUnit(TimeUnit.SECONDS)
            .setHttp2ClearTextEnabled(false)
            .setMaxHeaderSize(16 * 1024)
            .setTcpNoDelay(true)
            .setAcceptBacklog(1_024);
    if (tls != null) {
      tls.applyTo(options);
    }
    HttpServer server = vertx.createHttpServer(options);
    RequestBudget budget = RequestBudget.SHARED;
    Patience patience = new Patience(vertx);
    server.connectionHandler(
        connection -> {
          if (connections.incrementAndGet() > CONNECTIONS_AT_MOST) {
            connection.close();
          }
          patience.opened(connection);
          connection.closeHandler(
              closed -> {
                patience.closed(connection);
                connections.decrementAndGet();
                door.lastAnswers().forget(connection);
              });
        });
    server.requestHandler(
        request -> {
          patience.requested(request);
          if (door.lastAnswers().isOver(request.connection())) {
            return;
          }
          if (ReplyReception.isFor(request)) {
            ReplyReception.receive(vertx, door, request);
          } else {
            WebhookReception.receive(vertx, door, http, budget, request);
          }
        });
    server
        .listen()
        .onSuccess(
            listening -> {
              port.set(listening.actualPort());
              if (tls != null) {
                tls.keepUpToDate(listening);
              }
            })
        .<Void>mapEmpty()
        .onComplete(started);
  }
}
