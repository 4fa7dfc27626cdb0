package io.appointmentrelay.enrichment;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.time.Duration;
import org.apache.http.HttpEntity;
import org.apache.http.HttpResponse;

/** Reads an answer to its end, within a size and a time: whoever drips bytes holds up nobody. */
final class WholeAnswer {

  private static final Duration LONGEST = Duration.ofSeconds(30);

  private WholeAnswer() {}

  /** The answer is larger than agreed. */
  static final class TooLarge extends IOException {
    private static final long serialVersionUID = 1L;

    TooLarge(int largest) {
      super("more than " + largest + " bytes");
    }
  }

  /**
   * The body; empty if there is none.
   *
   * @throws TooLarge if it has more than {@code largest} bytes; close the response, do not drain it
   */
  static byte[] bytes(HttpResponse response, int largest) throws IOException {
    HttpEntity entity = response.getEntity();
    if (entity == null) {
      return new byte[0];
    }
    long deadline = System.nanoTime() + LONGEST.toNanos();
    ByteArrayOutputStream whole = new ByteArrayOutputStream();
    byte[] piece = new byte[16 << 10];
    InputStream content = entity.getContent();
    for (int read = content.read(piece); read >= 0; read = content.read(piece)) {
      whole.write(piece, 0, read);
      if (whole.size() > largest) {
        throw new TooLarge(largest);
      }
      if (System.nanoTime() - deadline > 0) {
        throw new InterruptedIOException("the answer takes longer than " + LONGEST);
      }
    }
    // What was compressed ends before its connection knows: only closed is it given back.
    content.close();
    return whole.toByteArray();
  }
}
