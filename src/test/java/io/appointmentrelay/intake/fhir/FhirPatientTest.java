package io.appointmentrelay.intake.fhir;

import static io.appointmentrelay.intake.Notifications.tree;
import static org.assertj.core.api.Assertions.assertThat;

import io.appointmentrelay.appointment.ContactPerson;
import io.appointmentrelay.appointment.ContactPoint;
import io.appointmentrelay.appointment.PatientProfile;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FhirPatientTest {

  private static final ZoneId CHICAGO = ZoneId.of("America/Chicago");

  @Test
  void anEmptyPatientSaysNothing() {
    assertThat(profile("{'resourceType': 'Patient'}")).isEqualTo(PatientProfile.of("ref"));
  }

  @Test
  void contactsKeepUseRankPeriodAndConsent() {
    PatientProfile profile =
        profile(
            "{'telecom': [{'system': 'phone', 'value': '(03) 5555 6473', 'use': 'Mobile',"
                + " 'rank': 1, 'period': {'start': '2023-12', 'end': '2024-01-15'}, 'extension': [{'url':"
                + " 'http://schemas.canvasmedical.com/fhir/extensions/has-consent',"
                + " 'valueBoolean': false}]}]}");
    assertThat(profile.contactPoints())
        .containsExactly(
            new ContactPoint(
                ContactPoint.Kind.PHONE,
                "(03) 5555 6473",
                "mobile",
                1,
                Instant.parse("2024-01-16T06:00:00Z"),
                false,
                Instant.parse("2023-12-01T06:00:00Z")));
  }

  @Test
  void whoActsForThePatientIsKnownAndNobodyElse() {
    PatientProfile profile =
        profile(
            "{'contact': [{'relationship': [{'coding': [{'code': 'C'}], 'text': 'Emergency"
                + " contact'}], 'telecom': [{'system': 'phone', 'value': '1'}]},"
                + " {'relationship': [{'coding': [{'code': 'N'}, {'code': 'MTH'}]}], 'telecom':"
                + " [{'system': 'phone', 'value': '2', 'use': 'mobile'}]}, {'relationship':"
                + " [{'text': 'Legal Guardian'}], 'telecom': [{'system': 'email', 'value':"
                + " 'g@example.com'}]}, {'relationship': [{'text': 'Mother'}]}]}");
    assertThat(profile.contactPersons())
        .containsExactly(
            new ContactPerson(
                ContactPerson.Relation.PARENT, List.of(ContactPoint.phone("2", "mobile"))),
            new ContactPerson(
                ContactPerson.Relation.GUARDIAN, List.of(ContactPoint.email("g@example.com"))));
  }

  @ParameterizedTest
  @CsvSource({
    "Mother, PARENT",
    "step-father, PARENT",
    "Foster Parent, PARENT",
    "STPMTH, PARENT",
    "GUARD, GUARDIAN",
    "Healthcare power of attorney, GUARDIAN",
    "Grandmother,",
    "mother-in-law,",
    "Emergency Contact,",
    "Next of kin,",
    "Spouse,",
  })
  void aRelationshipIsReadInCodesAndWords(String said, ContactPerson.Relation relation) {
    assertThat(Relationship.of(said)).isEqualTo(Optional.ofNullable(relation));
  }

  @Test
  void contactsWithoutValueOrOfOtherSystemsAreLeftOut() {
    assertThat(
            profile(
                    "{'telecom': [{'system': 'phone'}, {'system': 'fax', 'value': '1'}, {'value':"
                        + " '2'}, {'system': 'email', 'value': 'a@example.com'}]}")
                .contactPoints())
        .containsExactly(ContactPoint.email("a@example.com"));
  }

  @Test
  void theOfficialNameIsTakenAndNoNickname() {
    PatientProfile profile =
        profile(
            "{'name': [{'use': 'nickname', 'given': ['Al']}, {'use': 'official', 'given':"
                + " ['Alexandra', 'B.'], 'family': 'Stone'}]}");
    assertThat(profile.givenName()).isEqualTo("Alexandra");
    assertThat(profile.familyName()).isEqualTo("Stone");
    assertThat(profile("{'name': {'given': 'Ada'}}").givenName()).isEqualTo("Ada");
  }

  @Test
  void thePreferredLanguageIsTakenElseTheOnlyOne() {
    String english = "{'language': {'coding': [{'code': 'en'}]}}";
    String spanish = "{'language': {'coding': [{'code': 'es'}]}}";
    String preferred = "{'language': {'coding': [{'code': 'es'}]}, 'preferred': true}";
    assertThat(profile("{'communication': [" + english + "," + preferred + "]}").language())
        .isEqualTo("es");
    assertThat(profile("{'communication': [" + spanish + "]}").language()).isEqualTo("es");
    assertThat(profile("{'communication': [" + english + "," + spanish + "]}").language()).isNull();
  }

  @Test
  void aDateOfDeathIsDeathWhateverTheFlagSays() {
    assertThat(profile("{'deceasedBoolean': true}").deceased()).isTrue();
    assertThat(profile("{'deceasedBoolean': false}").deceased()).isFalse();
    assertThat(profile("{'deceasedDateTime': '2023'}").deceased()).isTrue();
    assertThat(profile("{'deceasedDateTime': '2023', 'deceasedBoolean': false}").deceased())
        .isTrue();
    assertThat(profile("{}").deceased()).isNull();
  }

  @Test
  void activeAndZoneAreTakenAsSaid() {
    PatientProfile profile =
        profile(
            "{'active': false, 'extension': [{'url':"
                + " 'http://hl7.org/fhir/StructureDefinition/tz-code', 'valueCode':"
                + " 'America/Denver'}]}");
    assertThat(profile.active()).isFalse();
    assertThat(profile.zone()).isEqualTo(ZoneId.of("America/Denver"));
    assertThat(profile("{'extension': [{'url': 'tz-code', 'valueCode': 'Mars/One'}]}").zone())
        .isNull();
  }

  private static PatientProfile profile(String patient) {
    return FhirPatient.profile("ref", tree(patient), CHICAGO);
  }
}
