package io.appointmentrelay.store;

import java.util.List;

/**
 * What was taken in and what became of it, and whether it adds up.
 *
 * @param problems each says what was expected and the ids where it is not so; empty exactly when it
 *     adds up
 */
public record AuditReport(
    boolean addsUp,
    List<SourceCounts> sources,
    List<ChannelCounts> channels,
    List<String> problems) {

  public AuditReport {
    sources = List.copyOf(sources);
    channels = List.copyOf(channels);
    problems = List.copyOf(problems);
  }

  /** What became of one source's notifications: received is the sum of all others. */
  public record SourceCounts(
      String source, long received, long duplicate, long processed, long parked, long waiting) {

    boolean isConserved() {
      return received == duplicate + processed + parked + waiting;
    }
  }

  /** What became of one channel's deliveries: planned is the sum of all others. */
  public record ChannelCounts(
      String channel,
      long planned,
      long sent,
      long dead,
      long superseded,
      long suppressed,
      long cancelled,
      long waiting) {

    boolean isConserved() {
      return planned == sent + dead + superseded + suppressed + cancelled + waiting;
    }
  }
}
