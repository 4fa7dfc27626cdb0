package io.appointmentrelay.acceptance;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import org.subethamail.smtp.MessageContext;
import org.subethamail.smtp.MessageHandler;
import org.subethamail.smtp.RejectException;
import org.subethamail.smtp.server.SMTPServer;

/** Servers that speak SMTP and HTTP, and answer as a test tells them to. */
final class FlakyEnds {

  private FlakyEnds() {}

  /** An HTTP server; what is not told otherwise is answered 201 as Twilio does. */
  static final class Http implements AutoCloseable {

    /** One request as it came. */
    record Received(
        long nanos, String method, String path, Map<String, List<String>> headers, byte[] body) {
      String text() {
        return new String(body, StandardCharsets.UTF_8);
      }

      String header(String name) {
        return headers.getOrDefault(name, List.of("")).get(0);
      }
    }

    /** What is answered; status 0 stands for closing the connection instead. */
    record Reply(int status, String body, String... headers) {}

    private static final Reply QUEUED = new Reply(201, "{\"sid\":\"SM1\",\"status\":\"queued\"}");

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Queue<Reply> script = new ConcurrentLinkedQueue<>();
    private final List<Received> received = new CopyOnWriteArrayList<>();
    private volatile Function<Received, Reply> otherwise = request -> QUEUED;

    Http() {
      try {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 100);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      server.setExecutor(threads);
      server.createContext("/", this::handle);
      server.start();
    }

    private void handle(HttpExchange exchange) throws IOException {
      Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
      headers.putAll(exchange.getRequestHeaders());
      Received request =
          new Received(
              System.nanoTime(),
              exchange.getRequestMethod(),
              exchange.getRequestURI().toString(),
              headers,
              exchange.getRequestBody().readAllBytes());
      received.add(request);
      Reply scripted = script.poll();
      Reply reply = scripted == null ? otherwise.apply(request) : scripted;
      if (reply.status() == 0) {
        exchange.close();
        return;
      }
      for (int i = 0; i < reply.headers().length; i += 2) {
        exchange.getResponseHeaders().add(reply.headers()[i], reply.headers()[i + 1]);
      }
      byte[] body = reply.body().getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(reply.status(), body.length == 0 ? -1 : body.length);
      exchange.getResponseBody().write(body);
      exchange.close();
    }

    Http answers(Reply... replies) {
      script.addAll(Arrays.asList(replies));
      return this;
    }

    Http otherwise(Function<Received, Reply> answer) {
      otherwise = answer;
      return this;
    }

    List<Received> received() {
      return received;
    }

    void forget() {
      script.clear();
      received.clear();
    }

    String address() {
      return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    @Override
    public void close() {
      server.stop(0);
      threads.shutdownNow();
    }
  }

  /** An SMTP server; what is not told otherwise is accepted. */
  static final class Smtp implements AutoCloseable {

    private final SMTPServer server;
    private final Queue<RejectException> recipients = new ConcurrentLinkedQueue<>();
    private final Queue<RejectException> messages = new ConcurrentLinkedQueue<>();
    private final List<jakarta.mail.internet.MimeMessage> received = new CopyOnWriteArrayList<>();
    private final List<String> asked = new CopyOnWriteArrayList<>();

    Smtp(int port) {
      server =
          SMTPServer.port(port)
              .bindAddress(InetAddress.getLoopbackAddress())
              .hostName("localhost")
              .messageHandlerFactory(context -> new Handler(context))
              .build();
      server.start();
    }

    Smtp rejectsRecipient(int code) {
      recipients.add(new RejectException(code, "no such mailbox"));
      return this;
    }

    /** Rejected after it was received whole. */
    Smtp rejectsMessage(int code) {
      messages.add(new RejectException(code, "not now"));
      return this;
    }

    List<jakarta.mail.internet.MimeMessage> received() {
      return received;
    }

    List<String> asked() {
      return asked;
    }

    void forget() {
      recipients.clear();
      messages.clear();
      received.clear();
      asked.clear();
    }

    int port() {
      return server.getPortAllocated();
    }

    @Override
    public void close() {
      server.stop();
    }

    private final class Handler implements MessageHandler {
      private final List<String> to = new ArrayList<>();

      Handler(MessageContext context) {}

      @Override
      public void from(String from) {}

      @Override
      public void recipient(String recipient) throws RejectException {
        asked.add(recipient);
        RejectException rejection = recipients.poll();
        if (rejection != null) {
          throw new RejectException(rejection.getCode(), "no mailbox " + recipient);
        }
        to.add(recipient);
      }

      @Override
      public String data(InputStream data) throws RejectException, IOException {
        try {
          received.add(
              new jakarta.mail.internet.MimeMessage(
                  jakarta.mail.Session.getInstance(new Properties()),
                  new ByteArrayInputStream(data.readAllBytes())));
        } catch (jakarta.mail.MessagingException e) {
          throw new IOException(e);
        }
        RejectException rejection = messages.poll();
        if (rejection != null) {
          throw rejection;
        }
        return null;
      }

      @Override
      public void done() {}
    }
  }
}
