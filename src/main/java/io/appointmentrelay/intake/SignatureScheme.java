package io.appointmentrelay.intake;

import org.jspecify.annotations.Nullable;

/** How a sender shows by a signature that a body is its own. */
public interface SignatureScheme {

  /** The header that the signature is in. */
  String header();

  /** No larger body is read to find out whether it is genuine. */
  int bodyAtMost();

  /**
   * Whether a signature belongs to a body; takes as long for a wrong one as for a right one. Does
   * not throw, whatever the bytes are.
   *
   * @param query of the address it was sent to; absent: it had none
   */
  boolean isGenuine(byte[] body, @Nullable String query, String signature);
}
