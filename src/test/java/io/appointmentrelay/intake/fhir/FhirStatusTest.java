package io.appointmentrelay.intake.fhir;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class FhirStatusTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "proposed",
        "pending",
        "booked",
        "arrived",
        "fulfilled",
        "cancelled",
        "noshow",
        "entered-in-error",
        "checked-in",
        "waitlist"
      })
  void theWordsOfFhirStay(String status) {
    assertThat(FhirStatus.of(status)).isEqualTo(status);
  }

  @ParameterizedTest
  @CsvSource({
    "canceled,         cancelled",
    "CANCELLED,        cancelled",
    "no-show,          noshow",
    "No Show,          noshow",
    "NO_SHOW,          noshow",
    "Booked,           booked",
    "checked_in,       checked-in",
    "Entered in Error, entered-in-error",
  })
  void foreignSpellingsAreBroughtToThem(String said, String status) {
    assertThat(FhirStatus.of(said)).isEqualTo(status);
  }

  @ParameterizedTest
  @NullSource
  @ValueSource(strings = {"", "scheduled", "cancelled by patient", "-"})
  void whatIsNotUnderstoodIsNull(String said) {
    assertThat(FhirStatus.of(said)).isNull();
  }
}
