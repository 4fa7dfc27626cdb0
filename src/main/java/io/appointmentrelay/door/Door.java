package io.appointmentrelay.door;

import io.appointmentrelay.intake.Doorkeeper;
import io.appointmentrelay.settings.Settings;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServerRequest;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
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
 * public port, on its event loops: their steps must not wait; so is {@code /reply/}, on worker
 * threads. All others are served on the console's port, on worker threads.
 */
public final class Door implements PlatformHttpEngine, AutoCloseable {

  static final String WEBHOOKS = "/webhooks/";

  private static final Logger LOG = LoggerFactory.getLogger(Door.class);

  private final Settings settings;
  private final Map<String, Doorkeeper> doorkeepers;
  private final Map<String, DoorConsumer> publicConsumers = new ConcurrentHashMap<>();
  private final Map<String, RateLimit> rates = new HashMap<>();
  private final PrivateRoutes privateRoutes = new PrivateRoutes();
  private final Vertx vertx;
  private final LastAnswers lastAnswers;
  private volatile @Nullable DoorConsumer replyConsumer;
  private volatile boolean draining;
  private volatile @Nullable ServerTls tls;
  private volatile int publicPort;
  private volatile int privatePort;

  /**
   * @param doorkeepers by source
   */
  public Door(Settings settings, Map<String, Doorkeeper> doorkeepers) {
    this.settings = settings;
    this.doorkeepers = Map.copyOf(doorkeepers);
    settings
        .sources()
        .forEach(
            (name, source) -> {
              Settings.Rate rate = source.rate();
              if (rate != null) {
                rates.put(name, new RateLimit(rate, System::nanoTime));
              }
            });
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
    Settings.Tls files = settings.http().tls();
    ServerTls loaded = files == null ? null : ServerTls.load(vertx, files);
    tls = loaded;
    publicPort =
        listen(
            settings.http(),
            "relay.http.port",
            () -> PublicPort.listen(vertx, settings.http(), this, loaded));
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

  /** How the certificate of the port for senders is; empty: it speaks in clear. */
  public Optional<Certificate> certificate() {
    ServerTls now = tls;
    return now == null ? Optional.empty() : Optional.of(now.state());
  }

  /**
   * What senders are shown.
   *
   * @param good false: somebody should look after it
   * @param detail until when it holds, or what is wrong, without any of its content
   */
  public record Certificate(boolean good, String detail) {}

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

  /** Absent: all that comes is taken. */
  @Nullable RateLimit rate(String source) {
    return rates.isEmpty() ? null : rates.get(source);
  }

  /** Counts what is told to come back because its source sends too much. */
  public void measure(MeterRegistry registry) {
    rates.forEach(
        (source, rate) ->
            FunctionCounter.builder("relay.http.limited", rate, RateLimit::refused)
                .description("Requests over relay.source.<name>.rate, answered 503")
                .tag("source", source)
                .register(registry));
  }

  @Nullable DoorConsumer consumer(String source) {
    return publicConsumers.get(source);
  }

  /** Absent: patients do not reply by links. */
  @Nullable DoorConsumer replyConsumer() {
    return replyConsumer;
  }

  @Override
  public PlatformHttpConsumer createConsumer(PlatformHttpEndpoint endpoint, Processor processor) {
    return new DoorConsumer(endpoint, processor, this);
  }

  void add(DoorConsumer consumer) {
    String path = consumer.getEndpoint().getPath();
    if (path.equals(ReplyReception.PATH)) {
      replyConsumer = consumer;
    } else if (path.startsWith(WEBHOOKS)) {
      publicConsumers.put(path.substring(WEBHOOKS.length()), consumer);
    } else {
      privateRoutes.add(path, consumer.getEndpoint().isMatchOnUriPrefix(), consumer);
    }
  }

  void remove(DoorConsumer consumer) {
    String path = consumer.getEndpoint().getPath();
    if (path.equals(ReplyReception.PATH)) {
      replyConsumer = null;
    } else if (path.startsWith(WEBHOOKS)) {
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
