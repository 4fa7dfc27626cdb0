package io.appointmentrelay.store;

/**
 * The store cannot write now: full, read-only, locked, or too far behind. Nothing was kept; trying
 * again is right.
 */
public final class StoreUnavailable extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public StoreUnavailable(String message, Throwable cause) {
    super(message, cause);
  }

  public StoreUnavailable(String message) {
    super(message);
  }
}
