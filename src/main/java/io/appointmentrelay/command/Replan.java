package io.appointmentrelay.command;

import com.fasterxml.jackson.databind.JsonNode;
import io.appointmentrelay.command.ConsoleClient.Answer;
import java.io.PrintWriter;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Shows what the routes in force would change among the messages that wait ahead of visits, and
 * does it when asked to. Goes by the console of a relay that runs: only there are routes in force.
 */
public final class Replan {

  private static final int DONE = 0;
  private static final int NOT_DONE = 1;
  private static final int LINES_AT_MOST = 200;
  private static final String LINE = "%-9s %-28s %-14s %-8s %-16s %-21s %s%n";

  /** The API's names of what may differ, and how a line begins that tells of it. */
  private static final Map<String, String> KINDS = kinds();

  private final ConsoleClient console;
  private final Map<String, Long> counts = new LinkedHashMap<>();
  private int lines;

  public Replan(ConsoleClient console) {
    this.console = console;
  }

  private static Map<String, String> kinds() {
    Map<String, String> kinds = new LinkedHashMap<>();
    kinds.put("added", "added");
    kinds.put("dropped", "dropped");
    kinds.put("retimed", "re-timed");
    kinds.put("kept", "kept");
    kinds.put("failed", "failed");
    return kinds;
  }

  /**
   * Does what is asked, and says so page by page.
   *
   * @return the exit status: 0; 1 if it was not done, or not for all
   */
  public int run(boolean confirm, PrintWriter out) {
    String next = null;
    do {
      Optional<Answer> asked = console.ask("POST", address(confirm, next), Map.of());
      if (asked.isEmpty()) {
        out.println(
            "Expected a running relay, whose routes are in force; found none. Start it, or correct"
                + " relay.console.port. Nothing was changed.");
        return NOT_DONE;
      }
      Answer answer = asked.get();
      if (!answer.isDone()) {
        out.println(answer.error());
        return NOT_DONE;
      }
      tell(answer.body(), out);
      next = answer.body().path("next").textValue();
      if (next != null) {
        out.println("… looked at " + counted("appointments", "appointment"));
      }
    } while (next != null);
    return conclude(confirm, out);
  }

  private static String address(boolean confirm, @Nullable String next) {
    String after = next == null ? "" : "&after=" + URLEncoder.encode(next, StandardCharsets.UTF_8);
    return "/api/replan?confirm=" + confirm + after;
  }

  private void tell(JsonNode page, PrintWriter out) {
    for (String number : new String[] {"appointments", "changedMeanwhile"}) {
      counts.merge(number, page.path(number).asLong(), Long::sum);
    }
    KINDS.forEach(
        (kind, word) -> {
          JsonNode found = page.path(kind);
          counts.merge(kind, found.path("count").asLong(), Long::sum);
          found.path("items").forEach(item -> line(word, item, out));
        });
  }

  private void line(String word, JsonNode item, PrintWriter out) {
    if (lines == LINES_AT_MOST) {
      return;
    }
    if (lines == 0) {
      out.printf(
          Locale.ROOT, LINE, "", "appointment", "text", "channel", "lead", "was due", "is due");
    }
    lines++;
    out.printf(
        Locale.ROOT,
        LINE,
        word,
        item.path("source").asText() + "/" + item.path("appointment").asText(),
        item.path("text").asText(""),
        item.path("channel").asText(""),
        lead(item.path("oldLead").asText(""), item.path("newLead").asText("")),
        item.path("oldDue").asText("-"),
        item.path("newDue").asText("-"));
  }

  private static String lead(String old, String changed) {
    boolean isOne = old.isEmpty() || changed.isEmpty() || old.equals(changed);
    return isOne ? (old.isEmpty() ? changed : old) : old + " to " + changed;
  }

  private long count(String what) {
    return counts.getOrDefault(what, 0L);
  }

  private int conclude(boolean confirm, PrintWriter out) {
    long changes = count("added") + count("dropped") + count("retimed");
    long found = changes + count("kept") + count("failed");
    if (found > lines) {
      out.println("… and " + (found - lines) + " more");
    }
    out.printf(
        Locale.ROOT,
        confirm
            ? "Looked at %s to come. Added: %d, dropped: %d, re-timed: %d.%n"
            : "Looked at %s to come. To add: %d, to drop: %d, to re-time: %d.%n",
        counted("appointments", "appointment"),
        count("added"),
        count("dropped"),
        count("retimed"));
    say("kept", "message", "of which the new hour is past", out);
    say("changedMeanwhile", "appointment", "which kept changing: run it again", out);
    say("failed", "appointment", "for which a route failed", out);
    if (changes == 0) {
      out.println("Nothing to change.");
    } else if (!confirm) {
      out.println("Nothing was changed; to do it: replan --confirm");
    }
    return count("failed") + count("changedMeanwhile") == 0 ? DONE : NOT_DONE;
  }

  private String counted(String what, String one) {
    return count(what) + " " + one + (count(what) == 1 ? "" : "s");
  }

  private void say(String what, String one, String sentence, PrintWriter out) {
    if (count(what) > 0) {
      out.println("Left as they are: " + counted(what, one) + ", " + sentence + ".");
    }
  }
}
