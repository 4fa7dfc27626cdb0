package io.appointmentrelay.messaging;

import io.appointmentrelay.appointment.Delivery;
import io.appointmentrelay.appointment.Purpose;
import io.appointmentrelay.appointment.ReachLimits;
import java.time.LocalDate;
import java.util.Optional;

/** What is remembered of what was sent, and of people by the address they are written to. */
public interface Remembered {

  /** Whether so many messages have left that this one waits for an operator. */
  boolean isBraked(Delivery delivery);

  /** Whether who is written to there has asked not to be, for a purpose or for all. */
  boolean isOptedOut(String recipient, Purpose purpose);

  /**
   * The limit that one more message ahead of a visit would exceed; empty if it may be sent.
   *
   * @param day today, where the recipient is
   * @param delivery the one in question, which does not count itself
   */
  Optional<ReachLimits.Each> exceeded(String recipient, LocalDate day, long delivery);
}
