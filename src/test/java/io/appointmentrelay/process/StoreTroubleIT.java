package io.appointmentrelay.process;

import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.appointmentrelay.process.StoreView.Kept;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The disk of the store is full for a while. It is a small file system of its own, which only root
 * may mount: without that right this is skipped, because no other trouble is as real.
 */
class StoreTroubleIT {

  /** The store's log alone grows to 32 MB before it is folded in. */
  private static final String SIZE = "size=64m";

  @TempDir private Path directory;
  private Path disk;

  @BeforeEach
  void mountSmallDisk() throws Exception {
    disk = Files.createDirectory(directory.resolve("small-disk"));
    assumeTrue(
        succeeds("mount", "-t", "tmpfs", "-o", SIZE, "relay-it", disk.toString()),
        "A small disk cannot be mounted here (that takes root): what a full one does is not tested");
  }

  @AfterEach
  void unmount() throws Exception {
    succeeds("umount", "-l", disk.toString());
  }

  @Test
  void aFullDiskDelaysAndLosesNothing() throws Exception {
    try (Receiver receiver = new Receiver();
        Mailbox mailbox = new Mailbox()) {
      Installation installation =
          Installation.in(directory.resolve("relay"))
              .sendingTo(mailbox.port(), receiver.port())
              .set("relay.data-dir", disk.toString());
      StoreView store = new StoreView(installation.store());
      LifeGenerator generator = new LifeGenerator(23);
      List<Life> lives = generator.next(300);
      try (RelayProcess relay = installation.start().awaitReady();
          Senders senders = new Senders(16, relay::senders)) {
        receiver.takes(200);
        senders.tell(lives.subList(0, 100));
        await("some are taken").until(() -> senders.answered() > 50);
        Path filler = disk.resolve("filler");
        fill(filler);
        senders.tell(lives.subList(100, 300));
        await("the disk is full")
            .atMost(Duration.ofSeconds(30))
            .until(() -> senders.unanswered() > 100);

        HttpResponse<String> refused =
            post(relay.senders(), generator.next(1).get(0).posts().get(0));
        assertThat(refused.statusCode()).as(refused.body()).isEqualTo(503);
        assertThat(refused.headers().firstValue("Retry-After")).isPresent();
        await("what is on its way has ended").until(() -> receiver.inFlight() == 0);
        Files.delete(filler);

        receiver.takes(25);
        await("all lives are told")
            .atMost(Duration.ofSeconds(60))
            .until(() -> senders.told() == lives.size());
        await("nothing waits").atMost(Duration.ofSeconds(60)).until(() -> store.waiting() == 0);
        System.out.printf(
            "StoreTroubleIT: %d taken, %d times put off, %d webhooks for %d events%n",
            senders.answered(),
            senders.unanswered(),
            receiver.webhooks().size(),
            receiver.webhooks().stream().map(Arrival::key).distinct().count());
        assertThat(kept(store)).containsAll(senders.takenBodies());
        Webhooks.assertCompleteAndInOrder(receiver.webhooks(), store.notifications());
        assertThat(receiver.webhooks().stream().map(Arrival::key).toList()).doesNotHaveDuplicates();
        assertThat(installation.run("audit").status()).isZero();
        assertThat(relay.stop(Duration.ofSeconds(35))).isIn(0, 143);
      }
    }
  }

  private static Set<String> kept(StoreView store) throws Exception {
    return store.notifications().stream().map(Kept::body).collect(toSet());
  }

  private static HttpResponse<String> post(URI relay, Life.Post post) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(relay.resolve("/webhooks/" + post.source()))
            .header("Authorization", "Bearer " + Senders.TOKEN)
            .POST(BodyPublishers.ofString(post.body()))
            .build();
    return HttpClient.newHttpClient().send(request, BodyHandlers.ofString());
  }

  /** Writes until nothing more fits. */
  private static void fill(Path filler) throws IOException {
    byte[] block = new byte[4096];
    try (OutputStream out = Files.newOutputStream(filler)) {
      while (true) {
        out.write(block);
      }
    } catch (IOException full) {
      assertThat(Files.size(filler)).isPositive();
    }
  }

  private static boolean succeeds(String... command) throws Exception {
    try {
      return Finished.of(new ProcessBuilder(command).redirectErrorStream(true).start()).status()
          == 0;
    } catch (IOException noSuchCommand) {
      return false;
    }
  }
}
