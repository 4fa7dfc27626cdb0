package io.appointmentrelay.store;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/**
 * Bytes as they lie in the store: larger ones are deflated (RFC 1951) where that makes them
 * smaller. A notification is JSON, which shrinks to a half or a tenth; what is written to the log,
 * and again to the file, shrinks with it.
 */
final class Packed {

  /** Before bytes of a sender that begin as one of our own marks. */
  private static final byte AS_THEY_ARE = 2;

  /** Before deflated bytes; their length follows, in four bytes. */
  private static final byte DEFLATED = 3;

  private static final int HEADER_BYTES = 5;

  /** Smaller ones take a page or two of the store either way, and the time is their senders'. */
  private static final int WORTHWHILE_BYTES = 4_096;

  /** Each has a quarter of a megabyte of its own, too dear to make for one notification. */
  private static final ThreadLocal<Deflater> DEFLATER =
      ThreadLocal.withInitial(() -> new Deflater(Deflater.BEST_SPEED, true));

  private Packed() {}

  /** What is kept of these bytes; {@link #open} gives them back. */
  static byte[] of(byte[] plain) {
    if (plain.length >= WORTHWHILE_BYTES) {
      byte[] packed = new byte[plain.length];
      ByteBuffer.wrap(packed).put(DEFLATED).putInt(plain.length);
      Deflater deflater = DEFLATER.get();
      deflater.reset();
      deflater.setInput(plain);
      deflater.finish();
      int length = deflater.deflate(packed, HEADER_BYTES, packed.length - HEADER_BYTES);
      if (deflater.finished()) {
        return Arrays.copyOf(packed, HEADER_BYTES + length);
      }
    }
    return isMarked(plain) ? marked(plain) : plain;
  }

  private static boolean isMarked(byte[] bytes) {
    return bytes.length > 0
        && (bytes[0] == Seal.SEALED || bytes[0] == AS_THEY_ARE || bytes[0] == DEFLATED);
  }

  private static byte[] marked(byte[] plain) {
    byte[] marked = new byte[plain.length + 1];
    marked[0] = AS_THEY_ARE;
    System.arraycopy(plain, 0, marked, 1, plain.length);
    return marked;
  }

  /**
   * The bytes that were packed.
   *
   * @throws DataFormatException if these are not as {@link #of} leaves them
   */
  static byte[] open(byte[] kept) throws DataFormatException {
    if (!isMarked(kept)) {
      return kept;
    }
    if (kept[0] == AS_THEY_ARE) {
      return Arrays.copyOfRange(kept, 1, kept.length);
    }
    int length = kept.length < HEADER_BYTES ? -1 : ByteBuffer.wrap(kept).getInt(1);
    // Deflate makes a thousandth of it at best: a length beyond is not ours, and no memory is made
    // for it.
    if (kept[0] != DEFLATED || length < 0 || length / 1_100 > kept.length) {
      throw new DataFormatException("not packed here");
    }
    byte[] plain = new byte[length];
    Inflater inflater = new Inflater(true);
    try {
      inflater.setInput(kept, HEADER_BYTES, kept.length - HEADER_BYTES);
      boolean isAsLong = inflater.inflate(plain) == length && inflater.inflate(new byte[1]) == 0;
      if (!isAsLong || !inflater.finished()) {
        throw new DataFormatException("of another length");
      }
      return plain;
    } finally {
      inflater.end();
    }
  }
}
