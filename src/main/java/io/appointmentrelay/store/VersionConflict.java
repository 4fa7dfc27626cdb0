package io.appointmentrelay.store;

/** A record was changed by somebody else since it was read: run the part again. */
public final class VersionConflict extends RuntimeException {

  private static final long serialVersionUID = 1L;

  VersionConflict() {
    super(
        "A record changed between reading and committing; the part is run again",
        null,
        false,
        false);
  }
}
