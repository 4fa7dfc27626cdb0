package io.appointmentrelay.intake.fhir;

import io.appointmentrelay.intake.json.SafeText;
import org.jspecify.annotations.Nullable;

/** Brings the spellings of an appointment's status that occur in the wild to FHIR R4's words. */
public final class FhirStatus {

  private FhirStatus() {}

  /** FHIR's word, such as {@code noshow} for "No Show"; null if it is not understood. */
  public static @Nullable String of(@Nullable String said) {
    if (said == null) {
      return null;
    }
    return switch (SafeText.letters(said)) {
      case "proposed" -> "proposed";
      case "pending" -> "pending";
      case "booked" -> "booked";
      case "arrived" -> "arrived";
      case "fulfilled" -> "fulfilled";
      case "cancelled", "canceled" -> "cancelled";
      case "noshow", "noshowed" -> "noshow";
      case "enteredinerror" -> "entered-in-error";
      case "checkedin" -> "checked-in";
      case "waitlist", "waitlisted" -> "waitlist";
      default -> null;
    };
  }
}
