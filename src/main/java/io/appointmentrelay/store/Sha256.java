package io.appointmentrelay.store;

import java.security.MessageDigest;
import java.util.Arrays;
import org.apache.commons.codec.digest.DigestUtils;

/** SHA-256 as the store keeps it. */
public final class Sha256 {

  /** Of a digest. */
  static final int BYTES = 32;

  /** Enough to tell notifications apart, and small in an index. */
  private static final int HALF_BYTES = BYTES / 2;

  private Sha256() {}

  /** The first half of the digest of the pieces, one after another. */
  public static byte[] half(byte[]... pieces) {
    MessageDigest sha256 = DigestUtils.getSha256Digest();
    for (byte[] piece : pieces) {
      sha256.update(piece);
    }
    return Arrays.copyOf(sha256.digest(), HALF_BYTES);
  }
}
