package io.appointmentrelay.store;

import java.util.Objects;

/** A key that values of the store are sealed with, and the name that stands beside each of them. */
public final class SealingKey {

  private final String id;
  private final byte[] key;

  /**
   * @param key 32 bytes
   */
  public SealingKey(String id, byte[] key) {
    this.id = Objects.requireNonNull(id);
    this.key = key.clone();
    if (key.length != Xaes256Gcm.KEY_BYTES) {
      throw new IllegalArgumentException("expected a key of 32 bytes, found " + key.length);
    }
  }

  String id() {
    return id;
  }

  Xaes256Gcm cipher() {
    return new Xaes256Gcm(key);
  }

  /** Never prints the key. */
  @Override
  public String toString() {
    return "SealingKey[" + id + "]";
  }
}
