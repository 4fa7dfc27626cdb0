package io.appointmentrelay.proof;

import java.time.Instant;

/**
 * A message that reached a person, or that should have.
 *
 * @param key the same for the same message sent again after a crash
 * @param text what it says: booked, reminder…
 * @param lead which of several of that text: {@code -P1D}; empty for news
 * @param start the time it names, by the clock of the visit's zone; empty: none
 * @param before the time it names as the one the person knew, for a move
 */
record Message(
    Instant at,
    String key,
    String channel,
    String appointment,
    String text,
    String lead,
    String start,
    String before,
    String place) {

  /** All but the key: each side has keys of its own. */
  @Override
  public String toString() {
    return String.join(
        " ", at.toString(), channel, appointment, text + lead, start, "was:" + before, place);
  }
}
