package io.appointmentrelay.routes;

/**
 * Route files that cannot be in force; the message names file, line where known, fault and cure.
 */
public final class BrokenRoutes extends RuntimeException {

  private static final long serialVersionUID = 1L;

  BrokenRoutes(String message, Throwable cause) {
    super(message, cause);
  }
}
