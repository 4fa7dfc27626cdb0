package io.appointmentrelay.inbox;

import java.util.concurrent.Semaphore;

/**
 * Lets large bodies be read only so many at once: as a tree, a body of small objects takes a dozen
 * times its size, and a few of those side by side would end the process. Small ones pass freely.
 */
final class ReadingLimit {

  /** Up to this size, in bytes, a body is read without asking. */
  static final int SMALL = 64 * 1024;

  static final ReadingLimit SHARED =
      new ReadingLimit(Math.max(16L << 20, Runtime.getRuntime().maxMemory() / 32));

  private final int kilobytes;
  private final Semaphore free;

  ReadingLimit(long bytes) {
    this.kilobytes = (int) Math.min(Integer.MAX_VALUE, bytes >> 10);
    this.free = new Semaphore(kilobytes, true);
  }

  /** Reads something out of a body. */
  interface Reading<T, X extends Exception> {
    T read() throws X;
  }

  /** Reads now or, if the body is large, when there is room; the largest reads alone. */
  <T, X extends Exception> T within(int length, Reading<T, X> reading) throws X {
    if (length <= SMALL) {
      return reading.read();
    }
    int share = Math.min(kilobytes, length >> 10);
    free.acquireUninterruptibly(share);
    try {
      return reading.read();
    } finally {
      free.release(share);
    }
  }
}
