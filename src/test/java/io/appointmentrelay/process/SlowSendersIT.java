package io.appointmentrelay.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Senders that take their time, and senders that bring a lot: the others must not notice. */
class SlowSendersIT {

  private static final int EACH_KIND = 100;
  private static final int LARGE = 16 << 20;
  private static final int LARGE_AT_ONCE = 50;

  /** On a machine that is busy with 800 MB, a body may take more than its 30 s. */
  private static final int CUT_AS_TOO_SLOW = 0;

  /** Headers and body have 30 s each; the rest is a busy machine's. */
  private static final Duration CUT_WITHIN = Duration.ofSeconds(40);

  /** The heap may have 512 MB; what the JVM needs beside it, and SQLite's mapped file, is less. */
  private static final long MEMORY_AT_MOST = 1_100L << 20;

  @TempDir private static Path directory;

  private static Receiver receiver;
  private static Mailbox mailbox;
  private static Installation installation;
  private static RelayProcess relay;

  @BeforeAll
  static void start() throws Exception {
    receiver = new Receiver();
    mailbox = new Mailbox();
    installation = Installation.in(directory).sendingTo(mailbox.port(), receiver.port());
    relay = installation.start().awaitReady();
  }

  @AfterAll
  static void stop() {
    relay.close();
    receiver.close();
    mailbox.close();
  }

