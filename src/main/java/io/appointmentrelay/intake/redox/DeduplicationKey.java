package io.appointmentrelay.intake.redox;

import org.apache.commons.codec.digest.DigestUtils;

/** Builds keys that are equal for a repeat only, and short enough for an index. */
final class DeduplicationKey {

  private static final int LONGEST = 300;

  private DeduplicationKey() {}

  /** The sender's own id, hashed only if it is overlong. */
  static String of(String id) {
    return id.length() <= LONGEST ? id : DigestUtils.sha256Hex(id);
  }

  /** For a sender that gives no id: the bytes themselves. */
  static String ofBody(byte[] body) {
    return "sha256:" + DigestUtils.sha256Hex(body);
  }
}
