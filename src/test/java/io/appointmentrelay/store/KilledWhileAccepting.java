package io.appointmentrelay.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Clock;
import java.util.List;

/** A process that accepts as fast as it can and says, line by line, what it has answered for. */
final class KilledWhileAccepting {

  static final String ACCEPTED = "accepted ";
  private static final int AT_ONCE = 8;

  private KilledWhileAccepting() {}

  public static void main(String[] args) throws InterruptedException {
    Clock clock = Clock.systemUTC();
    Store store = Store.open(SqliteDatabase.open(args[0]), clock);
    Thread[] accepting = new Thread[AT_ONCE];
    for (int i = 0; i < AT_ONCE; i++) {
      accepting[i] = new Thread(() -> accept(store, clock));
      accepting[i].start();
    }
    for (Thread thread : accepting) {
      thread.join();
    }
  }

  private static void accept(Store store, Clock clock) {
    byte[] body = "{\"a\":\"body\"}".getBytes(UTF_8);
    List<NewPart> parts = List.of(new NewPart("AppointmentBooked", "a", "clinic a", null));
    while (true) {
      WaitingPart part =
          store.inbox().accept("redox-fhir", clock.instant(), body, parts).join().get(0);
      System.out.println(ACCEPTED + part.id());
    }
  }
}
