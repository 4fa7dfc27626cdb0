package io.appointmentrelay.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * Posts notifications over a fixed number of connections, each waiting for the answer before it
 * posts the next, as senders do. One thread, nothing allocated per request. What is put off or lost
 * is counted and posted again after a short pause, on a new connection if the old one is lost; what
 * is refused ends the run.
 */
final class ClosedLoop {

  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
  private static final int ANSWER_SPACE = 16 * 1024;

  /** The count of lost connections in {@link Result#others()}. */
  static final int LOST = 0;

  /**
   * What was measured.
   *
   * @param answered 200s counted after the warm-up
   * @param seconds the time they took
   * @param others how often another status came, over the whole run; {@link #LOST} for none at all
   * @param startedNanos when the first was posted, by {@link System#nanoTime}
   */
  record Result(
      int answered,
      double seconds,
      Histogram latency,
      Map<Integer, Integer> others,
      long startedNanos) {
    double perSecond() {
      return answered / seconds;
    }
  }

  /** What was posted is not what that address takes, however often it is posted. */
  static final class Refused extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    Refused(int status) {
      super("200 was expected; " + status + " came. Correct --url or --token.");
    }
  }

  /**
   * How long to go on.
   *
   * @param notifications at most so many
   * @param warmUpNanos not counted
   * @param nanos at most so long, after the warm-up
   * @param perSecond at most so many; 0 for as fast as they are answered
   */
  record Limit(int notifications, long warmUpNanos, long nanos, double perSecond) {
    static Limit seconds(int warmUp, int seconds) {
      return new Limit(
          Integer.MAX_VALUE,
          TimeUnit.SECONDS.toNanos(warmUp),
          TimeUnit.SECONDS.toNanos(seconds),
          0);
    }

    static Limit notifications(int notifications) {
      return new Limit(notifications, 0, Long.MAX_VALUE / 2, 0);
    }

    Limit at(double pace) {
      return new Limit(notifications, warmUpNanos, nanos, pace);
    }
  }

  private final class Connection {
    private final byte[] request = bookings.request();
    private final ByteBuffer out = ByteBuffer.wrap(request);
    private final ByteBuffer in = ByteBuffer.allocate(ANSWER_SPACE);
    private SocketChannel socket;
    private SelectionKey key;
    private int number = -1;
    private long postedAt;
    private boolean pausing;
    private long pausedUntil;

    private void connect() throws IOException {
      socket = SocketChannel.open();
      socket.configureBlocking(false);
      socket.setOption(StandardSocketOptions.TCP_NODELAY, true);
      socket.connect(address);
      key = socket.register(selector, SelectionKey.OP_CONNECT, this);
    }

    private void ready() throws IOException {
      try {
        if (key.isConnectable()) {
          socket.finishConnect();
          post();
        } else if (key.isWritable()) {
          Channels.write(key, socket, out);
        } else {
          receive();
        }
      } catch (ConnectException e) {
        throw e;
      } catch (IOException e) {
        lost();
      }
    }

    private void postNext() throws IOException {
      number = next < limit.notifications() ? next++ : -1;
      if (number < 0) {
        key.interestOps(0);
      } else if (limit.perSecond() > 0 && !itsTurn()) {
        key.interestOps(SelectionKey.OP_READ);
        pausing = true;
        paced.add(this);
      } else {
        post();
      }
    }

    private boolean itsTurn() {
      pausedUntil = started + (long) (number / limit.perSecond() * 1e9);
      return pausedUntil <= System.nanoTime();
    }

    private void post() throws IOException {
      if (number < 0) {
        postNext();
        return;
      }
      bookings.write(number, request);
      out.clear();
      in.clear();
      postedAt = System.nanoTime();
      Channels.write(key, socket, out);
    }

    private void receive() throws IOException {
      if (socket.read(in) < 0) {
        lost();
        return;
      }
      if (answer.length(in.array(), 0, in.position()) < 0) {
        if (!in.hasRemaining()) {
          throw new IllegalStateException("An answer of at most 16 KB was expected; it is longer.");
        }
        return;
      }
      int status = HttpFrame.status(in.array(), 0);
      if (status == 200) {
        answered(System.nanoTime(), postedAt);
        postNext();
      } else if (status / 100 == 4 && status != 429) {
        throw new Refused(status);
      } else {
        others.merge(status, 1, Integer::sum);
        pause();
      }
    }

    /** Also called for one that pauses, when the relay closes it meanwhile. */
    private void lost() {
      Channels.closeQuietly(socket);
      if (!pausing) {
        others.merge(LOST, 1, Integer::sum);
        pause();
      }
    }

    private void pause() {
      pausing = true;
      pausedUntil = System.nanoTime() + PAUSE_NANOS;
      paused.add(this);
    }

    private void resume() throws IOException {
      pausing = false;
      if (!socket.isOpen()) {
        connect();
        return;
      }
      try {
        post();
      } catch (IOException closedMeanwhile) {
        lost();
      }
    }
  }

  private final InetSocketAddress address;
  private final Bookings bookings;
  private final Limit limit;
  private final Selector selector;
  private final HttpFrame answer = new HttpFrame("content-type");
  private final Queue<Connection> paused = new ArrayDeque<>();
  private final Queue<Connection> paced = new ArrayDeque<>();
  private final Map<Integer, Integer> others = new TreeMap<>();
  private final Histogram latency = new Histogram(TimeUnit.MINUTES.toNanos(5), 3);
  private int next;
  private int answeredInAll;
  private int measured;
  private long measureFrom;
  private long started;

  private ClosedLoop(InetSocketAddress address, Bookings bookings, Limit limit) throws IOException {
    this.address = address;
    this.bookings = bookings;
    this.limit = limit;
    this.selector = Selector.open();
  }

  /**
   * Posts until the limit is reached.
   *
   * @throws ConnectException if nothing listens there
   * @throws Refused if it answers that it never will
   */
  static Result run(InetSocketAddress address, Bookings bookings, int connections, Limit limit)
      throws IOException {
    ClosedLoop loop = new ClosedLoop(address, bookings, limit);
    try {
      return loop.run(connections);
    } catch (UncheckedIOException e) {
      throw e.getCause();
    } finally {
      loop.selector.keys().forEach(key -> Channels.closeQuietly(key.channel()));
      loop.selector.close();
    }
  }

  private Result run(int connections) throws IOException {
    started = System.nanoTime();
    measureFrom = started + limit.warmUpNanos();
    long end = measureFrom + limit.nanos();
    for (int i = 0; i < connections; i++) {
      new Connection().connect();
    }
    long now = started;
    while (now < end && answeredInAll < limit.notifications()) {
      Connection turn = paced.peek();
      long pause = turn == null ? PAUSE_NANOS : Math.min(PAUSE_NANOS, turn.pausedUntil - now);
      selector.select(
          key -> {
            try {
              ((Connection) key.attachment()).ready();
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          },
          Math.max(1, TimeUnit.NANOSECONDS.toMillis(pause)));
      now = System.nanoTime();
      while (!paced.isEmpty() && paced.element().pausedUntil <= now) {
        paced.remove().resume();
      }
      while (!paused.isEmpty() && paused.element().pausedUntil <= now) {
        paused.remove().resume();
      }
    }
    double seconds = (now - measureFrom) / 1e9;
    return new Result(measured, seconds, latency, others, started);
  }

  private void answered(long now, long postedAt) {
    answeredInAll++;
    if (now >= measureFrom) {
      measured++;
      latency.recordValue(now - postedAt);
    }
  }
}
