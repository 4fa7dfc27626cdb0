package io.appointmentrelay.intake.fhir;

import com.fasterxml.jackson.databind.JsonNode;
import io.appointmentrelay.intake.json.Json;
import io.appointmentrelay.intake.json.SafeText;
import org.jspecify.annotations.Nullable;

/** What somebody calls a thing: FHIR's identifier, a value and the system it is unique in. */
public record Identifier(@Nullable String system, String value) {

  /** Longer values break a database's index, and no EHR has them. */
  private static final int LONGEST = 200;

  /** The identifier, or null if the value is absent, blank or overlong. */
  public static @Nullable Identifier of(@Nullable String system, @Nullable String value) {
    String cleanValue = SafeText.clean(value);
    String cleanSystem = SafeText.clean(system);
    boolean overlong =
        length(cleanValue) > LONGEST || length(cleanValue) + length(cleanSystem) > 2 * LONGEST;
    return cleanValue == null || overlong ? null : new Identifier(cleanSystem, cleanValue);
  }

  /** An element of FHIR's type Identifier, or null if it has no usable value. */
  public static @Nullable Identifier of(JsonNode element) {
    return of(Json.text(element, "system"), Json.text(element, "value"));
  }

  /** {@code system|value}, as FHIR's token search has it; the bare value without a system. */
  public String token() {
    return system == null ? value : system + "|" + value;
  }

  /** Whether both can mean the same thing: equal values, and no two different systems. */
  public boolean agreesWith(Identifier other) {
    boolean systemsDiffer = system != null && other.system != null && !system.equals(other.system);
    return value.equals(other.value) && !systemsDiffer;
  }

  private static int length(@Nullable String text) {
    return text == null ? 0 : text.length();
  }
}
