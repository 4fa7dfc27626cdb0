package io.appointmentrelay.command;

import com.fasterxml.jackson.databind.JsonNode;
import io.appointmentrelay.command.ConsoleClient.Answer;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Has a running relay compare all visits that a source's FHIR server has with what it knows, and
 * says what came of it. Goes by the console.
 */
public final class Reconcile {

  private static final int DONE = 0;
  private static final int NOT_DONE = 1;
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(500);

  private final ConsoleClient console;

  public Reconcile(ConsoleClient console) {
    this.console = console;
  }

  /**
   * Asks for it and waits until it is over.
   *
   * @param from the first day of visits, as {@code 2026-03-01}; absent: yesterday
   * @param to the last day; absent: as {@code poll.window} says
   * @return the exit status: 0; 1 if it was not done
   */
  public int run(String source, @Nullable String from, @Nullable String to, PrintWriter out) {
    Map<String, String> wanted = new LinkedHashMap<>();
    wanted.put("source", source);
    if (from != null) {
      wanted.put("from", from);
    }
    if (to != null) {
      wanted.put("to", to);
    }
    Optional<Answer> asked = console.ask("POST", "/api/reconciliations", wanted);
    if (asked.isEmpty()) {
      out.println(
          "Expected a running relay, which knows what it was told; found none. Start it, or correct"
              + " relay.console.port. Nothing was compared.");
      return NOT_DONE;
    }
    if (!asked.get().isDone()) {
      out.println(asked.get().error());
      return NOT_DONE;
    }
    return follow(asked.get().body(), out);
  }

  private int follow(JsonNode first, PrintWriter out) {
    JsonNode now = first;
    String said = "";
    while (now.path("endedAt").isNull()) {
      String progress = progress(now);
      if (!progress.equals(said)) {
        out.println(progress);
        said = progress;
      }
      LockSupport.parkNanos(BETWEEN_LOOKS.toNanos());
      Optional<Answer> asked =
          console.ask("GET", "/api/reconciliations/" + now.path("id").asLong(), Map.of());
      if (asked.isEmpty() || !asked.get().isDone()) {
        out.println(
            "The relay went away while it compared; it goes on when it is started again. Look at"
                + " /api/reconciliations then.");
        return NOT_DONE;
      }
      now = asked.get().body();
    }
    return conclude(now, out);
  }

  private static String progress(JsonNode now) {
    String reason = now.path("reason").isNull() ? "" : " · " + now.path("reason").asText();
    return String.format(
        Locale.ROOT,
        "… %s, visits of %s to %s: compared %d, to %s%s",
        now.path("status").asText(),
        now.path("from").asText(),
        now.path("to").asText(),
        now.path("compared").asLong(),
        now.path("comparedTo").asText(),
        reason);
  }

  private static int conclude(JsonNode report, PrintWriter out) {
    boolean isDone = report.path("status").asText().equals("done");
    if (!isDone) {
      out.println("Not done: " + report.path("reason").asText());
    }
    report.path("unknown").forEach(one -> out.println("missed     " + one.asText()));
    report
        .path("differing")
        .forEach(
            one -> {
              out.print("differed   " + one.path("identifier").asText() + " ");
              out.println(one.path("fields").toString());
            });
    report.path("left").forEach(one -> out.println("left       " + one.asText()));
    report.path("onlyKnownHere").forEach(one -> out.println("only here  " + one.asText()));
    out.printf(
        Locale.ROOT,
        "Compared %d visits of %s from %s to %s. Missed: %d, differed: %d, left: %d, only known here: %d.%n",
        report.path("compared").asLong(),
        report.path("source").asText(),
        report.path("from").asText(),
        report.path("to").asText(),
        report.path("unknown").size(),
        report.path("differing").size(),
        report.path("left").size(),
        report.path("onlyKnownHere").size());
    return isDone ? DONE : NOT_DONE;
  }
}
