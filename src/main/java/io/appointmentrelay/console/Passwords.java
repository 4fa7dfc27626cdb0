package io.appointmentrelay.console;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.text.Normalizer;
import java.util.Base64;
import java.util.List;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/**
 * Passwords as they may lie in a file: {@code pbkdf2-sha256$rounds$salt$hash}, by the JDK's PBKDF2
 * with HMAC-SHA-256 and as many rounds as OWASP asks for.
 */
public final class Passwords {

  private static final int ROUNDS = 600_000;
  private static final int SALT_BYTES = 16;
  private static final int HASH_BYTES = 32;
  private static final String ALGORITHM = "pbkdf2-sha256";

  /** What the password of a user who does not exist is held against, at the same cost. */
  static final String NOBODYS = hash(new SecureRandom().nextLong() + "-nobody's");

  private Passwords() {}

  /** A new hash with a salt of its own. */
  public static String hash(String password) {
    byte[] salt = new byte[SALT_BYTES];
    new SecureRandom().nextBytes(salt);
    return ALGORITHM
        + "$"
        + ROUNDS
        + "$"
        + text(salt)
        + "$"
        + text(derive(password, salt, ROUNDS, HASH_BYTES));
  }

  /** Whether this is the password; takes as long for a wrong one. */
  static boolean matches(String password, String hash) {
    List<String> parts = List.of(hash.split("\\$", -1));
    byte[] expected = Base64.getUrlDecoder().decode(parts.get(3));
    byte[] salt = Base64.getUrlDecoder().decode(parts.get(2));
    int rounds = Integer.parseInt(parts.get(1));
    return MessageDigest.isEqual(expected, derive(password, salt, rounds, expected.length));
  }

  private static byte[] derive(String password, byte[] salt, int rounds, int bytes) {
    // The same letters typed on two keyboards are the same password.
    char[] letters = Normalizer.normalize(password, Normalizer.Form.NFC).toCharArray();
    PBEKeySpec spec = new PBEKeySpec(letters, salt, rounds, bytes * 8);
    try {
      return SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256").generateSecret(spec).getEncoded();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Every JDK has PBKDF2 with HMAC-SHA-256", e);
    } finally {
      spec.clearPassword();
    }
  }

  private static String text(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
