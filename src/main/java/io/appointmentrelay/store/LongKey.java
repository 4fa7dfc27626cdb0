package io.appointmentrelay.store;

import org.apache.commons.codec.digest.DigestUtils;

/**
 * Keeps a sender's text usable as a key: an entry of an index holds 2.7 KB at most in PostgreSQL,
 * and a text that long can only be compared.
 */
final class LongKey {

  private static final int LONGEST = 400;

  private LongKey() {}

  /** The text itself, or, if it is long, what stands for it and no other. */
  static String shortened(String text) {
    return text.length() <= LONGEST ? text : "sha " + DigestUtils.sha256Hex(text);
  }
}
