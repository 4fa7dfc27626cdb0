package io.appointmentrelay.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Turns an address, or who a patient is, into bytes by which it is found again and from which it is
 * not read: a list of all numbers does not help without the key.
 */
final class RecipientCode {

  private static final String ALGORITHM = "HmacSHA256";
  private static final int BYTES = 16;

  private final SecretKeySpec key;

  RecipientCode(String key) {
    this.key = new SecretKeySpec(key.getBytes(UTF_8), ALGORITHM);
  }

  /** A patient by the sender's reference: found by who knows it, and read by nobody. */
  String ofPatient(String reference) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(of("patient\n" + reference));
  }

  byte[] of(String recipient) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(key);
      return Arrays.copyOf(mac.doFinal(recipient.getBytes(UTF_8)), BYTES);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Every Java has " + ALGORITHM, e);
    }
  }
}
