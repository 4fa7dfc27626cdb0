package io.appointmentrelay.process;

import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.appointmentrelay.process.StoreView.Kept;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** SIGTERM under load: what runs is finished, so that nothing at all is repeated afterwards. */
class StopIT {

  private static final Duration PROMISED = Duration.ofSeconds(35);
  private static final int STOPS = 2;

  /** Much longer than the work of the relay itself: whoever does not wait for it repeats it. */
  private static final int SLOW_ANSWER_MILLIS = 1_500;

  @TempDir private Path directory;

  @Test
  void whatIsTakenAndWhatIsOnItsWayOutlivesAStop() throws Exception {
    try (Receiver receiver = new Receiver();
        Mailbox mailbox = new Mailbox()) {
      Installation installation =
          Installation.in(directory).sendingTo(mailbox.port(), receiver.port());
      StoreView store = new StoreView(installation.store());
      List<Life> lives = new LifeGenerator(17).next(120);
      RelayProcess relay = installation.start().awaitReady();
      AtomicReference<URI> address = new AtomicReference<>(relay.senders());
      try (Senders senders = new Senders(16, address::get)) {
        for (int stop = 1; stop <= STOPS; stop++) {
          receiver.takes(SLOW_ANSWER_MILLIS);
          CountDownLatch moment = new CountDownLatch(1);
          int last = senders.answered() + 100;
          senders.onAnswer(
              count -> {
                if (count >= last) {
                  moment.countDown();
                }
              });
          senders.tell(lives.subList((stop - 1) * 60, stop * 60));
          assertThat(moment.await(60, TimeUnit.SECONDS)).as("senders are answered").isTrue();
          await("webhooks are on their way").until(() -> receiver.inFlight() > 4);

          long begun = System.nanoTime();
          int status = relay.stop(PROMISED);

          System.out.printf(
              "StopIT: stopped with status %d after %d ms%n",
              status, TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun));
          assertThat(status).isIn(0, 143);
          assertThat(relay.printed()).doesNotContain("Not everything ended");
          assertThat(receiver.inFlight()).as("webhooks nobody waits for").isZero();
          assertThat(kept(store)).containsAll(senders.takenBodies());
          assertThat(store.count("SELECT COUNT(*) FROM delivery WHERE status = 'sending'"))
              .as("deliveries left half-way:%n%s", relay.printed())
              .isZero();
          receiver.takes(25);
          relay = installation.start().awaitReady();
          address.set(relay.senders());
          assertThat(relay.printed()).doesNotContain("in flight");
        }
        await("all lives are told")
            .atMost(Duration.ofSeconds(60))
            .until(() -> senders.told() == lives.size());
      }
      await("nothing waits").atMost(Duration.ofSeconds(60)).until(() -> store.waiting() == 0);
      relay.stop(PROMISED);

      assertNothingIsRepeated(receiver.webhooks());
      assertNothingIsRepeated(mailbox.mails());
      assertThat(installation.run("audit").status()).isZero();
    }
  }

  private static Set<String> kept(StoreView store) throws Exception {
    return store.notifications().stream().map(Kept::body).collect(toSet());
  }

  private static void assertNothingIsRepeated(List<Arrival> arrivals) {
    Set<String> keys = new HashSet<>();
    assertThat(arrivals.stream().map(Arrival::key).filter(key -> !keys.add(key)).toList())
        .as("repeated")
        .isEmpty();
  }
}
