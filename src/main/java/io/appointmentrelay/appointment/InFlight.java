package io.appointmentrelay.appointment;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What is remembered of a message to a person from its claim until its end is known: enough to find
 * it at its carrier if the process dies in between.
 *
 * @param at when it was claimed
 * @param to the recipient's address
 * @param digest of address and text, to know the message by
 * @param tells what its recipient knows, if it arrives
 */
public record InFlight(Instant at, String to, String digest, @Nullable Told tells) {

  /** Prints nothing that belongs to a person. */
  @Override
  public String toString() {
    return "InFlight[" + at + "]";
  }
}
