package io.appointmentrelay.sandbox;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.subethamail.smtp.helper.SimpleMessageListener;
import org.subethamail.smtp.server.SMTPServer;

/**
 * An SMTP server on the loopback address that accepts every message for everybody and keeps it in
 * {@link SandboxMessages}, one per recipient. Nothing is rejected and nothing is passed on: a mail
 * that cannot be read as MIME is kept as it came.
 */
public final class SandboxMailbox implements AutoCloseable {

  private final ExecutorService sessions =
      Executors.newCachedThreadPool(
          task -> {
            Thread thread = new Thread(task, "sandbox-mailbox");
            thread.setDaemon(true);
            return thread;
          });
  private final SMTPServer server;

  /**
   * @param port where to listen; 0 takes any free one
   */
  public SandboxMailbox(int port, SandboxMessages messages) {
    server =
        SMTPServer.port(port)
            .bindAddress(InetAddress.getLoopbackAddress())
            // Named, because asking for it is a DNS look-up that can take seconds.
            .hostName("localhost")
            .insertReceivedHeaders(false)
            .executorService(sessions)
            .simpleMessageListener(new Keeper(messages))
            .build();
  }

  /**
   * Opens the port.
   *
   * @throws IllegalStateException if it is in use
   */
  public void start() {
    try {
      server.start();
    } catch (RuntimeException e) {
      sessions.shutdownNow();
      throw new IllegalStateException(
          "The sandbox mailbox expected to listen on 127.0.0.1, port "
              + server.getPort()
              + "; it could not open it ("
              + e.getMessage()
              + "). End the program that holds the port, or choose another one.",
          e);
    }
  }

  /** The port it listens on, once started. */
  public int port() {
    return server.getPortAllocated();
  }

  /** Closes the port and the connections; what was received stays in the messages. */
  @Override
  public void close() {
    server.stop();
    sessions.shutdownNow();
  }

  private record Keeper(SandboxMessages messages) implements SimpleMessageListener {

    @Override
    public boolean accept(String from, String recipient) {
      return true;
    }

    @Override
    public void deliver(String from, String recipient, InputStream data) throws IOException {
      ReceivedMail mail = ReceivedMail.read(data.readAllBytes());
      messages.add((number, at) -> mail.asMessage(number, at, from, recipient));
    }
  }
}
