package io.appointmentrelay.intake;

import io.appointmentrelay.appointment.EventNumber;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the door must know of one appointment in a notification.
 *
 * @param label the sender's name for what happened, for display; absent if there is none
 * @param appointment what the source calls the appointment; absent if it names none
 * @param replaces what the source calls the appointment whose place it takes; absent: none, or it
 *     cannot be told by the bytes
 * @param deduplicationKey equal for two notifications only if the second is a repeat of the first;
 *     absent: repeats cannot be told by their bytes
 * @param numbers what it tells of its place in a subscription's life, by which gaps are noticed
 * @param lane what else keeps its order, where there is no appointment: kept as a code alone;
 *     absent: nothing
 */
public record Part(
    @Nullable String label,
    @Nullable String appointment,
    @Nullable String replaces,
    @Nullable String deduplicationKey,
    List<EventNumber> numbers,
    @Nullable String lane) {

  /** Of a sender that numbers what it tells. */
  public Part(
      @Nullable String label,
      @Nullable String appointment,
      @Nullable String replaces,
      @Nullable String deduplicationKey,
      List<EventNumber> numbers) {
    this(label, appointment, replaces, deduplicationKey, numbers, null);
  }

  /** Of a sender that does not number what it tells. */
  public Part(
      @Nullable String label,
      @Nullable String appointment,
      @Nullable String replaces,
      @Nullable String deduplicationKey) {
    this(label, appointment, replaces, deduplicationKey, List.of());
  }

  /** Of an appointment that takes no other's place. */
  public Part(
      @Nullable String label, @Nullable String appointment, @Nullable String deduplicationKey) {
    this(label, appointment, null, deduplicationKey);
  }

  /** The same, one after another with what else is in that lane. */
  public Part inLane(@Nullable String other) {
    return new Part(label, appointment, replaces, deduplicationKey, numbers, other);
  }

  /** Nothing could be read. */
  public static final Part UNREADABLE = new Part(null, null, null);
}
