package io.appointmentrelay.enrichment;

import java.time.Duration;
import java.time.Instant;

/**
 * A token with the time from which it is not shown any more, which lies before its end so that it
 * does not end on the way.
 */
record AccessToken(String value, Instant renewFrom) {

  private static final Duration LONGEST_MARGIN = Duration.ofMinutes(1);

  static AccessToken livingFor(String value, Duration life, Instant now) {
    Duration tenth = life.dividedBy(10);
    Duration margin = tenth.compareTo(LONGEST_MARGIN) > 0 ? LONGEST_MARGIN : tenth;
    return new AccessToken(value, now.plus(life).minus(margin));
  }

  boolean isFresh(Instant now) {
    return now.isBefore(renewFrom);
  }

  /** Never prints the token. */
  @Override
  public String toString() {
    return "AccessToken[until " + renewFrom + "]";
  }
}
