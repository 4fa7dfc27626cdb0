package io.appointmentrelay.appointment;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a person is told at the moment of sending: the difference between what they were last told
 * and what is true. The rows are those of the table "told against true".
 */
public final class News {

  /**
   * The text to say, or the reason to say nothing; exactly one of the two.
   *
   * @param text the kind of news that is to be told
   */
  public record Decision(@Nullable EventKind text, @Nullable Reason silence) {
    static Decision say(EventKind text) {
      return new Decision(text, null);
    }

    static Decision silent(Reason reason) {
      return new Decision(null, reason);
    }
  }

  private News() {}

  /**
   * Decides for one recipient.
   *
   * @param told what they were last told or are presumed to know; absent: nothing yet
   * @param now the record of the appointment as it is
   */
  public static Decision decide(@Nullable Told told, AppointmentRecord now) {
    StatusGroup truth = now.statusGroup();
    if (truth == StatusGroup.REPLACED) {
      return Decision.silent(told == null ? Reason.NEVER_TOLD : Reason.ALREADY_KNOWS);
    }
    if (told == null) {
      return nothingTold(truth);
    }
    return switch (truth) {
      case OPEN -> nowOpen(told, now.details());
      case PRESENT -> nowPresent(told, now.details());
      case CANCELLED -> nowEnded(told, EventKind.CANCELLED);
      case NOSHOW -> nowEnded(told, EventKind.NO_SHOW);
      default -> Decision.silent(Reason.ALREADY_KNOWS);
    };
  }

  private static Decision nothingTold(StatusGroup truth) {
    return switch (truth) {
      case OPEN -> Decision.say(EventKind.BOOKED);
      // Who stands at the desk needs no confirmation any more.
      case PRESENT -> Decision.silent(Reason.ALREADY_KNOWS);
      default -> Decision.silent(Reason.NEVER_TOLD);
    };
  }

  private static Decision nowOpen(Told told, Details now) {
    if (told.group() == StatusGroup.CANCELLED || told.group() == StatusGroup.NOSHOW) {
      return Decision.say(EventKind.RESTORED);
    }
    if (told.startDiffers(now)) {
      return Decision.say(EventKind.RESCHEDULED);
    }
    return told.othersDiffer(now)
        ? Decision.say(EventKind.MODIFIED)
        : Decision.silent(Reason.ALREADY_KNOWS);
  }

  /** Who came early still hears that the visit moved; that it takes place, they see. */
  private static Decision nowPresent(Told told, Details now) {
    Decision decision = nowOpen(told, now);
    return decision.text() == EventKind.RESTORED ? Decision.silent(Reason.ALREADY_KNOWS) : decision;
  }

  private static Decision nowEnded(Told told, EventKind ending) {
    boolean toldOpen = told.group() == StatusGroup.OPEN || told.group() == StatusGroup.PRESENT;
    return toldOpen ? Decision.say(ending) : Decision.silent(Reason.ALREADY_KNOWS);
  }

  /**
   * The name of the text: the path's own where the table agrees with the path, else the table's
   * word.
   */
  public static String textFor(EventKind decided, EventKind path, @Nullable String pathText) {
    return decided == path ? Objects.requireNonNullElse(pathText, decided.word()) : decided.word();
  }
}
