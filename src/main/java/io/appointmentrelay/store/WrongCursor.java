package io.appointmentrelay.store;

/** A list was asked to go on at a place that is none of its own. */
public final class WrongCursor extends IllegalArgumentException {

  private static final long serialVersionUID = 1L;

  WrongCursor() {
    super(
        "after= expects the \"next\" of the page before; found something else."
            + " Leave it out to begin with the first page.");
  }
}
