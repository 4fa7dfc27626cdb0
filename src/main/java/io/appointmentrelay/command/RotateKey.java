package io.appointmentrelay.command;

import com.fasterxml.jackson.databind.JsonNode;
import io.appointmentrelay.command.ConsoleClient.Answer;
import io.appointmentrelay.store.KeyRotation;
import io.appointmentrelay.store.Store;
import io.appointmentrelay.store.StoreAddress;
import java.io.PrintWriter;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Seals everything in the store with the first key, and says how far it is. Goes by the console of
 * a relay that runs, and else by its store.
 */
public final class RotateKey {

  private static final int DONE = 0;
  private static final int NOT_DONE = 1;

  private final ConsoleClient console;
  private final StoreAddress storeAddress;
  private final Clock clock;
  private long sealed;

  public RotateKey(ConsoleClient console, StoreAddress storeAddress, Clock clock) {
    this.console = console;
    this.storeAddress = storeAddress;
    this.clock = clock;
  }

  /**
   * Does it, step by step; interrupted, it is begun again with what is left.
   *
   * @return the exit status: 0; 1 if it was not done, or not for all
   */
  public int run(PrintWriter out) {
    Optional<Answer> answer = ask(null);
    if (answer.isEmpty()) {
      return inStore(out);
    }
    while (true) {
      if (!answer.get().isDone()) {
        out.println(answer.get().error());
        return NOT_DONE;
      }
      JsonNode step = answer.get().body();
      String next = step.path("next").textValue();
      sealed += step.path("sealed").asLong();
      if (next == null) {
        int status =
            conclude(
                step.path("key").asText(),
                step.path("left").asLong(),
                step.path("others").asInt(),
                out);
        remember(out);
        return status;
      }
      progress(step.path("table").asText(), out);
      answer = ask(next);
      if (answer.isEmpty()) {
        out.println("The relay has stopped meanwhile. What was done stays; run it again.");
        return NOT_DONE;
      }
    }
  }

  private Optional<Answer> ask(@Nullable String next) {
    return console.ask("POST", Steps.address("/api/keys/rotate", next), Map.of());
  }

  private int inStore(PrintWriter out) {
    try (Store store = StoppedStore.open(storeAddress, clock)) {
      KeyRotation rotation = store.rotation();
      if (!rotation.isPossible()) {
        out.println(
            "Only with a key can be sealed; relay.store.key is unset. Nothing was changed; set it, and try again.");
        return NOT_DONE;
      }
      KeyRotation.Step step = rotation.step(null);
      sealed += step.sealed();
      while (step.next() != null) {
        progress(step.table(), out);
        step = rotation.step(step.next());
        sealed += step.sealed();
      }
      rotation.compact();
      return conclude(step.key(), step.left(), step.others(), out);
    }
  }

  private void remember(PrintWriter out) {
    if (sealed > 0) {
      out.println(
          "If the store was in clear before: pages that it has freed may still hold some of that. Run it once while the"
              + " relay is stopped, which rewrites the file; in PostgreSQL, VACUUM FULL does that.");
    }
  }

  private void progress(String table, PrintWriter out) {
    out.println("… " + sealed + " values sealed, at the table " + table);
  }

  private int conclude(String key, long left, int others, PrintWriter out) {
    out.println(sealed + " values were sealed with the key '" + key + "'.");
    if (others > 0) {
      out.println(
          others
              + " other relay(s) on this store still write with another key. Keep every key, start every relay with this one"
              + " first, and run it again.");
      return NOT_DONE;
    }
    if (left == 0) {
      out.println("Everything is; the other keys can be taken out of relay.store.key.");
      return DONE;
    }
    out.println(
        left
            + " values are not: they do not open, or were written meanwhile."
            + " Keep every key, and run it again.");
    return NOT_DONE;
  }
}
