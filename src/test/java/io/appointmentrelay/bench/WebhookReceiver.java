package io.appointmentrelay.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashSet;
import java.util.Set;

/**
 * The clinic's own system of a load run: answers every request at once, in a way that a webhook and
 * an SMS gateway's client are content with, and counts those that speak of this run's appointments.
 * One thread.
 */
final class WebhookReceiver implements AutoCloseable {

  private static final byte[] OK =
      "HTTP/1.1 201 Created\r\nContent-Type: application/json\r\nContent-Length: 13\r\n\r\n{\"sid\":\"SM1\"}"
          .getBytes(US_ASCII);
  private static final int REQUEST_SPACE = 64 * 1024;

  private final class Connection {
    private final SocketChannel socket;
    private final ByteBuffer out = ByteBuffer.allocate(64 * OK.length).limit(0);
    private byte[] in = new byte[REQUEST_SPACE];
    private int filled;

    private Connection(SocketChannel socket) {
      this.socket = socket;
    }

    private void ready(SelectionKey key) {
      try {
        if (key.isWritable()) {
          Channels.write(key, socket, out);
        } else {
          receive(key);
        }
      } catch (IOException e) {
        Channels.closeQuietly(socket);
      }
    }

    private void receive(SelectionKey key) throws IOException {
      int read = socket.read(ByteBuffer.wrap(in, filled, in.length - filled));
      if (read < 0) {
        socket.close();
        return;
      }
      filled += read;
      int from = 0;
      int length = request.length(in, from, filled);
      out.clear();
      while (length >= 0) {
        received(in, from, from + length);
        out.put(OK);
        from += length;
        length = out.remaining() < OK.length ? -1 : request.length(in, from, filled);
      }
      System.arraycopy(in, from, in, 0, filled - from);
      filled -= from;
      if (filled == in.length) {
        in = Arrays.copyOf(in, 2 * in.length);
      }
      Channels.write(key, socket, out.flip());
    }
  }

  private byte[] visitPrefix;
  private final Selector selector = Selector.open();
  private final ServerSocketChannel door = ServerSocketChannel.open();
  private final HttpFrame request = new HttpFrame("webhook-id");
  private final Thread thread = new Thread(this::serve, "webhook-receiver");
  private final BitSet arrived = new BitSet();
  private final Set<String> ids = new HashSet<>();
  private int arrivedCount;
  private int repeated;
  private int furtherEvents;
  private long requests;
  private long[] arrivedNanos = new long[1024];
  private long lastNanos = System.nanoTime();

  /**
   * Opens the port.
   *
   * @param port 0 takes any free one
   * @param visitPrefix what stands before the number in this run's appointment identifiers
   */
  WebhookReceiver(int port, byte[] visitPrefix) throws IOException {
    this.visitPrefix = visitPrefix.clone();
    door.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1024);
    door.configureBlocking(false);
    door.register(selector, SelectionKey.OP_ACCEPT);
    thread.setDaemon(true);
    thread.start();
  }

  /** Counts anew, for another run; what still comes from the one before does not count. */
  synchronized void expect(byte[] anotherVisitPrefix) {
    visitPrefix = anotherVisitPrefix.clone();
    arrived.clear();
    ids.clear();
    arrivedCount = 0;
    repeated = 0;
    furtherEvents = 0;
    lastNanos = System.nanoTime();
  }

  int port() {
    return door.socket().getLocalPort();
  }

  /** The appointments of this run that a webhook told of. */
  synchronized int arrived() {
    return arrivedCount;
  }

  /** All that was ever posted here, of whomever it speaks. */
  synchronized long requests() {
    return requests;
  }

  /** When the appointment of this number was first told of, by {@link System#nanoTime}. */
  synchronized long arrivedNanos(int number) {
    return arrivedNanos[number];
  }

  /** Webhooks whose webhook-id had come before. */
  synchronized int repeated() {
    return repeated;
  }

  /** Webhooks with an id of their own about an appointment that was told of before. */
  synchronized int furtherEvents() {
    return furtherEvents;
  }

  /** When the last appointment was told of for the first time, by {@link System#nanoTime}. */
  synchronized long lastNanos() {
    return lastNanos;
  }

  @Override
  public void close() {
    Channels.closeQuietly(selector);
    Channels.closeQuietly(door);
  }

  private void serve() {
    try {
      while (selector.isOpen()) {
        selector.select(this::ready);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (ClosedSelectorException closed) {
      return;
    }
  }

  private void ready(SelectionKey key) {
    if (key.attachment() instanceof Connection connection) {
      connection.ready(key);
      return;
    }
    try {
      SocketChannel socket = door.accept();
      socket.configureBlocking(false);
      socket.register(selector, SelectionKey.OP_READ, new Connection(socket));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private synchronized void received(byte[] bytes, int from, int to) {
    requests++;
    int number = numberIn(bytes, from, to);
    if (number < 0) {
      return;
    }
    if (!ids.add(request.header(bytes))) {
      repeated++;
    } else if (arrived.get(number)) {
      furtherEvents++;
    } else {
      arrived.set(number);
      arrivedCount++;
      lastNanos = System.nanoTime();
      if (number >= arrivedNanos.length) {
        arrivedNanos = Arrays.copyOf(arrivedNanos, 2 * number);
      }
      arrivedNanos[number] = lastNanos;
    }
  }

  /** The number of this run's notification that the bytes speak of; -1 if of none. */
  private int numberIn(byte[] bytes, int from, int to) {
    int last = to - visitPrefix.length - Bookings.DIGITS;
    for (int i = from; i <= last; i++) {
      if (Arrays.equals(bytes, i, i + visitPrefix.length, visitPrefix, 0, visitPrefix.length)) {
        int digits = i + visitPrefix.length;
        return Integer.parseInt(new String(bytes, digits, Bookings.DIGITS, US_ASCII));
      }
    }
    return -1;
  }
}
