package io.appointmentrelay.process;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.appointmentrelay.process.Life.Post;
import io.appointmentrelay.process.StoreView.Kept;
import io.appointmentrelay.store.StoreAddress;
import io.appointmentrelay.store.TestPostgres;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two processes on one PostgreSQL database, every life told to both in turn; then one of them is
 * killed.
 */
class SharedStoreIT {

  private static final int LIVES = 60;

  /** Sixteen webhooks, four mails and four texts are sent at once, and as many written down. */
  private static final int IN_FLIGHT = 48;

  @TempDir private static Path directory;

  @Test
  void theyDoTheWorkOfOneAndOneTakesOverFromTheOther() throws Exception {
    long seed = Long.getLong("seed", System.nanoTime());
    System.out.println("SharedStoreIT: repeat this run's lives with -Dseed=" + seed);
    LifeGenerator generator = new LifeGenerator(seed);
    StoreAddress address = TestPostgres.newSchema();
    StoreView store = new StoreView(address);
    try (Receiver receiver = new Receiver();
        Mailbox mailbox = new Mailbox();
        RelayProcess one = installed("one", address, mailbox, receiver).start();
        RelayProcess two = installed("two", address, mailbox, receiver).start()) {
      one.awaitReady();
      two.awaitReady();
      AtomicInteger posts = new AtomicInteger();
      try (Senders senders =
          new Senders(
              16,
              () -> (posts.incrementAndGet() % 2 == 0 || !two.isAlive() ? one : two).senders())) {
        List<Life> lives = generator.next(LIVES);
        told(senders, lives, LIVES);
        await("nothing waits").atMost(Duration.ofSeconds(60)).until(() -> store.waiting() == 0);

        assertThat(repeats(receiver.webhooks())).isZero();
        assertThat(repeats(mailbox.mails())).isZero();
        assertTold(lives, store.notifications(), receiver);

        lives.addAll(generator.next(LIVES));
        int answered = senders.answered();
        senders.tell(lives.subList(LIVES, 2 * LIVES));
        await("some of them are told")
            .atMost(Duration.ofSeconds(60))
            .until(() -> senders.answered() > answered + LIVES / 2);
        two.kill();
        long killed = System.nanoTime();
        await("all lives are told")
            .atMost(Duration.ofSeconds(60))
            .until(() -> senders.told() == 2 * LIVES);
        await("nothing waits")
            .atMost(Duration.ofSeconds(30))
            .pollInterval(Duration.ofMillis(100))
            .until(() -> store.waiting() == 0);
        Duration took = Duration.ofNanos(System.nanoTime() - killed);
        System.out.printf(
            "SharedStoreIT: all was over %d ms after the kill; %d webhooks and %d mails came twice%n",
            took.toMillis(), repeats(receiver.webhooks()), repeats(mailbox.mails()));

        assertThat(took).isLessThan(Duration.ofSeconds(10));
        assertThat(repeats(receiver.webhooks()) + repeats(mailbox.mails())).isLessThan(IN_FLIGHT);
        assertTold(lives, store.notifications(), receiver);
        assertThat(store.deliveries("dead")).isZero();
      }
    }
    Finished audit = Installation.at(directory.resolve("one")).reading(address).run("audit");
    assertThat(audit.status()).as(audit.printed()).isZero();
  }

  private static Installation installed(
      String name, StoreAddress address, Mailbox mailbox, Receiver receiver) throws Exception {
    return Installation.in(directory.resolve(name))
        .sendingTo(mailbox.port(), receiver.port())
        .reading(address);
  }

  private static void told(Senders senders, List<Life> lives, int untilNow) {
    senders.tell(lives);
    await("all lives are told")
        .atMost(Duration.ofSeconds(60))
        .until(() -> senders.told() == untilNow);
  }

  private static void assertTold(List<Life> lives, List<Kept> kept, Receiver receiver) {
    Map<String, String> eventOf = new LinkedHashMap<>();
    kept.stream()
        .filter(row -> row.event() != null)
        .forEach(row -> eventOf.putIfAbsent(row.body(), row.event()));
    SoftAssertions softly = new SoftAssertions();
    for (Life life : lives) {
      if (!life.events().isEmpty()) {
        softly
            .assertThat(life.posts().stream().map(Post::body).map(eventOf::get).toList())
            .as("%s %s", life.email(), life.summary())
            .isEqualTo(life.events());
      }
    }
    softly.assertAll();
    Webhooks.assertCompleteAndInOrder(receiver.webhooks(), kept);
  }

  private static long repeats(List<Arrival> arrivals) {
    return arrivals.stream()
        .collect(groupingBy(arrival -> arrival.key() + arrival.recipient(), counting()))
        .values()
        .stream()
        .mapToLong(times -> times - 1)
        .sum();
  }
}
