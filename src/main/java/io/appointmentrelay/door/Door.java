package io.appointmentrelay.door;

import io.appointmentrelay.intake.Doorkeeper;
import io.appointmentrelay.settings.Settings;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServerRequest;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Processor;
import org.apache.camel.component.platform.http.PlatformHttpEndpoint;
import org.apache.camel.component.platform.http.spi.PlatformHttpConsumer;
import org.apache.camel.component.platform.http.spi.PlatformHttpEngine;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Camel's engine for {@code platform-http:}. Addresses below {@code /webhooks/} are served on the
 * public port, on its event loops: their steps must not wait. All others are served on the
 * console's port, on worker threads.
 */
public final class Door implements PlatformHttpEngine, AutoCloseable {

  static final String WEBHOOKS = "/webhooks/";

  private static final Logger LOG = LoggerFactory.getLogger(Door.class);

  private final Settings settings;
  private final Map<String, Doorkeeper> doorkeepers;
  private final Map<String, DoorConsumer> publicConsumers = new ConcurrentHashMap<>();
  private final PrivateRoutes privateRoutes = new PrivateRoutes();
  private final Vertx vertx;
  private final LastAnswers lastAnswers;
  private volatile boolean draining;
  private volatile int publicPort;
  private volatile int privatePort;

  /**
   * @param doorkeepers by source
   */
  public Door(Settings settings, Map<String, Doorkeeper> doorkeepers) {
    this.settings = settings;
    this.doorkeepers = Map.copyOf(doorkeepers);
    this.vertx =
        Vertx.vertx(
            new VertxOptions()
                .setEventLoopPoolSize(Math.max(2, Runtime.getRuntime().availableProcessors()))
                .setWorkerPoolSize(20));
    this.lastAnswers = new LastAnswers(vertx);
  }

  public Vertx vertx() {
    return vertx;
  }

  /** Opens the console's port: nobody outside depends on it, and the sandbox's ends live there. */
  public void openPrivate(Handler<HttpServerRequest> console) {
    privatePort =
        listen(
            settings.console(),
            "relay.console.port",
            () -> PrivatePort.listen(vertx, settings.console(), privateRoutes, console));
  }

  /** Opens the port for senders: from now on what is answered 200 is kept. */
  public void openPublic() {
    publicPort =
        listen(
            settings.http(),
            "relay.http.port",
            () -> PublicPort.listen(vertx, settings.http(), this));
  }

  private interface Listening {
    io.vertx.core.Future<Integer> start();
  }

  private static int listen(Settings.Http http, String setting, Listening listening) {
    try {
      return listening.start().toCompletionStage().toCompletableFuture().join();
    } catch (CompletionException e) {
      throw new PortUnavailable(
          setting
              + ": expected a port that is free, found "
              + http.host()
              + ":"
              + http.port()
              + " in use or forbidden. Choose another one, or stop what uses it.",
          e);
    }
  }

  public int publicPort() {
    return publicPort;
  }

  public int privatePort() {
    return privatePort;
  }

  @Override
  public int getServerPort() {
    return publicPort;
  }

  /** From now on senders are told to come back later. */
  public void drain() {
    draining = true;
  }

  boolean draining() {
    return draining;
  }

  LastAnswers lastAnswers() {
    return lastAnswers;
  }

  @Nullable Doorkeeper doorkeeper(String source) {
    return doorkeepers.get(source);
  }

  @Nullable DoorConsumer consumer(String source) {
    return publicConsumers.get(source);
  }

  @Override
  public PlatformHttpConsumer createConsumer(PlatformHttpEndpoint endpoint, Processor processor) {
    return new DoorConsumer(endpoint, processor, this);
  }

  void add(DoorConsumer consumer) {
    String path = consumer.getEndpoint().getPath();
    if (path.startsWith(WEBHOOKS)) {
      publicConsumers.put(path.substring(WEBHOOKS.length()), consumer);
    } else {
      privateRoutes.add(path, consumer.getEndpoint().isMatchOnUriPrefix(), consumer);
    }
  }

  void remove(DoorConsumer consumer) {
    String path = consumer.getEndpoint().getPath();
    if (path.startsWith(WEBHOOKS)) {
      publicConsumers.remove(path.substring(WEBHOOKS.length()), consumer);
    } else {
      privateRoutes.remove(path, consumer);
    }
  }

  @Override
  public void close() {
    try {
      vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (java.util.concurrent.ExecutionException | java.util.concurrent.TimeoutException e) {
      LOG.warn("The ports did not close within 10 s; the process ends all the same");
    }
  }
}
