package io.appointmentrelay.intake;

import io.appointmentrelay.appointment.Notice;
import java.util.List;

/**
 * Understands the notifications of one kind of source. Implementations keep no state and are safe
 * for many threads.
 */
public interface NotificationReader {

  /**
   * The light read at the door: which appointments the bytes speak of. Never throws, whatever the
   * bytes are, and never returns an empty list: bytes that cannot be read are {@link
   * Part#UNREADABLE}, one part.
   */
  List<Part> glance(byte[] body);

  /**
   * Reads one part in full.
   *
   * @param part its place in the list that {@link #glance} returned for the same bytes, from 0
   * @throws UnreadableNotification if it cannot be understood; the message says what was expected,
   *     what was found and what to do, and holds nothing of the body but the sender's own label
   */
  Notice read(byte[] body, int part, ReadingContext context) throws UnreadableNotification;
}