  @Test
  void whoSendsByteByByteIsCutAndNobodyElseNotices() throws Exception {
    List<Drip> drips = new ArrayList<>();
    for (int i = 0; i < EACH_KIND; i++) {
      drips.add(new Drip(relay.port(), ""));
      drips.add(new Drip(relay.port(), head("redox-fhir", 100_000) + "\r\n\r\n"));
    }
    List<Long> millis = new ArrayList<>();
    HttpClient client = HttpClient.newHttpClient();
    LifeGenerator generator = new LifeGenerator(3);
    long begun = System.nanoTime();
    await("the slow ones are cut")
        .atMost(CUT_WITHIN)
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(100))
        .until(
            () -> {
              for (Life life : generator.next(3)) {
                for (Life.Post post : life.posts()) {
                  long sent = System.nanoTime();
                  assertThat(post(client, post)).isEqualTo(200);
                  millis.add(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - sent));
                }
              }
              drips.forEach(Drip::drop);
              return drips.stream().noneMatch(Drip::isOpen);
            });
    Collections.sort(millis);
    System.out.printf(
        "SlowSendersIT: %d slow ones cut within %d s; beside them %d answers, p50 %d ms, p99 %d ms, max %d ms%n",
        drips.size(),
        TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begun),
        millis.size(),
        millis.get(millis.size() / 2),
        millis.get(millis.size() * 99 / 100),
        millis.get(millis.size() - 1));
    assertThat(millis.get(millis.size() * 95 / 100)).isLessThan(1_000);
    assertThat(relay.isAlive()).isTrue();
  }

  @Test
  void fiftyLargeBodiesAtOnceAreTakenOrPutOff() throws Exception {
    ExecutorService crowd = Executors.newFixedThreadPool(LARGE_AT_ONCE);
    List<Callable<Integer>> posts = new ArrayList<>();
    for (int i = 0; i < LARGE_AT_ONCE; i++) {
      int number = i;
      posts.add(() -> postLarge(number));
    }
    Map<Integer, Integer> answers = new TreeMap<>();
    for (Future<Integer> answer : crowd.invokeAll(posts, 90, TimeUnit.SECONDS)) {
      answers.merge(answer.get(), 1, Integer::sum);
    }
    crowd.shutdownNow();
    System.out.printf(
        "SlowSendersIT: %d bodies of 16 MB at once: %s; %d MB resident%n",
        LARGE_AT_ONCE, answers, relay.residentBytes() >> 20);

    assertThat(answers.keySet()).isSubsetOf(200, 503, CUT_AS_TOO_SLOW);
    assertThat(answers).containsKey(200);
    StoreView store = new StoreView(installation.store());
    // As they lie there: a mark, the length in four bytes, and what is left of them when deflated.
    String length = "hex(substr(body, 2, 4)) = '%08X'".formatted(LARGE);
    assertThat(store.count("SELECT COUNT(*) FROM message WHERE " + length))
        .isEqualTo(answers.getOrDefault(200, 0).longValue());
    await("nothing waits").atMost(Duration.ofSeconds(60)).until(() -> store.waiting() == 0);
    assertThat(post(HttpClient.newHttpClient(), new LifeGenerator(9).next(1).get(0).posts().get(0)))
        .isEqualTo(200);
    assertThat(relay.printed()).doesNotContain("OutOfMemory");
    assertThat(relay.residentBytes()).isLessThan(MEMORY_AT_MOST);
  }

  private static int post(HttpClient client, Life.Post post)
      throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(
                URI.create("http://127.0.0.1:" + relay.port() + "/webhooks/" + post.source()))
            .header("Authorization", "Bearer " + Senders.TOKEN)
            .POST(BodyPublishers.ofString(post.body()))
            .build();
    return client.send(request, BodyHandlers.discarding()).statusCode();
  }

  /** Posts on a bare socket, which also reads an answer that comes before all is sent. */
  private static int postLarge(int number) throws IOException {
    byte[] body = largeBody(number);
    try (Socket socket = new Socket("127.0.0.1", relay.port())) {
      socket.setSoTimeout(80_000);
      socket
          .getOutputStream()
          .write(
              (head("redox-fhir", body.length) + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
      try {
        socket.getOutputStream().write(body);
      } catch (IOException cutOff) {
        // The answer may be there already.
      }
      InputStream in = socket.getInputStream();
      String status = new String(in.readNBytes(12), StandardCharsets.US_ASCII);
      return status.length() < 12 ? CUT_AS_TOO_SLOW : Integer.parseInt(status.substring(9));
    }
  }

  /** Every other one is a single long text, the rest are many small objects. */
  private static byte[] largeBody(int number) {
    String start =
        "{\"resourceType\":\"Bundle\",\"id\":\"large-"
            + number
            + "\",\"type\":\"message\",\"entry\":[";
    String header =
        "{\"resource\":{\"resourceType\":\"MessageHeader\",\"eventUri\":\"https://x.net/AppointmentBooked\"}},"
            + "{\"fullUrl\":\"https://x.net/Appointment?identifier=urn:redox:VIS|large-"
            + number
            + "\",\"resource\":{\"resourceType\":\"Appointment\",\"status\":\"booked\"}}";
    String filling =
        number % 2 == 0
            ? ",{\"resource\":{\"resourceType\":\"Basic\",\"code\":{\"text\":\"x\"}}}"
            : "";
    String end = "],\"language\":\"";
    StringBuilder all = new StringBuilder(LARGE).append(start).append(header);
    while (!filling.isEmpty() && all.length() + filling.length() + 100 < LARGE) {
      all.append(filling);
    }
    all.append(end);
    all.append("x".repeat(LARGE - all.length() - 2)).append("\"}");
    return all.toString().getBytes(StandardCharsets.US_ASCII);
  }

  private static String head(String source, int length) {
    return "POST /webhooks/"
        + source
        + " HTTP/1.1\r\nHost: relay\r\nAuthorization: Bearer "
        + Senders.TOKEN
        + "\r\nContent-Type: application/json\r\nContent-Length: "
        + length;
  }

  /** A connection that sends a byte now and then, first of its headers or of its body. */
  private static final class Drip {
    private static final byte[] ENDLESS_HEADERS =
        ("POST /webhooks/canvas HTTP/1.1\r\nHost: relay\r\nX-Slow: " + "y".repeat(8_000))
            .getBytes(StandardCharsets.US_ASCII);

    private final SocketChannel socket;
    private final boolean inBody;
    private int dropped;
    private boolean open = true;

    Drip(int port, String head) throws IOException {
      socket = SocketChannel.open(new InetSocketAddress("127.0.0.1", port));
      inBody = !head.isEmpty();
      socket.write(ByteBuffer.wrap(head.getBytes(StandardCharsets.US_ASCII)));
      socket.configureBlocking(false);
    }

    void drop() {
      if (!open) {
        return;
      }
      try {
        byte next = inBody ? (byte) ' ' : ENDLESS_HEADERS[dropped++];
        socket.write(ByteBuffer.wrap(new byte[] {next}));
        open = socket.read(ByteBuffer.allocate(1024)) >= 0;
      } catch (IOException cut) {
        open = false;
      }
    }

    boolean isOpen() {
      return open;
    }
  }
}
