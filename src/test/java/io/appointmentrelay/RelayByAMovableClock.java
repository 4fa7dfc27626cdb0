package io.appointmentrelay;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/**
 * The relay as its jar starts it, but its clock is wrong by as many milliseconds as a file says.
 */
public final class RelayByAMovableClock extends Clock {

  /** The property that names the file. */
  public static final String FILE = "clock.file";

  private static final long LOOKS_EVERY_NANOS = 20_000_000;

  private final Path file;
  private volatile long lookedAt = System.nanoTime() - LOOKS_EVERY_NANOS;
  private volatile long wrongBy;

  private RelayByAMovableClock(Path file) {
    this.file = file;
  }

  public static void main(String[] args) {
    Application.run(args, new RelayByAMovableClock(Path.of(System.getProperty(FILE))));
  }

  @Override
  public Instant instant() {
    long now = System.nanoTime();
    if (now - lookedAt >= LOOKS_EVERY_NANOS) {
      lookedAt = now;
      wrongBy = read();
    }
    return Instant.now().plusMillis(wrongBy);
  }

  private long read() {
    try {
      return Long.parseLong(Files.readString(file).strip());
    } catch (IOException | NumberFormatException beingWritten) {
      return wrongBy;
    }
  }

  @Override
  public ZoneId getZone() {
    return ZoneOffset.UTC;
  }

  @Override
  public Clock withZone(ZoneId zone) {
    throw new UnsupportedOperationException();
  }
}
