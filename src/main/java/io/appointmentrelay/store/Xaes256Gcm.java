package io.appointmentrelay.store;

import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * AES-256-GCM with a random nonce of 24 bytes, as <a
 * href="https://c2sp.org/XAES-256-GCM">c2sp.org/XAES-256-GCM</a> has it: half of the nonce makes a
 * key of its own for the value, so that one key lasts for as many values as a relay will ever keep;
 * plain AES-GCM with its 12 random bytes is good for four thousand millions.
 */
final class Xaes256Gcm {

  static final int KEY_BYTES = 32;

  private static final int NONCE_BYTES = 24;
  private static final int HALF = 12;
  private static final int BLOCK = 16;
  private static final int TAG_BITS = 128;
  private static final byte[] FIRST = {0, 1, 'X', 0};
  private static final byte[] SECOND = {0, 2, 'X', 0};

  private static final SecureRandom RANDOM = new SecureRandom();

  private static final ThreadLocal<Cipher> GCM =
      ThreadLocal.withInitial(() -> cipher("AES/GCM/NoPadding"));

  private final ThreadLocal<Cipher> blocks;
  private final byte[] mask;

  Xaes256Gcm(byte[] key) {
    SecretKeySpec ownKey = new SecretKeySpec(key, "AES");
    this.blocks =
        ThreadLocal.withInitial(
            () -> {
              Cipher cipher = cipher("AES/ECB/NoPadding");
              initialise(cipher, ownKey);
              return cipher;
            });
    this.mask = doubled(encrypted(new byte[BLOCK]));
  }

  private static Cipher cipher(String transformation) {
    try {
      return Cipher.getInstance(transformation);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Every Java has " + transformation, e);
    }
  }

  private static void initialise(Cipher cipher, SecretKeySpec key) {
    try {
      cipher.init(Cipher.ENCRYPT_MODE, key);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Every Java takes an AES key of 32 bytes", e);
    }
  }

  private byte[] encrypted(byte[] twoBlocks) {
    try {
      return blocks.get().doFinal(twoBlocks);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Whole blocks are always encrypted", e);
    }
  }

  /** In the field that CMAC uses: one bit to the left, and what falls out comes back as 0x87. */
  private static byte[] doubled(byte[] block) {
    byte[] twice = new byte[BLOCK];
    for (int i = 0; i < BLOCK; i++) {
      int next = i + 1 < BLOCK ? (block[i + 1] & 0xff) >>> 7 : 0;
      twice[i] = (byte) (block[i] << 1 | next);
    }
    twice[BLOCK - 1] ^= (byte) (block[0] < 0 ? 0x87 : 0);
    return twice;
  }

  /**
   * Seals a value behind {@code room} bytes that are left free.
   *
   * @return the free room, the nonce, the sealed value with its tag
   */
  byte[] seal(byte[] plain, byte[] bound, int room) {
    byte[] nonce = new byte[NONCE_BYTES];
    RANDOM.nextBytes(nonce);
    return seal(plain, bound, room, nonce);
  }

  byte[] seal(byte[] plain, byte[] bound, int room, byte[] nonce) {
    try {
      Cipher cipher = prepared(Cipher.ENCRYPT_MODE, nonce, 0, bound);
      byte[] sealed = new byte[room + NONCE_BYTES + plain.length + TAG_BITS / 8];
      System.arraycopy(nonce, 0, sealed, room, NONCE_BYTES);
      cipher.doFinal(plain, 0, plain.length, sealed, room + NONCE_BYTES);
      return sealed;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("A value is always sealed", e);
    }
  }

  /**
   * Opens what {@link #seal} made.
   *
   * @throws AEADBadTagException if key or bound data are others, or a bit of it was changed
   */
  byte[] open(byte[] sealed, int room, byte[] bound) throws AEADBadTagException {
    int begin = room + NONCE_BYTES;
    if (sealed.length < begin + TAG_BITS / 8) {
      throw new AEADBadTagException("too short");
    }
    try {
      return prepared(Cipher.DECRYPT_MODE, sealed, room, bound)
          .doFinal(sealed, begin, sealed.length - begin);
    } catch (AEADBadTagException e) {
      throw e;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("A sealed value is opened or refused", e);
    }
  }

  private Cipher prepared(int mode, byte[] nonce, int at, byte[] bound)
      throws GeneralSecurityException {
    byte[] derived = new byte[2 * BLOCK];
    System.arraycopy(FIRST, 0, derived, 0, FIRST.length);
    System.arraycopy(SECOND, 0, derived, BLOCK, SECOND.length);
    for (int i = 0; i < HALF; i++) {
      derived[FIRST.length + i] = nonce[at + i];
      derived[BLOCK + SECOND.length + i] = nonce[at + i];
    }
    for (int i = 0; i < derived.length; i++) {
      derived[i] ^= mask[i % BLOCK];
    }
    SecretKeySpec key = new SecretKeySpec(encrypted(derived), "AES");
    byte[] rest = Arrays.copyOfRange(nonce, at + HALF, at + NONCE_BYTES);
    Cipher cipher = GCM.get();
    cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, rest));
    cipher.updateAAD(bound);
    return cipher;
  }
}
