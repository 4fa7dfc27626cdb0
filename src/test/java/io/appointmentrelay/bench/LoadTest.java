package io.appointmentrelay.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** That the load generator counts right; its numbers here mean nothing. */
class LoadTest {
  private final Bookings bookings =
      new Bookings(URI.create("http://127.0.0.1/webhooks/redox-fhir"), "sandbox-token");

  @TempDir private Path folder;

  @Test
  void everyNotificationOfTheBareRelayArrives() throws Exception {
    try (WebhookReceiver receiver = new WebhookReceiver(0, bookings.visitPrefix());
        BareRelay bare = new BareRelay(BareStore.ofBodies(folder), receiver.port())) {
      EndToEnd.Result result = EndToEnd.run(bare.address(), bookings, receiver, 8, 1500);

      assertThat(result.arrived()).isEqualTo(1500);
      assertThat(result.missing()).isZero();
      assertThat(result.repeated()).isZero();
      assertThat(result.furtherEvents()).isZero();
      assertThat(result.others()).isEmpty();
      assertThat(result.perSecond()).isPositive();
    }
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void whatIsNotAnswered200IsCountedAndPostedAgain() throws IOException {
    AtomicInteger requests = new AtomicInteger();
    Set<String> kept = ConcurrentHashMap.newKeySet();
    HttpServer relay = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
    relay.createContext(
        "/",
        exchange -> {
          String body = new String(exchange.getRequestBody().readAllBytes(), US_ASCII);
          int request = requests.incrementAndGet();
          if (request == 3) {
            exchange.close();
            return;
          }
          if (request != 2) {
            kept.add(body);
          }
          exchange.sendResponseHeaders(request == 2 ? 503 : 200, 0);
          exchange.close();
        });
    relay.start();
    try {
      ClosedLoop.Result result =
          ClosedLoop.run(relay.getAddress(), bookings, 2, ClosedLoop.Limit.notifications(40));

      assertThat(result.answered()).isEqualTo(40);
      assertThat(kept).hasSize(40);
      assertThat(result.latency().getTotalCount()).isEqualTo(40);
      assertThat(result.others())
          .containsExactlyInAnyOrderEntriesOf(Map.of(503, 1, ClosedLoop.LOST, 1));
    } finally {
      relay.stop(0);
    }
  }

  @Test
  void aRunForATimeCountsOnlyWhatComesAfterTheWarmUp() throws Exception {
    try (BareRelay bare = new BareRelay(BareStore.ofBodies(folder), 0)) {
      ClosedLoop.Result result =
          ClosedLoop.run(bare.address(), bookings, 2, ClosedLoop.Limit.seconds(1, 1));

      assertThat(result.seconds()).isGreaterThanOrEqualTo(1.0);
      assertThat(result.answered()).isPositive();
      assertThat(result.latency().getTotalCount()).isEqualTo(result.answered());
    }
  }

  /** A change of the schema is seen here, not by who measures next. */
  @Test
  void theBareRelayKeepsTheRowsOfAnInboxToo() throws Exception {
    try (BareRelay bare = new BareRelay(BareStore.ofInbox(folder), 0)) {
      ClosedLoop.Result result =
          ClosedLoop.run(bare.address(), bookings, 8, ClosedLoop.Limit.notifications(200));

      assertThat(result.answered()).isEqualTo(200);
      assertThat(result.others()).isEmpty();
    }
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void noRelayIsAConnectException() throws IOException {
    int port;
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = taken.getLocalPort();
    }
    InetSocketAddress nobody = new InetSocketAddress("127.0.0.1", port);

    assertThatThrownBy(() -> ClosedLoop.run(nobody, bookings, 2, ClosedLoop.Limit.notifications(1)))
        .isInstanceOf(ConnectException.class);
  }

  @Test
  void whoIsRefusedDoesNotGoOn() throws IOException {
    HttpServer elsewhere = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
    elsewhere.createContext(
        "/",
        exchange -> {
          exchange.sendResponseHeaders(404, -1);
          exchange.close();
        });
    elsewhere.start();
    try {
      assertThatThrownBy(
              () ->
                  ClosedLoop.run(
                      elsewhere.getAddress(), bookings, 2, ClosedLoop.Limit.notifications(1)))
          .hasMessage("200 was expected; 404 came. Correct --url or --token.");
    } finally {
      elsewhere.stop(0);
    }
  }

  @Test
  void theReceiverTellsRepetitionsFromFurtherEventsAndFromOtherRuns() throws Exception {
    try (WebhookReceiver receiver = new WebhookReceiver(0, bookings.visitPrefix())) {
      String visit = new String(bookings.visitPrefix(), US_ASCII) + "00000003";
      post(receiver, "d-1", visit);
      post(receiver, "d-1", visit);
      post(receiver, "d-2", visit);
      post(receiver, "d-3", "V000x00000004");

      assertThat(receiver.arrived()).isEqualTo(1);
      assertThat(receiver.repeated()).isEqualTo(1);
      assertThat(receiver.furtherEvents()).isEqualTo(1);

      receiver.expect("V111x".getBytes(US_ASCII));
      post(receiver, "d-4", visit);
      assertThat(receiver.arrived()).isZero();
    }
  }

  private static void post(WebhookReceiver receiver, String id, String visit) throws Exception {
    HttpRequest webhook =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + receiver.port() + "/"))
            .header("webhook-id", id)
            .POST(BodyPublishers.ofString("{\"data\":{\"identifier\":\"" + visit + "\"}}"))
            .build();
    assertThat(
            HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .build()
                .send(webhook, BodyHandlers.ofString())
                .body())
        .isEqualTo("{\"sid\":\"SM1\"}");
  }
}
