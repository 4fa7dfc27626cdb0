package io.appointmentrelay.store;

/** The part was settled by an earlier run; this one has no effect. */
public final class AlreadySettled extends RuntimeException {

  private static final long serialVersionUID = 1L;

  AlreadySettled(String id) {
    super(
        "Notification " + id + " was settled already; this run has no effect", null, false, false);
  }
}
