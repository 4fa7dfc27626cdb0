package io.appointmentrelay.faults;

import io.appointmentrelay.process.Arrival;

/**
 * Something that arrived.
 *
 * @param answered whether its sender was told so
 */
record Taken(Arrival arrival, boolean answered) {
  String key() {
    return arrival.key();
  }

  long nanos() {
    return arrival.nanos();
  }
}
