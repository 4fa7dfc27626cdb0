package io.appointmentrelay.appointment;

/**
 * Another system refuses this one item, and will refuse it again (SEMANTICS §6, "this item"). The
 * message names systems and codes, never people, and may be shown.
 */
public final class RefusedByOtherEnd extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public RefusedByOtherEnd(String message) {
    super(message);
  }
}
