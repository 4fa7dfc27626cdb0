package io.appointmentrelay.proof;

import java.time.Duration;
import java.time.Instant;

/** The product and the oracle, to whom the same happens. */
record Both(RelayByHand relay, Oracle oracle) {

  void begin(Instant at) {
    relay.clockShows(at);
    oracle.clockShows(at);
  }

  Instant now() {
    return relay.now();
  }

  void livesUntil(Instant then) {
    relay.livesUntil(then);
    oracle.livesUntil(then);
  }

  void willDie(RelayByHand.Death how, Duration down) {
    relay.willDie(how, down);
    oracle.willDie(how, down);
  }

  void willHearInFlight(Said said) {
    relay.willHearInFlight(said);
    oracle.willHearInFlight(said);
  }

  void jumps(Duration by) {
    begin(now().plus(by));
  }

  void hears(Said said) {
    relay.hears(said);
    oracle.hears(said);
  }
}
