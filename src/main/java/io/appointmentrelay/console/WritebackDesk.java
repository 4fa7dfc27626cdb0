package io.appointmentrelay.console;

import io.appointmentrelay.appointment.AppointmentRecord;
import io.appointmentrelay.appointment.Reason;
import io.appointmentrelay.appointment.Writeback;
import io.appointmentrelay.appointment.WritebackRules;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import java.util.function.BiPredicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Where staff hand in what was answered to an appointment, by telephone or at the desk, so that its
 * EHR knows. What would not be written is refused at once. Waits for the store.
 */
public final class WritebackDesk {

  /** Keeps an answer; completes with its notification's id when it is durable. */
  public interface Inbox {
    CompletableFuture<String> keep(AppointmentRecord appointment, Writeback answer);
  }

  private final BiFunction<String, String, Optional<AppointmentRecord>> appointments;
  private final BiPredicate<AppointmentRecord, Writeback> isWritten;
  private final boolean testTrafficToo;
  private final Inbox inbox;
  private final Clock clock;

  /**
   * @param appointments by group and identifier
   * @param isWritten whether an EHR takes such answers to such an appointment
   * @param testTrafficToo whether what the sender marks as a test is written as well
   */
  public WritebackDesk(
      BiFunction<String, String, Optional<AppointmentRecord>> appointments,
      BiPredicate<AppointmentRecord, Writeback> isWritten,
      boolean testTrafficToo,
      Inbox inbox,
      Clock clock) {
    this.appointments = appointments;
    this.isWritten = isWritten;
    this.testTrafficToo = testTrafficToo;
    this.inbox = inbox;
    this.clock = clock;
  }

  /** What was handed in: its own notification, and the version of the appointment that it is to. */
  record Receipt(
      String notification, String action, String source, String appointment, int version) {}

  /**
   * Whether an answer would be taken now.
   *
   * @param possible it would be
   * @param reason why not, in the words of deliveries; absent: it would be
   */
  record Choice(String action, boolean possible, @Nullable String reason) {}

  /** All answers there are, each with whether it would be taken. */
  record Choices(String source, String appointment, int version, List<Choice> answers) {}

  /** What may be handed in for an appointment as it is; empty: it is not known. */
  Optional<Choices> choices(String group, String identifier) {
    return appointments
        .apply(group, identifier)
        .map(
            known ->
                new Choices(
                    known.source(),
                    known.identifier(),
                    known.version(),
                    Stream.of(Writeback.values()).map(answer -> choice(known, answer)).toList()));
  }

  private Choice choice(AppointmentRecord known, Writeback answer) {
    Reason objection = objection(known, answer);
    return new Choice(
        answer.word(), objection == null, objection == null ? null : objection.words());
  }

  private @Nullable Reason objection(AppointmentRecord known, Writeback answer) {
    return WritebackRules.judge(
            known.version(), known, isWritten.test(known, answer), testTrafficToo, clock.instant())
        .objection();
  }

  /**
   * Takes an answer.
   *
   * @param version the version that was answered; absent: the one known now
   */
  Receipt take(Writeback answer, String group, String identifier, @Nullable Integer version) {
    AppointmentRecord known =
        appointments
            .apply(group, identifier)
            .orElseThrow(
                () ->
                    Refusal.notFound(
                        "Expected an appointment that is known; found none of that identifier."
                            + " Take it from the list."));
    if (version != null && version != known.version()) {
      throw Refusal.conflict(
          "An answer is to the appointment as it is, version "
              + known.version()
              + "; this one is to version "
              + version
              + ". Nothing was changed; look at it again.");
    }
    Reason objection = objection(known, answer);
    if (objection != null) {
      throw Refusal.conflict(
          "An answer is written back for an appointment that is to take place, where relay.source.<name>.writeback says "
              + answer.word()
              + "; for this one: "
              + objection.words()
              + ". Nothing was changed.");
    }
    String notification = inbox.keep(known, answer).join();
    return new Receipt(
        notification, answer.word(), known.source(), known.identifier(), known.version());
  }
}
