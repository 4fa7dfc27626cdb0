package io.appointmentrelay.process;

import io.appointmentrelay.process.Life.Post;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Collection;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;
import java.util.function.Supplier;

/**
 * Tells lives over kept-alive connections as EHRs do: what is not answered 200 is posted again
 * until it is, and nothing later of the same life before that.
 */
public final class Senders implements AutoCloseable {

  public static final String TOKEN = "token-of-the-process-tests";

  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(30);
  private static final Duration PATIENCE = Duration.ofSeconds(15);

  private final ExecutorService connections;
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(PATIENCE).build();
  private final Supplier<URI> relay;
  private final AtomicInteger answered = new AtomicInteger();
  private final AtomicInteger unanswered = new AtomicInteger();
  private final AtomicInteger told = new AtomicInteger();
  private final Set<String> taken200 = ConcurrentHashMap.newKeySet();
  private volatile IntConsumer onAnswer = count -> {};
  private volatile boolean closed;

  /**
   * @param relay where the relay listens now
   */
  public Senders(int connections, Supplier<URI> relay) {
    this.connections = Executors.newFixedThreadPool(connections);
    this.relay = relay;
  }

  /** Begins to tell these lives, each on the next free connection. */
  public void tell(Collection<Life> lives) {
    for (Life life : lives) {
      connections.execute(
          () -> {
            life.posts().forEach(this::untilTaken);
            told.incrementAndGet();
          });
    }
  }

  private void untilTaken(Post post) {
    while (!closed && !isTaken(post)) {
      unanswered.incrementAndGet();
      LockSupport.parkNanos(PAUSE_NANOS);
    }
  }

  private boolean isTaken(Post post) {
    try {
      HttpRequest request =
          HttpRequest.newBuilder(relay.get().resolve("/webhooks/" + post.source()))
              .timeout(PATIENCE)
              .header("Authorization", "Bearer " + TOKEN)
              .header("Content-Type", "application/json")
              .POST(BodyPublishers.ofString(post.body()))
              .build();
      boolean taken = client.send(request, BodyHandlers.discarding()).statusCode() == 200;
      if (taken) {
        taken200.add(post.body());
        onAnswer.accept(answered.incrementAndGet());
      }
      return taken;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Called with the number of each 200, on the connection's own thread. */
  public void onAnswer(IntConsumer listener) {
    onAnswer = listener;
  }

  /** How many 200s came. */
  public int answered() {
    return answered.get();
  }

  /** The bodies that were answered 200. */
  public Set<String> takenBodies() {
    return Set.copyOf(taken200);
  }

  /** How often something had to be posted again. */
  public int unanswered() {
    return unanswered.get();
  }

  /** How many lives were told to their end. */
  public int told() {
    return told.get();
  }

  @Override
  public void close() {
    closed = true;
    connections.shutdownNow();
  }
}
