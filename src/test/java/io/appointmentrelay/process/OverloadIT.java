package io.appointmentrelay.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The clinic's own system is slower than the senders for a while: more waits than is held in
 * memory.
 */
class OverloadIT {

  private static final int LIVES = 1_500;

  @TempDir private Path directory;

  @Test
  void eventsThatHadToWaitArriveOnceAndInTheirOrder() throws Exception {
    try (Receiver receiver = new Receiver();
        Mailbox mailbox = new Mailbox()) {
      Installation installation =
          Installation.in(directory).sendingTo(mailbox.port(), receiver.port());
      StoreView store = new StoreView(installation.store());
      try (RelayProcess relay = installation.start().awaitReady();
          Senders senders = new Senders(16, relay::senders)) {
        receiver.takes(1_000);
        senders.tell(new LifeGenerator(29).next(LIVES));
        await("all lives are told")
            .atMost(Duration.ofSeconds(150))
            .until(() -> senders.told() == LIVES);
        receiver.takes(2);
        await("nothing waits").atMost(Duration.ofSeconds(90)).until(() -> store.waiting() == 0);
        relay.stop(Duration.ofSeconds(35));
      }
      assertThat(receiver.webhooks().stream().map(Arrival::key).toList()).doesNotHaveDuplicates();
      Webhooks.assertCompleteAndInOrder(receiver.webhooks(), store.notifications());
    }
  }
}
