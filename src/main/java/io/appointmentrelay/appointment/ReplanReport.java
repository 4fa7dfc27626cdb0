package io.appointmentrelay.appointment;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a look at a page of visits to come has found, or changed.
 *
 * @param confirmed whether it was done, or only looked at
 * @param appointments how many were looked at
 * @param kept those that stay as they are because their new hour is past
 * @param changedMeanwhile how many visits were left alone because they kept changing
 * @param failed how many visits were left alone because a route failed for them
 * @param next where to go on; absent: all have been looked at
 */
public record ReplanReport(
    boolean confirmed,
    int appointments,
    Kind added,
    Kind dropped,
    Kind retimed,
    Kind kept,
    int changedMeanwhile,
    Kind failed,
    @Nullable String next) {

  /** So many of each kind are listed. */
  public static final int LISTED_AT_MOST = 200;

  /**
   * How many, and the first of them.
   *
   * @param items at most {@link #LISTED_AT_MOST}
   */
  public record Kind(int count, List<Item> items) {
    public Kind {
      items = List.copyOf(items);
    }
  }

  /**
   * One delivery; what does not apply is absent.
   *
   * @param oldLead such as {@code -P1D}
   */
  public record Item(
      String source,
      String appointment,
      @Nullable Instant start,
      @Nullable String text,
      @Nullable String channel,
      @Nullable String oldLead,
      @Nullable String newLead,
      @Nullable Instant oldDue,
      @Nullable Instant newDue) {}
}
