package io.appointmentrelay.acceptance;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import io.appointmentrelay.store.RestartablePostgres;
import io.appointmentrelay.store.StoreAddress;
import io.appointmentrelay.store.TestPostgres;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** The database goes away under load and comes back: nothing is lost, nothing needs help. */
class StoreOutageTest {

  private static final int SENDERS = 4;

  @Test
  void whileTheDatabaseIsAwaySendersAreToldToComeBackAndThenAllGoesOn() throws Exception {
    try (RestartablePostgres server = RestartablePostgres.start();
        WebhookEnd clinic = new WebhookEnd();
        RunningRelay relay =
            RunningRelay.with("relay.store.url", server.address().url())
                .set("relay.channel.webhook.url", clinic.address())
                .set("relay.store.user", "postgres")
                .set("relay.store.password", "postgres")
                .start()) {
      Load load = new Load(relay);
      load.start();
      load.awaitAccepted(40);

      for (int outage = 0; outage < 2; outage++) {
        server.stop();
        load.awaitRefused(20);
        assertThat(relay.askConsole("/observe/health").statusCode()).isEqualTo(503);
        server.goOn();
        load.awaitAccepted(load.accepted.get() + 40);
      }
      load.stop();

      relay.awaitIdleInbox();
      relay.awaitIdleOutbox();
      assertThat(load.otherAnswers).isEmpty();
      assertThat(load.refusedWithoutRetryAfter.get()).isZero();
      assertThat(relay.askConsole("/observe/health").statusCode()).isEqualTo(200);
      // Every visit whose sender heard 200 is told to the clinic's own system, once.
      assertThat(told(clinic)).doesNotHaveDuplicates().containsAll(load.visits);
      RunningRelay.assertAccountedFor(server.address());
    }
  }

  @Test
  void whatIsCommittedAndNotHeardOfIsNeitherForgottenNorSentTwice() throws Exception {
    StoreAddress store = TestPostgres.newSchema();
    int database = URI.create(store.url().substring("jdbc:".length())).getPort();
    try (LostReplies network = new LostReplies(database, 7);
        WebhookEnd clinic = new WebhookEnd();
        RunningRelay relay =
            RunningRelay.with(
                    "relay.store.url", store.url().replace(":" + database, ":" + network.port()))
                .set("relay.store.user", "postgres")
                .set("relay.store.password", "postgres")
                .set("relay.channel.webhook.url", clinic.address())
                .start()) {
      network.breaks(true);
      // Nobody comes back: what is kept must run all the same.
      for (int i = 0; network.lost() < 15; i++) {
        relay.post("redox-scheduling", Coming.booked("visit" + i, 20));
      }
      network.breaks(false);

      relay.awaitIdleInbox();
      relay.awaitIdleOutbox();
      assertThat(relay.notifications())
          .allSatisfy(one -> assertThat(one.path("status").asText()).isEqualTo("processed"));
      assertThat(told(clinic)).doesNotHaveDuplicates().hasSameSizeAs(relay.notifications());
      RunningRelay.assertAccountedFor(store);
    }
  }

  private static List<String> told(WebhookEnd clinic) {
    return clinic.bodies.stream()
        .map(RunningRelay::json)
        .map(event -> event.path("data").path("appointment").path("identifier").asText())
        .toList();
  }

  /** The clinic's own system: takes every event, and keeps all. */
  private static final class WebhookEnd implements AutoCloseable {
    private final List<String> bodies = new CopyOnWriteArrayList<>();
    private final HttpServer server;

    WebhookEnd() throws IOException {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      server.createContext(
          "/",
          exchange -> {
            bodies.add(new String(exchange.getRequestBody().readAllBytes(), UTF_8));
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
          });
      server.start();
    }

    String address() {
      return "http://127.0.0.1:" + server.getAddress().getPort() + "/events";
    }

    @Override
    public void close() {
      server.stop(0);
    }
  }

  /** Senders as EHRs are: one notification after another, each until it is taken. */
  private static final class Load {
    private final RunningRelay relay;
    private final AtomicInteger accepted = new AtomicInteger();
    private final AtomicInteger refused = new AtomicInteger();
    private final AtomicInteger refusedWithoutRetryAfter = new AtomicInteger();
    private final List<Integer> otherAnswers = new ArrayList<>();
    private final List<String> visits = new ArrayList<>();
    private final AtomicBoolean over = new AtomicBoolean();
    private final List<Thread> senders = new ArrayList<>();

    Load(RunningRelay relay) {
      this.relay = relay;
    }

    void start() {
      for (int i = 0; i < SENDERS; i++) {
        String prefix = "sender" + i + "visit";
        Thread sender = new Thread(() -> send(prefix));
        senders.add(sender);
        sender.start();
      }
    }

    private void send(String prefix) {
      for (int number = 0; !over.get(); number++) {
        String visit = prefix + number;
        byte[] body = Coming.booked(visit, 20);
        while (!isTaken(visit, body) && !over.get()) {
          await().pollDelay(Duration.ofMillis(50)).until(() -> true);
        }
      }
    }

    private boolean isTaken(String visit, byte[] body) {
      HttpResponse<String> answer = RunningRelay.ask(relay.notification("redox-scheduling", body));
      if (answer.statusCode() == 200) {
        synchronized (visits) {
          visits.add(visit);
        }
        accepted.incrementAndGet();
        return true;
      }
      if (answer.statusCode() != 503) {
        synchronized (otherAnswers) {
          otherAnswers.add(answer.statusCode());
        }
      } else if (answer.headers().firstValue("Retry-After").isEmpty()) {
        refusedWithoutRetryAfter.incrementAndGet();
      }
      refused.incrementAndGet();
      return false;
    }

    void awaitAccepted(int atLeast) {
      await().atMost(Duration.ofSeconds(60)).until(() -> accepted.get() >= atLeast);
    }

    void awaitRefused(int more) {
      int before = refused.get();
      await().atMost(Duration.ofSeconds(60)).until(() -> refused.get() >= before + more);
    }

    void stop() throws InterruptedException {
      over.set(true);
      for (Thread sender : senders) {
        sender.join();
      }
    }
  }
}
