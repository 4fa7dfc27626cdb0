package io.appointmentrelay.command;

import com.fasterxml.jackson.databind.JsonNode;
import io.appointmentrelay.command.ConsoleClient.Answer;
import io.appointmentrelay.store.PurgeLimits;
import io.appointmentrelay.store.PurgeStore;
import io.appointmentrelay.store.PurgeStore.Purged;
import io.appointmentrelay.store.Store;
import io.appointmentrelay.store.StoreAddress;
import java.io.PrintWriter;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Purges what was kept long enough, or counts it. Goes by the console of a relay that runs, and
 * else by its store.
 */
public final class Purge {

  private static final int DONE = 0;
  private static final int NOT_DONE = 1;

  private final ConsoleClient console;
  private final StoreAddress storeAddress;
  private final Function<Instant, PurgeLimits> limits;
  private final Clock clock;
  private Purged all = new Purged(0, 0, 0);

  /**
   * @param limits what is kept long enough at a time
   */
  public Purge(
      ConsoleClient console,
      StoreAddress storeAddress,
      Function<Instant, PurgeLimits> limits,
      Clock clock) {
    this.console = console;
    this.storeAddress = storeAddress;
    this.limits = limits;
    this.clock = clock;
  }

  /**
   * Does it step by step, and says what is gone.
   *
   * @param dry nothing is changed
   * @return the exit status: 0; 1 if it was not done
   */
  public int run(boolean dry, PrintWriter out) {
    String path = "/api/purge?confirm=" + !dry;
    Optional<Answer> answer = console.ask("POST", path, Map.of());
    if (answer.isEmpty()) {
      return inStore(dry, out);
    }
    while (true) {
      if (!answer.get().isDone()) {
        out.println(answer.get().error());
        return NOT_DONE;
      }
      JsonNode purged = answer.get().body().path("purged");
      all =
          all.plus(
              new Purged(
                  purged.path("bodies").asLong(),
                  purged.path("deliveries").asLong(),
                  purged.path("appointments").asLong()));
      String next = answer.get().body().path("next").textValue();
      if (next == null) {
        return conclude(dry, out);
      }
      answer = console.ask("POST", Steps.address(path, next), Map.of());
      if (answer.isEmpty()) {
        out.println("The relay has stopped meanwhile. What was done stays; run it again.");
        return NOT_DONE;
      }
    }
  }

  private int inStore(boolean dry, PrintWriter out) {
    try (Store store = StoppedStore.open(storeAddress, clock)) {
      PurgeLimits now = limits.apply(clock.instant());
      PurgeStore.Step step = store.purges().step(now, dry, null);
      all = all.plus(step.purged());
      while (step.next() != null) {
        step = store.purges().step(now, dry, step.next());
        all = all.plus(step.purged());
      }
      return conclude(dry, out);
    }
  }

  private int conclude(boolean dry, PrintWriter out) {
    out.printf(
        "%s the bodies of %d notifications, what %d deliveries said of people, what was known of %d appointments.%n",
        dry ? "It would be gone:" : "Gone:", all.bodies(), all.deliveries(), all.appointments());
    return DONE;
  }
}
