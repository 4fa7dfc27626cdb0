package io.appointmentrelay.intake.fhir;

import com.fasterxml.jackson.databind.JsonNode;
import io.appointmentrelay.intake.json.Json;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Reads when a visit ends: as a time, or as the length that some formats give in its place. */
public final class VisitLength {

  private static final int WEEK = 7 * 24 * 60;

  private VisitLength() {}

  /** Minutes from 1 to a week; null for anything else: 0 is how senders say unknown. */
  public static @Nullable Integer minutes(JsonNode duration) {
    Integer minutes = Json.integer(duration);
    return minutes == null || minutes < 1 || minutes > WEEK ? null : minutes;
  }

  /** The end as said; null if it does not lie after the start, for then the visit seems over. */
  public static @Nullable Instant end(@Nullable Instant start, @Nullable Instant said) {
    boolean absurd = start != null && said != null && !said.isAfter(start);
    return absurd ? null : said;
  }

  /** The end of what starts then and lasts so long; null if either is unknown. */
  public static @Nullable Instant endAfter(@Nullable Instant start, JsonNode duration) {
    Integer minutes = minutes(duration);
    return start == null || minutes == null ? null : start.plus(Duration.ofMinutes(minutes));
  }
}
