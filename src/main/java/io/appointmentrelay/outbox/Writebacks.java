package io.appointmentrelay.outbox;

import io.appointmentrelay.appointment.AppointmentRecord;
import io.appointmentrelay.appointment.Audience;
import io.appointmentrelay.appointment.Delivery;
import io.appointmentrelay.appointment.Nature;
import io.appointmentrelay.appointment.PlannedDelivery;
import io.appointmentrelay.appointment.Reason;
import io.appointmentrelay.appointment.Why;
import io.appointmentrelay.appointment.Writeback;
import io.appointmentrelay.appointment.WritebackOrder;
import io.appointmentrelay.appointment.WritebackRules;
import io.appointmentrelay.settings.Settings;
import io.appointmentrelay.settings.Settings.Source;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Answers on their way into an EHR: whose server takes one, whether it still holds when it would
 * leave, and what staff are to do if it does not arrive (docs/adr/0027).
 */
public final class Writebacks {

  /** The channel that answers go to EHRs by. */
  static final String CHANNEL = "ehr";

  /** What makes an answer needless; with every other reason somebody must look after it. */
  private static final Set<Reason> NOBODY_MISSES_IT =
      EnumSet.of(Reason.CANCELLED_MEANWHILE, Reason.TEST_TRAFFIC, Reason.WRITEBACK_OFF);

  private final Settings settings;
  private final Clock clock;

  Writebacks(Settings settings, Clock clock) {
    this.settings = settings;
    this.clock = clock;
  }

  /**
   * What was judged.
   *
   * @param order absent: there is an objection
   */
  record Judged(@Nullable Reason objection, List<Why> why, @Nullable WritebackOrder order) {}

  static boolean is(Delivery delivery) {
    return delivery.channel().equals(CHANNEL);
  }

  /**
   * The source whose EHR such an answer is written into: the one that spoke last of the
   * appointment, else another of its group; empty: none is.
   */
  public static Optional<Source> target(
      Settings settings, AppointmentRecord appointment, Writeback answer) {
    Source last = settings.sources().get(appointment.source());
    return Stream.concat(Stream.ofNullable(last), settings.sources().values().stream())
        .filter(source -> source.group().equals(appointment.group()))
        .filter(source -> source.writeback().contains(answer.word()))
        .findFirst();
  }

  Judged judge(Delivery delivery, AppointmentRecord appointment, String key) {
    Writeback answer = answer(delivery);
    Source target = target(settings, appointment, answer).orElse(null);
    WritebackRules.Judgement judgement =
        WritebackRules.judge(
            delivery.version(),
            appointment,
            target != null,
            settings.messaging().sendTestTraffic(),
            clock.instant());
    return new Judged(
        judgement.objection(),
        judgement.why(),
        judgement.objection() == null && target != null
            ? new WritebackOrder(
                answer, appointment, target.name(), heardAs(appointment, target), key)
            : null);
  }

  /** The one that spoke last has a route to be heard by. */
  private String heardAs(AppointmentRecord appointment, Source target) {
    return settings.sources().containsKey(appointment.source())
        ? appointment.source()
        : target.name();
  }

  /** What follows from an answer that is not written, for a reason of the closed list. */
  List<PlannedDelivery> tasks(Delivery delivery, AppointmentRecord appointment, Reason reason) {
    boolean cameAnyway = reason == Reason.VISIT_OVER && answer(delivery) == Writeback.CONFIRM;
    return cameAnyway || NOBODY_MISSES_IT.contains(reason)
        ? List.of()
        : tasks(delivery, appointment, reason.words());
  }

  /** What follows from an answer that the EHR did not take. */
  List<PlannedDelivery> tasks(Delivery delivery, AppointmentRecord appointment, String reason) {
    Instant now = clock.instant();
    Writeback answer = answer(delivery);
    List<PlannedDelivery> tasks = new ArrayList<>();
    for (String channel : List.of("email", "sms")) {
      boolean isSilent = channel.equals("sms") && settings.sms().baseUrl() == null;
      if (settings.staff().isOn(channel) && !isSilent) {
        String text = "staff-writeback-failed-" + answer.word();
        tasks.add(
            new PlannedDelivery(channel, Audience.STAFF, Nature.TASK, text, null, now, null, null));
      }
    }
    if (settings.webhook().url() != null) {
      String payload =
          EventPayload.writebackFailed(delivery.id(), answer, appointment, reason, now);
      tasks.add(new PlannedDelivery("webhook", Nature.EVENT, null, null, now, payload));
    }
    return tasks;
  }

  private static Writeback answer(Delivery delivery) {
    return Optional.ofNullable(delivery.text())
        .flatMap(Writeback::of)
        .orElseThrow(() -> new IllegalStateException("a delivery to an EHR says which answer"));
  }
}
