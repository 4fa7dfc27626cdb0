package io.appointmentrelay.command;

import com.fasterxml.jackson.databind.JsonNode;
import io.appointmentrelay.store.StoreUnavailable;
import java.io.PrintWriter;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Has a running relay ask an EHR behind Redox for free slots or booked visits. */
public final class Ask {

  private static final int DONE = 0;
  private static final int NOT_DONE = 1;
  private static final int WRONG_USE = 2;
  private static final Map<String, String> LISTS =
      Map.of("slots", "/api/slots", "booked", "/api/appointments");

  private final ConsoleClient console;

  public Ask(ConsoleClient console) {
    this.console = console;
  }

  /**
   * Asks, and prints how much was answered; never a patient.
   *
   * @param what {@code slots} or {@code booked}
   * @param source absent: the only one that can be asked
   * @param from absent: now
   * @param to absent: two weeks later
   * @return the exit status: 0, or 1 if it was not answered, or 2 if it is not understood
   */
  public int run(
      String what,
      @Nullable String source,
      @Nullable String from,
      @Nullable String to,
      PrintWriter out) {
    String list = LISTS.get(what);
    if (list == null) {
      out.println("ask expects slots or booked; found another word. Nothing was asked.");
      out.flush();
      return WRONG_USE;
    }
    String path =
        list
            + "?ask=redox"
            + parameter("source", source)
            + parameter("from", from)
            + parameter("to", to);
    try {
      Optional<ConsoleClient.Answer> answer = console.ask("GET", path, "");
      if (answer.isEmpty()) {
        out.println(
            "ask expects a running relay, which is what asks; found none. Start it, and ask again.");
        return NOT_DONE;
      }
      if (!answer.get().isDone()) {
        out.println(answer.get().error());
        return answer.get().status() == 400 ? WRONG_USE : NOT_DONE;
      }
      print(what, answer.get().body().path("asked"), out);
      return DONE;
    } catch (StoreUnavailable e) {
      out.println(e.getMessage());
      return NOT_DONE;
    } finally {
      out.flush();
    }
  }

  private static String parameter(String name, @Nullable String value) {
    return value == null ? "" : "&" + name + "=" + URLEncoder.encode(value, StandardCharsets.UTF_8);
  }

  private static void print(String what, JsonNode asked, PrintWriter out) {
    out.println(
        asked.path("source").asText()
            + ": "
            + asked.path("found").asInt()
            + (what.equals("slots") ? " slots" : " visits")
            + (what.equals("slots")
                ? ""
                : ", of which " + asked.path("differing").asInt() + " were not as known"));
    if (asked.path("unreadable").asInt() > 0) {
      out.println(
          "Passed over, because they have no time or no number: "
              + asked.path("unreadable").asInt());
    }
    if (asked.path("incomplete").asBoolean()) {
      out.println("The EHR has more than it gave: ask for less time at once.");
    }
    out.println("What came of it: " + LISTS.get(what));
  }
}
