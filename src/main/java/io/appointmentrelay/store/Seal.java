package io.appointmentrelay.store;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.DataFormatException;
import javax.crypto.AEADBadTagException;
import org.jspecify.annotations.Nullable;

/**
 * Seals values before they are written, and opens them where they are read. The key's id stands
 * beside each; a value is bound to its {@link Place}, and does not open at another. Plain values
 * are read as they are, so that a store may hold both.
 */
public final class Seal {

  /** Writes everything in clear. */
  public static final Seal NONE = new Seal(List.of());

  private static final String TEXT = "sealed:";

  /** Before sealed bytes; {@link Packed} has marks of its own. */
  static final byte SEALED = 1;

  private record Key(String id, byte[] prefix, String textPrefix, Xaes256Gcm cipher) {
    static Key of(SealingKey key) {
      byte[] id = key.id().getBytes(US_ASCII);
      byte[] prefix = new byte[id.length + 2];
      prefix[0] = SEALED;
      prefix[1] = (byte) id.length;
      System.arraycopy(id, 0, prefix, 2, id.length);
      return new Key(key.id(), prefix, TEXT + key.id() + ":", key.cipher());
    }
  }

  private final Map<String, Key> keys = new LinkedHashMap<>();
  private final @Nullable Key first;

  private Seal(List<SealingKey> keys) {
    keys.forEach(key -> this.keys.put(key.id(), Key.of(key)));
    this.first = this.keys.values().stream().findFirst().orElse(null);
  }

  /** The first key writes, all of them read; none: everything is written in clear. */
  public static Seal of(List<SealingKey> keys) {
    return keys.isEmpty() ? NONE : new Seal(keys);
  }

  /** The key that writes; absent: everything is written in clear. */
  @Nullable String writesWith() {
    return first == null ? null : first.id();
  }

  Set<String> ids() {
    return keys.keySet();
  }

  /** What a text is written as. */
  String text(String plain, String place) {
    if (first == null) {
      return plain;
    }
    byte[] sealed = first.cipher().seal(plain.getBytes(UTF_8), bound(place), 0);
    return first.textPrefix() + Base64.getEncoder().withoutPadding().encodeToString(sealed);
  }

  /** As {@link #text}, for what may be absent. */
  @Nullable String textOrNull(@Nullable String plain, String place) {
    return plain == null ? null : text(plain, place);
  }

  /** What a record is written as. */
  String json(Object value, String place) {
    return text(Json.write(value), place);
  }

  /** What bytes are written as: packed, and then sealed. */
  byte[] bytes(byte[] plain, String place) {
    byte[] packed = Packed.of(plain);
    if (first == null) {
      return packed;
    }
    byte[] prefix = first.prefix();
    byte[] sealed = first.cipher().seal(packed, bound(place), prefix.length);
    System.arraycopy(prefix, 0, sealed, 0, prefix.length);
    return sealed;
  }

  /**
   * The text that was written.
   *
   * @throws WrongStoreKey if it is sealed with a key that is not here
   */
  String open(String stored, String place) {
    if (!stored.startsWith(TEXT)) {
      return stored;
    }
    int end = stored.indexOf(':', TEXT.length());
    if (end < 0) {
      throw changed(place);
    }
    Key key = key(stored.substring(TEXT.length(), end));
    try {
      byte[] sealed = Base64.getDecoder().decode(stored.substring(end + 1));
      return new String(key.cipher().open(sealed, 0, bound(place)), UTF_8);
    } catch (IllegalArgumentException | AEADBadTagException e) {
      throw changed(place);
    }
  }

  /** As {@link #open}, for what may be absent. */
  @Nullable String openOrNull(@Nullable String stored, String place) {
    return stored == null ? null : open(stored, place);
  }

  /** The record that was written. */
  <T> T read(String stored, Class<T> type, String place) {
    return Json.read(open(stored, place), type);
  }

  /** The bytes that were written. */
  byte[] open(byte[] stored, String place) {
    try {
      return Packed.open(isSealed(stored) ? unsealed(stored, place) : stored);
    } catch (DataFormatException | AEADBadTagException e) {
      throw changed(place);
    }
  }

  private static boolean isSealed(byte[] stored) {
    return stored.length > 0 && stored[0] == SEALED;
  }

  private byte[] unsealed(byte[] stored, String place) throws AEADBadTagException {
    int room = stored.length < 2 ? Integer.MAX_VALUE : 2 + (stored[1] & 0xff);
    if (room > stored.length) {
      throw changed(place);
    }
    Key key = key(new String(stored, 2, room - 2, US_ASCII));
    return key.cipher().open(stored, room, bound(place));
  }

  /** Whether a text was written as it would be now. */
  boolean isCurrent(String stored) {
    return first == null ? !stored.startsWith(TEXT) : stored.startsWith(first.textPrefix());
  }

  /** Whether bytes were written as they would be now. */
  boolean isCurrent(byte[] stored) {
    if (first == null) {
      return !isSealed(stored);
    }
    byte[] prefix = first.prefix();
    return stored.length >= prefix.length
        && Arrays.equals(stored, 0, prefix.length, prefix, 0, prefix.length);
  }

  /** How bytes begin that were written as they would be now. */
  byte[] prefix() {
    return first == null ? new byte[0] : first.prefix().clone();
  }

  /** How texts begin that were written as they would be now. */
  String textPrefix() {
    return first == null ? "" : first.textPrefix();
  }

  private Key key(String id) {
    Key key = keys.get(id);
    if (key == null) {
      throw WrongStoreKey.missing(id, String.join(", ", keys.keySet()));
    }
    return key;
  }

  private static byte[] bound(String place) {
    return place.getBytes(UTF_8);
  }

  private static IllegalStateException changed(String place) {
    return new IllegalStateException(
        "A sealed value opens where it was written; one of "
            + Place.column(place)
            + " does not: it was changed, or moved there. Restore it from a backup.");
  }

  @Override
  public String toString() {
    return "Seal" + keys.keySet();
  }
}
