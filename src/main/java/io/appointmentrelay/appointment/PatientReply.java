package io.appointmentrelay.appointment;

import org.jspecify.annotations.Nullable;

/**
 * A reply of which it is known what it answers.
 *
 * @param meaning of its words
 * @param group of the appointment
 * @param identifier of the appointment, or of the one that has taken its place since
 * @param askedVersion of it that was asked about; absent: none, or an earlier appointment
 * @param isClear false: more than one visit may be meant
 * @param channel by which it came
 * @param words what was written, for text messages
 */
public record PatientReply(
    Meaning meaning,
    String group,
    String identifier,
    @Nullable Integer askedVersion,
    boolean isClear,
    String channel,
    @Nullable String words)
    implements Notice {

  /** What a reply says. */
  public enum Meaning {
    CONFIRM,
    DECLINE,
    CALL,
    /** Only a person can tell. */
    UNKNOWN
  }

  @Override
  public String label() {
    return "reply";
  }

  /** Prints no words. */
  @Override
  public String toString() {
    return "PatientReply[" + meaning + ", " + channel + "]";
  }
}
