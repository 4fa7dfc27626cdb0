package io.appointmentrelay.store;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * A message's place in the chain of all that was accepted: a hash of what it is and of the place
 * before it. Whoever changes or takes away a message changes every place after it.
 *
 * @param message its id
 * @param hash SHA-256
 */
record Link(long message, byte[] hash) {

  /** Before the first message. */
  static final Link START = new Link(0, new byte[Sha256.BYTES]);

  /**
   * What is chained of a message; the body by its hash, so that the chain outlives it.
   *
   * @param receivedAt milliseconds since 1970
   * @param parts how many appointments it speaks of
   */
  record Accepted(long message, String source, long receivedAt, int parts, byte[] bodyHash) {}

  /** The place after this one. */
  Link then(Accepted next, MessageDigest sha256) {
    byte[] source = next.source().getBytes(StandardCharsets.UTF_8);
    ByteBuffer content =
        ByteBuffer.allocate(2 * Sha256.BYTES + 2 * Long.BYTES + Integer.BYTES + source.length)
            .put(hash)
            .putLong(next.message())
            .putLong(next.receivedAt())
            .putInt(next.parts())
            .put(next.bodyHash())
            .put(source);
    return new Link(next.message(), sha256.digest(content.array()));
  }

  /** As it is kept beside the messages: {@code <message>:<hash>}. */
  String written() {
    return message + ":" + hex();
  }

  static Link read(String written) {
    int colon = written.indexOf(':');
    return new Link(
        Long.parseLong(written.substring(0, colon)),
        HexFormat.of().parseHex(written.substring(colon + 1)));
  }

  String hex() {
    return HexFormat.of().formatHex(hash);
  }

  boolean hasHash(byte[] other) {
    return Arrays.equals(hash, other);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Link link && message == link.message && hasHash(link.hash);
  }

  @Override
  public int hashCode() {
    return 31 * Long.hashCode(message) + Arrays.hashCode(hash);
  }
}
