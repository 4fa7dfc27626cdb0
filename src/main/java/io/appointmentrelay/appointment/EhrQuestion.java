package io.appointmentrelay.appointment;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What an EHR is asked for: times from {@code from} to {@code to}, exclusive.
 *
 * @param source the source whose EHR it is
 * @param provider the EHR's reference to whose calendar, {@code system|value}; absent: everybody's
 * @param location a facility or department as the EHR names it; absent: everywhere
 * @param patient the EHR's reference to whose visits; absent: everybody's
 */
public record EhrQuestion(
    String source,
    Instant from,
    Instant to,
    @Nullable String provider,
    @Nullable String location,
    @Nullable String patient) {

  /** Never prints who is asked for. */
  @Override
  public String toString() {
    return "EhrQuestion[" + source + "]";
  }
}
