package io.appointmentrelay.store;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;

/**
 * A body out of the store's file, read apart from the code that writes it: a mark 3, the length in
 * four bytes, RFC 1951.
 */
public final class RawBody {

  private RawBody() {}

  public static byte[] inflated(byte[] kept) {
    if (kept[0] != 3) {
      return kept;
    }
    try (InflaterInputStream body =
        new InflaterInputStream(
            new ByteArrayInputStream(kept, 5, kept.length - 5), new Inflater(true))) {
      return body.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
