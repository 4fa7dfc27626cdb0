package io.appointmentrelay.store;

/** An earlier notification about the same appointment is not settled: this one waits for it. */
public final class NotItsTurn extends RuntimeException {

  private static final long serialVersionUID = 1L;

  NotItsTurn(String part) {
    super(
        "Notifications about one appointment are settled in the order of their arrival; an earlier one than "
            + part
            + " is not settled. It runs again.");
  }
}
