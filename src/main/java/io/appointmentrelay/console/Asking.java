package io.appointmentrelay.console;

import io.appointmentrelay.appointment.EhrAnswer;
import io.appointmentrelay.appointment.EhrQuestion;
import io.appointmentrelay.store.Page;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Lists for which an EHR is asked first: what it answers goes through the inbox. Waits for the EHR.
 */
public final class Asking {

  /** Who is asked. */
  public interface Ehrs {

    /** The sources whose EHR can be asked. */
    Set<String> sources();

    /** Asks for free slots. */
    EhrAnswer slots(EhrQuestion question);

    /** Asks for booked visits. */
    EhrAnswer booked(EhrQuestion question);

    /** Sends the slots that are offered. */
    EhrAnswer push(EhrQuestion question);
  }

  /** A list, and what was answered to the question before it. */
  record AskedPage<T>(List<T> items, @Nullable String next, EhrAnswer asked) {}

  static final List<String> WHOM = List.of("redox");

  private static final Duration AHEAD = Duration.ofDays(14);

  private interface Question {
    EhrAnswer ask(EhrQuestion question);
  }

  private final Ehrs ehrs;
  private final Clock clock;

  Asking(Ehrs ehrs, Clock clock) {
    this.ehrs = ehrs;
    this.clock = clock;
  }

  EhrAnswer forSlots(Parameters asked) {
    return ask(asked, ehrs::slots);
  }

  EhrAnswer forVisits(Parameters asked) {
    return ask(asked, ehrs::booked);
  }

  EhrAnswer push(Parameters asked) {
    return ask(asked, ehrs::push);
  }

  static <T> AskedPage<T> page(Page<T> page, EhrAnswer answer) {
    return new AskedPage<>(page.items(), page.next(), answer);
  }

  private EhrAnswer ask(Parameters asked, Question question) {
    if (asked.text("after") != null) {
      throw Refusal.wrong(
          "ask= is expected with the first page of a list; found after= beside it."
              + " Leave ask= out for the pages that follow.");
    }
    Instant from = Objects.requireNonNullElse(asked.time("from"), clock.instant());
    Instant to = Objects.requireNonNullElse(asked.time("to"), from.plus(AHEAD));
    if (!from.isBefore(to)) {
      throw Refusal.wrong(
          "from= is expected to be before to=; found the contrary. Correct one, and ask again.");
    }
    return question.ask(
        new EhrQuestion(
            source(asked.text("source")),
            from,
            to,
            asked.text("provider"),
            asked.text("location"),
            asked.text("patient")));
  }

  private String source(@Nullable String said) {
    Set<String> sources = ehrs.sources();
    if (said == null && sources.size() == 1) {
      return sources.iterator().next();
    }
    if (said == null || !sources.contains(said)) {
      throw Refusal.wrong(
          "source= expects a source whose EHR can be asked "
              + sources
              + "; found another or none. Name one, or set relay.source.<name>.query.base-url.");
    }
    return said;
  }
}
