package io.appointmentrelay.command;

import com.fasterxml.jackson.databind.JsonNode;
import io.appointmentrelay.command.ConsoleClient.Answer;
import io.appointmentrelay.store.BrakeStore;
import io.appointmentrelay.store.Store;
import io.appointmentrelay.store.StoreAddress;
import java.io.PrintWriter;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Shows whether the brake holds, and releases it. Goes by the console of a relay that runs, and
 * else by its store.
 */
public final class Brake {

  private static final int DONE = 0;
  private static final int NOT_DONE = 1;
  private static final int WRONG_USE = 2;

  private final ConsoleClient console;
  private final StoreAddress storeAddress;
  private final Clock clock;

  public Brake(ConsoleClient console, StoreAddress storeAddress, Clock clock) {
    this.console = console;
    this.storeAddress = storeAddress;
    this.clock = clock;
  }

  /**
   * Does what is asked, and says so.
   *
   * @param action {@code release}; absent: only look
   * @return the exit status: 0; 1 if it was not done; 2 if it was not understood
   */
  public int run(@Nullable String action, PrintWriter out) {
    if (action != null && !action.equals("release")) {
      out.println("brake expects release, or nothing; found something else. Nothing was changed.");
      return WRONG_USE;
    }
    boolean isRelease = action != null;
    Optional<Answer> answer =
        isRelease
            ? console.ask("POST", "/api/brake/release", Map.of())
            : console.ask("GET", "/api/brake", Map.of());
    if (answer.isEmpty()) {
      try (Store store = StoppedStore.open(storeAddress, clock)) {
        return inStore(store.brake(), isRelease, out);
      }
    }
    if (!answer.get().isDone()) {
      out.println(answer.get().error());
      return NOT_DONE;
    }
    JsonNode brake = answer.get().body();
    boolean isPulled = brake.path("pulled").asBoolean();
    out.println(
        isRelease
            ? "Released."
            : isPulled
                ? holds(brake.path("held").asLong(), brake.path("since").asText())
                : "The brake does not hold anything.");
    return DONE;
  }

  private int inStore(BrakeStore brake, boolean isRelease, PrintWriter out) {
    BrakeStore.Status status = brake.status();
    if (!isRelease) {
      out.println(
          status.isPulled()
              ? holds(status.held(), String.valueOf(status.pulled()))
              : "The brake does not hold anything.");
      return DONE;
    }
    boolean isReleased = brake.release(clock.instant()).join();
    out.println(
        isReleased
            ? "Released; it leaves when the relay runs."
            : "Only a brake that holds is released; this one does not. Nothing was changed.");
    return isReleased ? DONE : NOT_DONE;
  }

  private static String holds(long held, String since) {
    return "The brake has held "
        + held
        + " messages to people since "
        + since
        + ". Look at them (/api/deliveries), cancel what is wrong, then: brake release";
  }
}
