package io.appointmentrelay.appointment;

import org.jspecify.annotations.Nullable;

/**
 * What somebody wrote or tapped, before it is known what it answers.
 *
 * @param label {@code stop}, {@code start} and {@code help}, by which carriers are spoken to;
 *     {@code reply} for other words; {@code confirm}, {@code decline} and {@code call} for a link
 * @param channel by which it came
 * @param from the number it came from, for text messages
 * @param words what was written, for text messages
 * @param asked which message it answers, for links: in a text message nothing says so
 */
public record ReplyNotice(
    String label,
    String channel,
    @Nullable String from,
    @Nullable String words,
    @Nullable Asked asked)
    implements Notice {

  /**
   * The message that is answered.
   *
   * @param delivery its id
   * @param version of the appointment that it asked about
   */
  public record Asked(long delivery, int version) {}

  /** Prints neither number nor words. */
  @Override
  public String toString() {
    return "ReplyNotice[" + label + ", " + channel + "]";
  }
}
