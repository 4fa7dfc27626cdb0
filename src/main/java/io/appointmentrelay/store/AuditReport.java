package io.appointmentrelay.store;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What was taken in and what became of it, and whether it adds up.
 *
 * @param problems each says what was expected and the ids where it is not so; empty exactly when it
 *     adds up
 * @param chain of what was accepted; absent: it was not followed
 */
public record AuditReport(
    boolean addsUp,
    List<SourceCounts> sources,
    List<ChannelCounts> channels,
    List<String> problems,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Accepted chain) {

  public AuditReport {
    sources = List.copyOf(sources);
    channels = List.copyOf(channels);
    problems = List.copyOf(problems);
  }

  /**
   * The chain of accepted messages.
   *
   * @param head the hash it ends with, in hexadecimal digits; all zeros while there is none
   */
  public record Accepted(long messages, String head) {}

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
