package io.appointmentrelay.intake;

/**
 * A notification that was kept but cannot be understood: it is parked with this message as the
 * reason.
 */
public final class UnreadableNotification extends Exception {

  private static final long serialVersionUID = 1L;

  /**
   * @param expected what the format asks for
   * @param found what was there instead, never a piece of the body
   * @param remedy what to do now
   */
  public UnreadableNotification(String expected, String found, String remedy) {
    super(expected + "; " + found + ". " + remedy);
  }
}
