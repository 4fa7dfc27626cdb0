package io.appointmentrelay.command;

import com.fasterxml.jackson.databind.JsonNode;
import io.appointmentrelay.command.ConsoleClient.Answer;
import io.appointmentrelay.store.ErasureStore.Erased;
import io.appointmentrelay.store.ErasureStore.Subject;
import io.appointmentrelay.store.Store;
import io.appointmentrelay.store.StoreAddress;
import java.io.PrintWriter;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * Shows what is kept about one patient, in numbers, and erases it when asked to. Goes by the
 * console of a relay that runs, and else by its store. Says nothing of who it is.
 */
public final class Erase {

  private static final int DONE = 0;
  private static final int NOT_DONE = 1;
  private static final int WRONG_USE = 2;
  private static final String BY = "command";

  private final ConsoleClient console;
  private final StoreAddress storeAddress;
  private final Clock clock;

  public Erase(ConsoleClient console, StoreAddress storeAddress, Clock clock) {
    this.console = console;
    this.storeAddress = storeAddress;
    this.clock = clock;
  }

  /**
   * Does what is asked.
   *
   * @param what {@code patient} or {@code appointment}
   * @param which {@code source/identifier}
   * @param subject whom a source means by an identifier
   * @param yes do it; otherwise it is only counted
   * @return the exit status: 0; 1 if it was not done, or not for all; 2 if it was not understood
   */
  public int run(
      String what,
      @Nullable String which,
      BiFunction<String, String, @Nullable Subject> subject,
      boolean yes,
      PrintWriter out) {
    int slash = which == null ? -1 : which.indexOf('/');
    if (which == null || slash < 1 || slash == which.length() - 1) {
      out.println(
          "erase expects --patient or --appointment, and a source and an identifier with a slash between;"
              + " found something else. Nothing was changed.");
      return WRONG_USE;
    }
    String source = which.substring(0, slash);
    String identifier = which.substring(slash + 1);
    Optional<Answer> answer =
        console.ask(
            "POST", "/api/erase?confirm=" + yes, Map.of("source", source, what, identifier));
    if (answer.isEmpty()) {
      Subject known = subject.apply(source, identifier);
      return known == null ? WRONG_USE : inStore(known, yes, out);
    }
    if (!answer.get().isDone()) {
      out.println(answer.get().error());
      return NOT_DONE;
    }
    JsonNode told = answer.get().body();
    Erased erased =
        new Erased(
            told.path("appointments").asLong(),
            told.path("bodies").asLong(),
            told.path("deliveries").asLong(),
            told.path("cancelled").asLong(),
            told.path("busy").asLong());
    return conclude(erased, yes, out);
  }

  private int inStore(Subject subject, boolean yes, PrintWriter out) {
    try (Store store = StoppedStore.open(storeAddress, clock)) {
      Erased erased =
          yes
              ? store.erasures().erase(subject, BY, clock.instant())
              : store.erasures().look(subject);
      return conclude(erased, yes, out);
    }
  }

  private static int conclude(Erased erased, boolean yes, PrintWriter out) {
    if (erased.isNothing()) {
      out.println(
          "Expected somebody, or something, that is known; found nothing. Nothing was changed;"
              + " take the identifier as the source writes it.");
      return NOT_DONE;
    }
    out.printf(
        "%s %d appointments, the bodies of %d notifications, what %d deliveries said of people; %d that waited %s cancelled.%n",
        yes ? "Erased:" : "It would be erased:",
        erased.appointments(),
        erased.bodies(),
        erased.deliveries(),
        erased.cancelled(),
        yes ? "are" : "would be");
    if (erased.busy() > 0) {
      out.println(
          "A message of "
              + erased.busy()
              + " more appointments is just being sent: they are as they were. Run it again in a minute.");
    }
    if (!yes) {
      out.println("Nothing was changed; with --yes it is done, and cannot be undone.");
    }
    return erased.busy() > 0 ? NOT_DONE : DONE;
  }
}
