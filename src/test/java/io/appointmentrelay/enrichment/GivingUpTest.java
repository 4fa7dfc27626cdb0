package io.appointmentrelay.enrichment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.appointmentrelay.appointment.OtherEndUnavailable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Servers that keep one waiting, each by the time-outs that are shipped: 15 and 30 seconds. All are
 * asked at once, each by its own room, so that their times pass beside each other.
 */
class GivingUpTest {

  private static final CountDownLatch OVER = new CountDownLatch(1);
  private static final ExecutorService ASKING = Executors.newCachedThreadPool();

  private static CompletableFuture<Throwable> silent;
  private static CompletableFuture<Throwable> dripping;

  @BeforeAll
  static void askAll() {
    silent = failure((exchange, asked) -> untilOver());
    dripping =
        failure(
            (exchange, asked) -> {
              exchange.sendResponseHeaders(200, 0);
              while (OVER.getCount() > 0) {
                exchange.getResponseBody().write(' ');
                exchange.getResponseBody().flush();
                LockSupport.parkNanos(100_000_000);
              }
            });
  }

  @AfterAll
  static void stop() {
    OVER.countDown();
    ASKING.shutdown();
  }

  private static CompletableFuture<Throwable> failure(RecordedServer.Script script) {
    return CompletableFuture.supplyAsync(
        () -> {
          try (RecordedServer server = new RecordedServer().does(script);
              EnrichmentRoom room = EnrichmentRoom.of("redox-fhir", server.url())) {
            return catchThrowable(() -> room.enrich(Said.lightweight(Said.MR + "|77")));
          }
        },
        ASKING);
  }

  @Test
  void aServerThatSaysNothingIsGivenUpOn() {
    assertThat(silent.join())
        .isInstanceOf(OtherEndUnavailable.class)
        .hasMessageContaining("SocketTimeoutException");
  }

  @Test
  void anAnswerThatDripsIsGivenUpOn() {
    assertThat(dripping.join())
        .isInstanceOf(OtherEndUnavailable.class)
        .hasMessageContaining("InterruptedIOException");
  }

  private static void untilOver() {
    try {
      OVER.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
