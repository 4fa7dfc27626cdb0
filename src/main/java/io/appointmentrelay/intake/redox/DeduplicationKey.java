package io.appointmentrelay.intake.redox;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Builds keys that are equal for a repeat only, and short enough for an index. */
final class DeduplicationKey {

  private static final int LONGEST = 300;

  private DeduplicationKey() {}

  /** The sender's own id, hashed only if it is overlong. */
  static String of(String id) {
    return id.length() <= LONGEST ? id : sha256(id.getBytes(StandardCharsets.UTF_8));
  }

  /** For a sender that gives no id: the bytes themselves. */
  static String ofBody(byte[] body) {
    return "sha256:" + sha256(body);
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("Every Java platform has SHA-256", impossible);
    }
  }
}
