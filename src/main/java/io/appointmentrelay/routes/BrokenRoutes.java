package io.appointmentrelay.routes;

import org.jspecify.annotations.Nullable;

/**
 * Route files that cannot be in force; the message names file, line where known, fault and cure.
 */
public final class BrokenRoutes extends RuntimeException {

  private static final long serialVersionUID = 1L;

  BrokenRoutes(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
