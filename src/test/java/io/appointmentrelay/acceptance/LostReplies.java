package io.appointmentrelay.acceptance;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A network between the relay and its database that breaks, now and then, at the worst moment:
 * after the database has committed and before the relay has heard of it.
 */
final class LostReplies implements AutoCloseable {

  private static final String COMMITTED = "COMMIT\0";

  private final ServerSocket door;
  private final int database;
  private final int oneOf;
  private final AtomicInteger commits = new AtomicInteger();
  private final AtomicInteger lost = new AtomicInteger();
  private volatile boolean breaks;

  /**
   * @param oneOf so many commits one is not heard of
   */
  LostReplies(int database, int oneOf) throws IOException {
    this.database = database;
    this.oneOf = oneOf;
    this.door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    start(this::serve);
  }

  private static void start(Runnable task) {
    Thread thread = new Thread(task, "lost-replies");
    thread.setDaemon(true);
    thread.start();
  }

  int port() {
    return door.getLocalPort();
  }

  int lost() {
    return lost.get();
  }

  void breaks(boolean from) {
    breaks = from;
  }

  private void serve() {
    while (!door.isClosed()) {
      try {
        Socket relay = door.accept();
        Socket server = new Socket(InetAddress.getLoopbackAddress(), database);
        relay.setTcpNoDelay(true);
        server.setTcpNoDelay(true);
        start(() -> pass(relay, server, false));
        start(() -> pass(server, relay, true));
      } catch (IOException e) {
        // The door is closed, or the database is away: who knocks sees it.
      }
    }
  }

  private void pass(Socket from, Socket to, boolean isReply) {
    byte[] piece = new byte[16_384];
    try (from;
        to;
        InputStream in = from.getInputStream();
        OutputStream out = to.getOutputStream()) {
      for (int read = in.read(piece); read >= 0; read = in.read(piece)) {
        if (isReply && isToBeLost(new String(piece, 0, read, US_ASCII))) {
          lost.incrementAndGet();
          return;
        }
        out.write(piece, 0, read);
      }
    } catch (IOException e) {
      // One side is gone; so is the other now.
    }
  }

  private boolean isToBeLost(String reply) {
    return breaks && reply.contains(COMMITTED) && commits.incrementAndGet() % oneOf == 0;
  }

  @Override
  public void close() throws IOException {
    door.close();
  }
}
