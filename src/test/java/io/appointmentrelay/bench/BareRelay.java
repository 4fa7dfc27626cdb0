package io.appointmentrelay.bench;

import io.appointmentrelay.store.StoreAddress;
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
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The least that keeps the promise of a 200: a handler and one thread that writes as many bodies as
 * are waiting into SQLite, or PostgreSQL, with one fsync, and only then answers. No rules, no
 * reading, no order. What the relay can do at best on this machine; the difference is the price of
 * everything else.
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
  private final Path folder;
  private final Connection store;
  private final int port;
  private long last;

  /**
   * Starts it on any free port.
   *
   * @param folder where its store is while it runs; on the disk that is to be measured
   * @param onwardPort where each body is posted to once it is stored; 0 for nowhere
   */
  BareRelay(Path folder, int onwardPort) throws IOException, SQLException {
    this(Files.createTempDirectory(Files.createDirectories(folder), "bare-"), onwardPort, null);
  }

  /** With its store in PostgreSQL. */
  static BareRelay on(StoreAddress postgres, Path folder) throws IOException, SQLException {
    Path own = Files.createTempDirectory(Files.createDirectories(folder), "bare-");
    return new BareRelay(own, 0, postgres);
  }

  private BareRelay(Path folder, int onwardPort, @Nullable StoreAddress postgres)
      throws SQLException {
    this.folder = folder;
    this.onwardPort = onwardPort;
    store = postgres == null ? sqlite(folder) : postgresql(postgres);
    store.setAutoCommit(false);
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

  private static Connection sqlite(Path folder) throws SQLException {
    Connection connection = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("bare.db"));
    try (Statement setUp = connection.createStatement()) {
      setUp.execute("PRAGMA journal_mode=WAL");
      setUp.execute("PRAGMA synchronous=FULL");
      setUp.execute("CREATE TABLE notification (id INTEGER PRIMARY KEY, body BLOB NOT NULL)");
    }
    return connection;
  }

  private static Connection postgresql(StoreAddress address) throws SQLException {
    Connection connection =
        DriverManager.getConnection(
            address.url() + "&reWriteBatchedInserts=true", address.user(), address.password());
    try (Statement setUp = connection.createStatement()) {
      setUp.execute("DROP TABLE IF EXISTS notification");
      setUp.execute("CREATE TABLE notification (id BIGINT PRIMARY KEY, body BYTEA NOT NULL)");
    }
    return connection;
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
    try (PreparedStatement insert =
        store.prepareStatement("INSERT INTO notification (id, body) VALUES (?, ?)")) {
      while (!Thread.currentThread().isInterrupted()) {
        batch.add(queue.take());
        queue.drainTo(batch, LARGEST_BATCH - 1);
        long first = last + 1;
        for (Waiting one : batch) {
          insert.setLong(1, ++last);
          insert.setBytes(2, one.body());
          insert.addBatch();
        }
        insert.executeBatch();
        store.commit();
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
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
