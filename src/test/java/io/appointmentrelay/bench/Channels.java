package io.appointmentrelay.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;

/** What the client and the receiver share in handling a socket without blocking. */
final class Channels {
  private Channels() {}

  /** Writes what the socket takes, and asks to be called again for the rest. */
  static void write(SelectionKey key, SocketChannel socket, ByteBuffer out) throws IOException {
    socket.write(out);
    int wanted = out.hasRemaining() ? SelectionKey.OP_WRITE : SelectionKey.OP_READ;
    if (key.interestOps() != wanted) {
      key.interestOps(wanted);
    }
  }

  static void closeQuietly(AutoCloseable closeable) {
    try {
      closeable.close();
    } catch (Exception nothingToDoAboutIt) {
      // The run is over or the connection is lost already.
    }
  }
}
