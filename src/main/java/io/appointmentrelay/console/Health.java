package io.appointmentrelay.console;

import java.util.Comparator;
import java.util.List;

/** How the relay is, and what of it is so. */
public record Health(Status status, List<Check> checks) {

  /** From well to broken; a degraded relay still takes notifications. */
  public enum Status {
    UP,
    DEGRADED,
    DOWN
  }

  /**
   * One thing that was looked at.
   *
   * @param detail what was seen, without anything of a person
   */
  public record Check(String name, Status status, String detail) {}

  public Health {
    checks = List.copyOf(checks);
  }

  /** The whole is as its worst part. */
  public static Health of(List<Check> checks) {
    Status worst =
        checks.stream().map(Check::status).max(Comparator.naturalOrder()).orElse(Status.UP);
    return new Health(worst, checks);
  }
}
