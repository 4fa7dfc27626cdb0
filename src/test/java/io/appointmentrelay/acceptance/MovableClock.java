package io.appointmentrelay.acceptance;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** Runs as the system's clock does, from whatever time a test puts it to. */
final class MovableClock extends Clock {

  private volatile Clock ticks = Clock.systemUTC();
  private volatile Duration ahead = Duration.ZERO;

  static MovableClock at(String time) {
    MovableClock clock = new MovableClock();
    clock.set(Instant.parse(time));
    return clock;
  }

  void set(Instant now) {
    ahead = Duration.between(ticks.instant(), now);
  }

  /** From now on it goes only where a test puts it. */
  void stop() {
    ticks = Clock.fixed(ticks.instant(), ZoneOffset.UTC);
  }

  void advance(Duration by) {
    ahead = ahead.plus(by);
  }

  @Override
  public Instant instant() {
    return ticks.instant().plus(ahead);
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
