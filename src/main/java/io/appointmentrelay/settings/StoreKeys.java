package io.appointmentrelay.settings;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Reads {@code relay.store.key}: {@code id:key} or {@code key} alone, several by commas or lines; a
 * line may be a comment.
 */
final class StoreKeys {

  private static final int BYTES = 32;
  private static final Pattern ID = Pattern.compile("[A-Za-z0-9._-]{1,32}");

  private StoreKeys() {}

  /**
   * @throws IllegalArgumentException if one is none, or is there twice; says nothing of it
   */
  static List<Settings.StoreKey> of(String text) {
    List<Settings.StoreKey> keys = new ArrayList<>();
    Set<String> ids = new HashSet<>();
    for (String entry : text.split("[,\\n]", -1)) {
      String written = entry.strip();
      if (written.isEmpty() || written.startsWith("#")) {
        continue;
      }
      Settings.StoreKey key = key(written);
      if (!ids.add(key.id())) {
        throw new IllegalArgumentException("each key has an id of its own");
      }
      keys.add(key);
    }
    return keys;
  }

  private static Settings.StoreKey key(String written) {
    int colon = written.indexOf(':');
    byte[] key = Base64.getDecoder().decode(written.substring(colon + 1).strip());
    if (key.length != BYTES) {
      throw new IllegalArgumentException("a key has 32 bytes");
    }
    String id = colon < 0 ? ownId(key) : written.substring(0, colon).strip();
    if (!ID.matcher(id).matches()) {
      throw new IllegalArgumentException("an id is of letters, digits, dot, hyphen, underscore");
    }
    return new Settings.StoreKey(id, key);
  }

  /** The same for the same key, so that it need not be written down; says nothing of the key. */
  private static String ownId(byte[] key) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update("id of a relay.store.key".getBytes(UTF_8));
      return "k" + HexFormat.of().formatHex(digest.digest(key), 0, 4);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java has SHA-256", e);
    }
  }
}
