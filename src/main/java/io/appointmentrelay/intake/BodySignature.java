package io.appointmentrelay.intake;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * What a sender that knows a secret writes beside its body: {@code sha256=} and the HMAC-SHA256 of
 * the body's bytes in hexadecimal (athenahealth, WebSub). Not one byte of the body is left out, and
 * anything else than exactly that form is no signature.
 */
final class BodySignature {

  private static final String ALGORITHM = "HmacSHA256";
  private static final String PREFIX = "sha256=";
  private static final int LENGTH = PREFIX.length() + 64;

  private final byte[] claimed;

  private BodySignature(byte[] claimed) {
    this.claimed = claimed;
  }

  /** The signature in a header's value; empty if it has another form. */
  static Optional<BodySignature> of(String header) {
    String text = header.strip();
    if (text.length() != LENGTH || !text.toLowerCase(Locale.ROOT).startsWith(PREFIX)) {
      return Optional.empty();
    }
    try {
      return Optional.of(new BodySignature(HexFormat.of().parseHex(text, PREFIX.length(), LENGTH)));
    } catch (IllegalArgumentException notHexadecimal) {
      return Optional.empty();
    }
  }

  /** Whether one of the secrets signs this body so; every secret is tried, in constant time. */
  boolean isOf(byte[] body, List<String> secrets) {
    boolean known = false;
    for (String secret : secrets) {
      known |= MessageDigest.isEqual(mac(body, secret), claimed);
    }
    return known;
  }

  private static byte[] mac(byte[] body, String secret) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), ALGORITHM));
      return mac.doFinal(body);
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException("Every Java platform has HMAC-SHA256", impossible);
    }
  }
}
