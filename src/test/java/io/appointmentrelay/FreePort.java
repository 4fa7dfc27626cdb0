package io.appointmentrelay;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/** A port for who must know it before it is listened at, or comes back to it. */
public final class FreePort {

  private FreePort() {}

  /**
   * Below the range that systems take for connections out, and for port 0: tests in two processes
   * take many, and one of them could be gone before it is listened at.
   */
  public static int any() {
    while (true) {
      int port = ThreadLocalRandom.current().nextInt(12_000, 32_000);
      try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
        return socket.getLocalPort();
      } catch (IOException taken) {
        // Another one, then.
      }
    }
  }
}
