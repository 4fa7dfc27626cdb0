package io.appointmentrelay.appointment;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whether an answer still holds at the moment it would be written into the EHR. An answer is to
 * what was asked: to no later version of the appointment, and to none that is off or has begun.
 */
public final class WritebackRules {

  /**
   * What was judged.
   *
   * @param objection absent: it may be written
   */
  public record Judgement(@Nullable Reason objection, List<Why> why) {
    public Judgement {
      why = List.copyOf(why);
    }
  }

  private final List<Why> why = new ArrayList<>();
  private final Instant at;

  private WritebackRules(Instant at) {
    this.at = at;
  }

  /**
   * Judges.
   *
   * @param answered the version that was answered
   * @param now the appointment as it is known
   * @param isWritten whether the source's EHR is written to at all
   * @param testTrafficToo whether what the sender marks as a test leaves as well
   */
  public static Judgement judge(
      int answered, AppointmentRecord now, boolean isWritten, boolean testTrafficToo, Instant at) {
    WritebackRules rules = new WritebackRules(at);
    Reason objection = rules.objection(answered, now, isWritten, testTrafficToo);
    return new Judgement(objection, rules.why);
  }

  private @Nullable Reason objection(
      int answered, AppointmentRecord now, boolean isWritten, boolean testTrafficToo) {
    if (!isWritten) {
      return objected("writeback", Reason.WRITEBACK_OFF, "relay.source.<name>.writeback");
    }
    passed("writeback", "");
    if (now.test() && !testTrafficToo) {
      return objected("test traffic", Reason.TEST_TRAFFIC, "the sender marks it as a test");
    }
    passed("test traffic", "");
    StatusGroup group = now.statusGroup();
    if (group == StatusGroup.REPLACED) {
      return objected("cancelled meanwhile", Reason.REPLACED_MEANWHILE, now.status());
    }
    if (group == StatusGroup.CANCELLED || group == StatusGroup.NOSHOW) {
      return objected("cancelled meanwhile", Reason.CANCELLED_MEANWHILE, now.status());
    }
    passed("cancelled meanwhile", now.status());
    String versions = "version " + answered + " was answered, it is at " + now.version();
    if (now.version() != answered) {
      return objected("moved meanwhile", Reason.MOVED_MEANWHILE, versions);
    }
    passed("moved meanwhile", versions);
    return visitOver(now);
  }

  private @Nullable Reason visitOver(AppointmentRecord now) {
    Instant start = now.details().start();
    if (now.statusGroup() == StatusGroup.PRESENT) {
      return objected("visit over", Reason.VISIT_OVER, now.status());
    }
    if (start != null && !at.isBefore(start)) {
      return objected("visit over", Reason.VISIT_OVER, "started " + start);
    }
    passed("visit over", start == null ? "start unknown" : "starts " + start);
    return null;
  }

  private Reason objected(String rule, Reason reason, String detail) {
    why.add(new Why(at, rule, reason.words(), detail));
    return reason;
  }

  private void passed(String rule, String detail) {
    why.add(new Why(at, rule, "ok", detail));
  }
}
