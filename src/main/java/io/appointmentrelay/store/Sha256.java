package io.appointmentrelay.store;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/** SHA-256, which every Java platform has. */
public final class Sha256 {

  /** Of a digest. */
  static final int BYTES = 32;

  /** Enough to tell notifications apart, and small in an index. */
  private static final int HALF_BYTES = BYTES / 2;

  private Sha256() {}

  /** One to which bytes are added piece by piece. */
  public static MessageDigest digest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("Every Java platform has SHA-256", impossible);
    }
  }

  /** The digest of the bytes. */
  public static byte[] of(byte[] bytes) {
    return digest().digest(bytes);
  }

  /** The first half of the digest of the pieces, one after another. */
  public static byte[] half(byte[]... pieces) {
    MessageDigest sha256 = digest();
    for (byte[] piece : pieces) {
      sha256.update(piece);
    }
    return Arrays.copyOf(sha256.digest(), HALF_BYTES);
  }
}
