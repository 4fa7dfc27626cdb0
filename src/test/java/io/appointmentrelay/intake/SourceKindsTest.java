package io.appointmentrelay.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class SourceKindsTest {

  @Test
  void everyKindHasAReader() {
    assertThat(SourceKinds.names())
        .containsExactly(
            "canvas", "fhir-poll", "fhir-subscription", "redox-fhir", "redox-scheduling");
    assertThat(SourceKinds.names())
        .allSatisfy(kind -> assertThat(SourceKinds.reader(kind)).isNotNull());
  }

  @Test
  void anUnknownKindIsRefusedWithTheCure() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SourceKinds.reader("redox"))
        .withMessage(
            "The kind of a source is one of [canvas, fhir-poll, fhir-subscription, redox-fhir, redox-scheduling]; found 'redox'."
                + " Correct relay.source.<name>.kind.");
  }

  @Test
  void onlyRedoxVerifiesItsEndpoints() {
    assertThat(SourceKinds.answersChallenges("redox-fhir")).isTrue();
    assertThat(SourceKinds.answersChallenges("redox-scheduling")).isTrue();
    assertThat(SourceKinds.answersChallenges("canvas")).isFalse();
  }

  @Test
  void onlySubscriptionsSignAndTheyAndPollsAreOffUntilConfigured() {
    assertThat(SourceKinds.names().stream().filter(SourceKinds::signs))
        .containsExactly("fhir-subscription");
    assertThat(SourceKinds.offByDefault())
        .containsExactlyInAnyOrder("fhir-poll", "fhir-subscription");
  }
}
