package io.appointmentrelay.console;

import io.appointmentrelay.appointment.AppointmentRecord;
import io.appointmentrelay.appointment.Reason;
import io.appointmentrelay.appointment.Writeback;
import io.appointmentrelay.appointment.WritebackRules;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import java.util.function.BiPredicate;
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
    Reason objection =
        WritebackRules.judge(
                known.version(),
                known,
                isWritten.test(known, answer),
                testTrafficToo,
                clock.instant())
            .objection();
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
