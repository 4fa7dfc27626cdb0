package io.appointmentrelay.acceptance;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** Runs as the system's clock does, from whatever time a test puts it to. */
final class MovableClock extends Clock {

  private volatile Duration ahead = Duration.ZERO;

  static MovableClock at(String time) {
    MovableClock clock = new MovableClock();
    clock.set(Instant.parse(time));
    return clock;
  }

  void set(Instant now) {
    ahead = Duration.between(Instant.now(), now);
  }

  void advance(Duration by) {
    ahead = ahead.plus(by);
  }

  @Override
  public Instant instant() {
    return Instant.now().plus(ahead);
  }

  @Override
  public ZoneId getZone() {
    return ZoneOffset.UTC;
  }

  @Override
  public Clock withZone(ZoneId zone) {
    throw new UnsupportedOperationException("the relay asks for instants alone");
  }
}
