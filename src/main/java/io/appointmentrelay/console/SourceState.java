package io.appointmentrelay.console;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A configured source: when it was heard, and what can be asked of its EHR.
 *
 * @param lastHeardAt absent: never yet
 * @param silence when it is news that it says nothing: {@code auto}, a time, or {@code none}
 * @param silentSince it is quieter than usual, and was last heard then; absent: it is not
 * @param openGaps how many ranges of its numbered events have not come
 * @param canBeCompared it has a FHIR server
 * @param canBeAsked its EHR can be asked for slots and visits
 * @param writeback which answers are written into its EHR
 */
public record SourceState(
    String source,
    String kind,
    String group,
    @Nullable Instant lastHeardAt,
    String silence,
    @Nullable Instant silentSince,
    long openGaps,
    boolean canBeCompared,
    boolean canBeAsked,
    List<String> writeback) {

  public SourceState {
    writeback = List.copyOf(writeback);
  }
}
