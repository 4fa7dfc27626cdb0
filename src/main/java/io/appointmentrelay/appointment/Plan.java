package io.appointmentrelay.appointment;

import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Everything one notification causes, collected while it runs through its route and committed as
 * one. Exactly one verdict makes it whole; safe for the branches of one exchange.
 */
public final class Plan {

  /** How a run may end. */
  public sealed interface Verdict {
    /** Something happened to an appointment, or nothing did (UNCHANGED, STALE). */
    record Applied(AppointmentEvent event) implements Verdict {}

    /** Somebody answered an appointment, which is as it was: only its EHR tells how it is. */
    record Answered(AppointmentEvent event) implements Verdict {}

    /**
     * Slots are to be stored; their days are days in {@code zone}, and who speaks of the
     * appointments that may take them is {@code group}.
     */
    record Slots(SlotsNotice notice, ZoneId zone, String group) implements Verdict {}

    /** The notification is kept, and speaks of nothing that happened to an appointment itself. */
    record Noted() implements Verdict {}

    /**
     * The notification is set aside; the reason says what was expected, what was found, what to do.
     */
    record Parked(String reason) implements Verdict {}
  }

  private final List<Verdict> verdicts = new ArrayList<>(1);
  private final List<PlannedDelivery> deliveries = new ArrayList<>();
  private final Set<String> notes = new LinkedHashSet<>();
  private final List<OptOutChoice> choices = new ArrayList<>(0);
  private @Nullable String words;

  public synchronized void add(Verdict verdict) {
    verdicts.add(verdict);
  }

  public synchronized void add(PlannedDelivery delivery) {
    deliveries.add(delivery);
  }

  /** Takes along what somebody who is written to has chosen. */
  public synchronized void add(OptOutChoice choice) {
    choices.add(choice);
  }

  public synchronized List<OptOutChoice> choices() {
    return List.copyOf(choices);
  }

  /** Takes along what a patient wrote, for those who must read it to answer. */
  public synchronized void words(@Nullable String written) {
    words = written;
  }

  public synchronized @Nullable String words() {
    return words;
  }

  /** Keeps a sentence about how it was judged, for whoever looks; never about a person. */
  public synchronized void note(String sentence) {
    notes.add(sentence);
  }

  /** The sentences, in the order they were said; null if nothing was. */
  public synchronized @Nullable String notes() {
    return notes.isEmpty() ? null : String.join(" ", notes);
  }

  /** The one verdict; null if there is none or more than one, which is a fault of the route. */
  public synchronized @Nullable Verdict verdict() {
    return verdicts.size() == 1 ? verdicts.get(0) : null;
  }

  /** The event of the one verdict, if it is about an appointment. */
  public synchronized @Nullable AppointmentEvent event() {
    Verdict verdict = verdict();
    if (verdict instanceof Verdict.Answered answered) {
      return answered.event();
    }
    return verdict instanceof Verdict.Applied applied ? applied.event() : null;
  }

  public synchronized int verdictCount() {
    return verdicts.size();
  }

  public synchronized List<PlannedDelivery> deliveries() {
    return List.copyOf(deliveries);
  }
}
