package io.appointmentrelay.appointment;

/**
 * A number that a notification tells of its place among all of a sender's subscription.
 *
 * @param subscription what the sender calls it
 */
public record EventNumber(String subscription, long number, Meaning meaning) {

  /** What is known by the number. */
  public enum Meaning {
    /** The event of that number is here. */
    HERE,
    /** There were so many; which of them are here is another question. */
    SO_FAR,
    /** The subscription begins, or begins anew, behind that number. */
    BEGINS_BEHIND
  }
}
