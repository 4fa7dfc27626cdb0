package io.appointmentrelay.appointment;

/**
 * What somebody who is written to has chosen: to be left alone at that address, or not any more.
 *
 * @param recipient in the one form in which it is compared
 * @param masked as operators see it
 * @param out false: they want to be written to again
 */
public record OptOutChoice(String recipient, String masked, boolean out) {

  /** Prints no address. */
  @Override
  public String toString() {
    return "OptOutChoice[" + masked + "]";
  }
}
