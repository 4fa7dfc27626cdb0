package io.appointmentrelay.intake.fhir;

import com.fasterxml.jackson.databind.JsonNode;
import io.appointmentrelay.intake.json.Json;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Reads the length of a visit or a slot, which some formats give in place of an end. */
public final class VisitLength {

  private static final int WEEK = 7 * 24 * 60;

  private VisitLength() {}

  /** Minutes from 1 to a week; null for anything else: 0 is how senders say unknown. */
  public static @Nullable Integer minutes(JsonNode duration) {
    Integer minutes = Json.integer(duration);
    return minutes == null || minutes < 1 || minutes > WEEK ? null : minutes;
  }

  /** The end of what starts then; null if the start or the length is unknown. */
  public static @Nullable Instant end(@Nullable Instant start, JsonNode duration) {
    Integer minutes = minutes(duration);
    return start == null || minutes == null ? null : start.plus(Duration.ofMinutes(minutes));
  }
}
