package io.appointmentrelay.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;

/**
 * What sealing costs a notification: the values alone, and the accept path with and without a key,
 * turn by turn. Run by hand; no test.
 */
final class SealingCost {

  private static final int TURNS = 5;
  private static final int ACCEPTED = 60_000;
  private static final int AT_ONCE = 256;
  private static final Seal SEAL = Seal.of(List.of(SealTest.key("one", 1)));

  private SealingCost() {}

  public static void main(String[] args) throws Exception {
    PrintStream out = System.out;
    byte[] body = "x".repeat(2_000).getBytes(UTF_8);
    String state = "x".repeat(1_300);
    String small = "x".repeat(300);
    for (int turn = 0; turn < TURNS; turn++) {
      long began = cpu();
      int rounds = 100_000;
      long length = 0;
      for (int i = 0; i < rounds; i++) {
        length += SEAL.bytes(body, "message.body\ncanvas\n17").length;
        length += SEAL.text(state, "appointment.state\ncanvas\n17").length();
        length += SEAL.text(small, "timeline.changes\n17-1").length();
        length += SEAL.text(state, "delivery.payload\ncanvas\n17").length();
      }
      double each = (cpu() - began) / 1e3 / rounds;
      out.printf(Locale.ROOT, "body, state, changes, payload: %.2f µs (%d)%n", each, length);
    }
    for (int turn = 0; turn < TURNS; turn++) {
      double plain = accept(body, List.of());
      double sealed = accept(body, List.of(SealTest.key("one", 1)));
      out.printf(
          Locale.ROOT,
          "processor time of an accepted notification, µs: plain %.1f, sealed %.1f, ratio %.2f%n",
          plain,
          sealed,
          plain / sealed);
    }
  }

  /** Of the whole process: who else is on the machine does not count. */
  private static long cpu() {
    return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getProcessCpuTime();
  }

  private static double accept(byte[] body, List<SealingKey> keys) throws Exception {
    Path directory = Files.createTempDirectory("sealing-cost");
    StoreAddress address =
        StoreAddress.of("jdbc:sqlite:" + directory.resolve("relay.db")).sealedWith(keys);
    Semaphore room = new Semaphore(AT_ONCE);
    try (Store store = Store.open(address.open(), Clock.systemUTC())) {
      accept(store, body, ACCEPTED / 6, room, 0);
      long began = cpu();
      accept(store, body, ACCEPTED, room, ACCEPTED);
      return (cpu() - began) / 1e3 / ACCEPTED;
    } finally {
      delete(directory);
    }
  }

  private static void accept(Store store, byte[] body, int count, Semaphore room, int from)
      throws InterruptedException {
    for (int i = 0; i < count; i++) {
      room.acquire();
      String key = "visit " + (from + i);
      NewPart part = new NewPart("AppointmentBooked", key, key, key.getBytes(UTF_8));
      CompletableFuture<?> kept =
          store.inbox().accept("canvas", Instant.now(), body, List.of(part));
      kept.whenComplete((done, failure) -> room.release());
    }
    room.acquire(AT_ONCE);
    room.release(AT_ONCE);
  }

  private static void delete(Path directory) throws IOException {
    try (var files = Files.list(directory)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(directory);
  }
}
