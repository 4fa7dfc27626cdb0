package io.appointmentrelay.store;

import org.jspecify.annotations.Nullable;

/**
 * The store cannot write now: full, read-only, locked, or too far behind. Nothing was kept; trying
 * again is right.
 */
public class StoreUnavailable extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public StoreUnavailable(String message, Throwable cause) {
    super(message, cause);
  }

  public StoreUnavailable(String message) {
    super(message);
  }

  /** The one in a chain of causes; absent: it was something else. */
  public static @Nullable StoreUnavailable in(@Nullable Throwable failure) {
    Throwable link = failure;
    while (link != null && !(link instanceof StoreUnavailable)) {
      link = link.getCause();
    }
    return (StoreUnavailable) link;
  }

  /**
   * Whether it was tried and failed, perhaps behind the point where it counts, as when a connection
   * is lost while it commits; false: it was not begun.
   */
  public boolean mayBeDone() {
    return getCause() != null;
  }
}
