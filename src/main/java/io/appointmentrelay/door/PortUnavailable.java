package io.appointmentrelay.door;

/** A port cannot be listened on; the message names the setting. */
public final class PortUnavailable extends RuntimeException {

  private static final long serialVersionUID = 1L;

  PortUnavailable(String message, Throwable cause) {
    super(message, cause);
  }
}
