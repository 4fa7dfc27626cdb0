package io.appointmentrelay.intake.fhir;

import static io.appointmentrelay.intake.Notifications.tree;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.appointmentrelay.appointment.Details;
import io.appointmentrelay.appointment.Party;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FhirAppointmentTest {

  private static final ZoneId CHICAGO = ZoneId.of("America/Chicago");

  @Test
  void anEmptyAppointmentSaysNothing() {
    assertThat(details("{}")).isEqualTo(Details.NONE);
    assertThat(FhirAppointment.status(tree("{}"))).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Telehealth follow-up",
        "Telemedicine",
        "New patient video visit",
        "VIRTUAL VISIT"
      })
  void aVisitByVideoIsTold(String type) {
    assertThat(details("{'appointmentType': {'text': '" + type + "'}}").modality())
        .isEqualTo("video");
    assertThat(details("{'serviceType': [{'coding': [{'display': '" + type + "'}]}]}").modality())
        .isEqualTo("video");
  }

  @ParameterizedTest
  @ValueSource(strings = {"Video swallow study", "Virtual colonoscopy", "Office visit"})
  void whatTakesPlaceInPersonIsNot(String type) {
    assertThat(details("{'appointmentType': {'text': '" + type + "'}}").modality()).isNull();
  }

  @Test
  void theLinkIsTheContainedEndpointsWebAddress() {
    String endpoint = "{'contained': [{'resourceType': 'Endpoint', 'address': '%s'}]}";
    assertThat(details(endpoint.formatted("https://v.example.com/1")).link())
        .isEqualTo("https://v.example.com/1");
    assertThat(details(endpoint.formatted("javascript:alert(1)")).link()).isNull();
  }

  @Test
  void peopleAndPlacesAreNamedFromWhereverTheirNameStands() {
    Details details =
        details(
            "{'contained': [{'resourceType': 'Practitioner', 'id': 'p', 'name': [{'text': 'Pat"
                + " Granite, MD'}]}], 'participant': [{'actor': {'reference': '#p'}}, {'actor':"
                + " {'type': 'Location', 'display': 'Room 5', 'identifier': {'value': 'L5'}}}]}");
    assertThat(details.practitioner()).isEqualTo(new Party(null, "Pat Granite, MD"));
    assertThat(details.location()).isEqualTo(new Party("L5", "Room 5"));
  }

  @Test
  void aParticipantIsKnownByItsRoleToo() {
    Details details =
        details(
            "{'participant': [{'type': [{'coding': [{'code': 'PPRF'}]}], 'actor': {'display':"
                + " 'Dr. Roe'}}, {'actor': {'display': 'somebody'}}]}");
    assertThat(details.practitioner()).isEqualTo(Party.named("Dr. Roe"));
    assertThat(details.location()).isNull();
  }

  @Test
  void theSendersOwnWordTellsANoShowFiledAsCancelled() {
    String appointment =
        "{'status': '%s', '_status': {'extension': [{'url': 'https://x/originalText',"
            + " 'valueString': '%s'}]}}";
    assertThat(FhirAppointment.status(tree(appointment.formatted("cancelled", "No Show"))))
        .isEqualTo("noshow");
    assertThat(FhirAppointment.status(tree(appointment.formatted("Scheduled", "booked"))))
        .isEqualTo("booked");
    assertThat(FhirAppointment.status(tree(appointment.formatted("booked", "No Show"))))
        .isEqualTo("booked");
  }

  @Test
  void theOldTimeAndVisitNumberAreFoundAtAnyDepth() {
    JsonNode appointment =
        tree(
            "{'extension': [{'url': 'https://a', 'extension': [{'url':"
                + " 'https://b/OldDateTime', 'valueString': '2016-08-01 14:00:00Z'}]}], 'x':"
                + " {'modifierExtension': [{'url': 'oldVisitNumber', 'valueIdentifier': {'value':"
                + " 42}}]}}");
    assertThat(FhirAppointment.oldStart(appointment, CHICAGO)).isEqualTo("2016-08-01T14:00:00Z");
    assertThat(FhirAppointment.replaced(appointment)).isEqualTo(new Identifier(null, "42"));
  }

  private static Details details(String text) {
    JsonNode appointment = tree(text);
    BundleIndex nothing = new BundleIndex(tree("{}"));
    return FhirAppointment.details(appointment, Participant.of(appointment, nothing), CHICAGO);
  }
}
