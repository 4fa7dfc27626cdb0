package io.appointmentrelay.bench;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;

/**
 * The least that keeps the promise of a 200: a handler and one thread that writes what is waiting
 * into a {@link BareStore} with one fsync, and only then answers. No rules, no reading, no order.
 * What the relay can do at best on this machine; the difference is the price of everything else.
 */
final class BareRelay implements AutoCloseable {

  private static final int LARGEST_BATCH = 1000;
  private static final int MOST_WAITING = 10_000;
  private static final int ONWARD_CONNECTIONS = 32;

  private record Waiting(byte[] body, HttpServerResponse response, Context context) {}

  private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(2));
  private final BlockingQueue<Waiting> queue = new ArrayBlockingQueue<>(MOST_WAITING);
  private final Thread writer = new Thread(this::write, "bare-writer");
  private final CompletableFuture<Void> written = new CompletableFuture<>();
  private final HttpClient client;
  private final int onwardPort;
  private final BareStore store;
  private final int port;

  /**
   * Starts it on any free port.
   *
   * @param store what it keeps and where; closed with it
   * @param onwardPort where each body is posted to once it is stored; 0 for nowhere
   */
  BareRelay(BareStore store, int onwardPort) {
    this.store = store;
    this.onwardPort = onwardPort;
    client = vertx.createHttpClient(new PoolOptions().setHttp1MaxSize(ONWARD_CONNECTIONS));
    CompletableFuture<Integer> bound = new CompletableFuture<>();
    vertx
        .createHttpServer()
        .requestHandler(this::accept)
        .listen(0, "127.0.0.1")
        .onSuccess(server -> bound.complete(server.actualPort()))
        .onFailure(bound::completeExceptionally);
    port = bound.join();
    writer.setDaemon(true);
    writer.start();
  }

  InetSocketAddress address() {
    return new InetSocketAddress("127.0.0.1", port);
  }

  private void accept(HttpServerRequest request) {
    Context context = vertx.getOrCreateContext();
    request.body(
        body -> {
          if (body.failed()
              || !queue.offer(new Waiting(body.result().getBytes(), request.response(), context))) {
            request.response().setStatusCode(503).end();
          }
        });
  }

  private void write() {
    List<Waiting> batch = new ArrayList<>();
    try {
      while (!Thread.currentThread().isInterrupted()) {
        batch.add(queue.take());
        queue.drainTo(batch, LARGEST_BATCH - 1);
        long first = store.keep(batch.stream().map(Waiting::body).toList());
        committed(batch, first);
        batch.clear();
      }
    } catch (InterruptedException closed) {
      return;
    } catch (SQLException e) {
      throw new IllegalStateException("The bare relay cannot write; its numbers are void.", e);
    } finally {
      written.complete(null);
    }
  }

  private void committed(List<Waiting> batch, long first) {
    batch.stream()
        .map(Waiting::context)
        .distinct()
        .forEach(
            context -> {
              List<Waiting> own = batch.stream().filter(one -> one.context() == context).toList();
              context.runOnContext(go -> own.forEach(one -> one.response().end()));
            });
    if (onwardPort != 0) {
      for (int i = 0; i < batch.size(); i++) {
        passOn(first + i, batch.get(i).body());
      }
    }
  }

  private void passOn(long id, byte[] body) {
    RequestOptions target =
        new RequestOptions()
            .setMethod(HttpMethod.POST)
            .setHost("127.0.0.1")
            .setPort(onwardPort)
            .setURI("/");
    target.putHeader("webhook-id", Long.toString(id));
    client
        .request(target)
        .compose(request -> request.send(Buffer.buffer(body)))
        .compose(response -> response.body());
  }

  @Override
  public void close() throws IOException, SQLException {
    writer.interrupt();
    written.join();
    vertx.close().toCompletionStage().toCompletableFuture().join();
    store.close();
  }
}
