package io.appointmentrelay.enrichment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.appointmentrelay.appointment.AppointmentNotice;
import io.appointmentrelay.appointment.ContactPoint;
import io.appointmentrelay.appointment.OtherEndUnavailable;
import io.appointmentrelay.appointment.PatientProfile;
import io.appointmentrelay.appointment.UnusableAnswer;
import java.time.Instant;
import java.time.ZoneId;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What answers are worth: shapes that Redox, Canvas and others really send, written by hand. */
class AnswersTest {

  private static final String NAME = Said.MR + "|77";

  private final RecordedServer server = new RecordedServer();

  @AfterEach
  void stop() {
    server.close();
  }

  private static String bundle(String... resources) {
    StringBuilder entries = new StringBuilder();
    for (String resource : resources) {
      entries
          .append(entries.isEmpty() ? "" : ",")
          .append("{\"resource\":")
          .append(resource)
          .append('}');
    }
    return "{\"resourceType\":\"Bundle\",\"type\":\"searchset\",\"entry\":[" + entries + "]}";
  }

  private static String patient(String id, String more) {
    return "{\"resourceType\":\"Patient\",\"id\":\""
        + id
        + "\",\"identifier\":[{\"system\":\""
        + Said.MR
        + "\",\"value\":\"77\"}]"
        + more
        + "}";
  }

  private static String reachable(String id) {
    return patient(
        id, ",\"telecom\":[{\"system\":\"email\",\"value\":\"" + id + "@example.org\"}]");
  }

  private static final String OUTCOME =
      "{\"resourceType\":\"OperationOutcome\",\"issue\":[{\"severity\":\"%s\",\"code\":\"%s\","
          + "\"diagnostics\":\"about Robin Sample\"}]}";

  /** Only patients are known, and this is what is said of them. */
  private EnrichmentRoom redoxAnswering(String patients) {
    server.does(
        (exchange, asked) ->
            RecordedServer.send(
                exchange, 200, asked.line().contains("/Patient") ? patients : bundle()));
    return EnrichmentRoom.of("redox-fhir", server.url());
  }

  private PatientProfile patientOf(EnrichmentRoom room) {
    return room.enrich(Said.lightweight(NAME)).patient();
  }

  @Test
  void theQuestionIsAFormAndTheAnswerMayBesideMatchesHoldAnOutcome() {
    try (EnrichmentRoom room =
        redoxAnswering(bundle(OUTCOME.formatted("warning", "informational"), reachable("p-1")))) {
      assertThat(patientOf(room).contactPoints()).hasSize(1);
    }
    assertThat(server.asked())
        .filteredOn(asked -> asked.line().equals("POST /Patient/_search"))
        .singleElement()
        .satisfies(
            asked ->
                assertThat(asked.body()).isEqualTo("identifier=urn%3Aredox%3Aclinic%3AMR%7C77"));
  }

  @Test
  void noMatchAndAnEmptyPatientLeaveThePersonUnknownAndSaySo() {
    for (String answer : new String[] {bundle(), bundle("{\"resourceType\":\"Patient\"}")}) {
      try (EnrichmentRoom room = redoxAnswering(answer)) {
        assertThat(patientOf(room)).isEqualTo(PatientProfile.of(NAME));
        assertThat(room.notes()).contains("the FHIR server knows none").doesNotContain("77");
      }
    }
  }

  @Test
  void ofTwoPatientsNobodyIsTaken() {
    try (EnrichmentRoom room = redoxAnswering(bundle(reachable("p-1"), reachable("p-2")))) {
      assertThat(patientOf(room)).isEqualTo(PatientProfile.of(NAME));
      assertThat(room.notes()).contains("the FHIR server has 2");
    }
  }

  @Test
  void whoBearsOnlyOtherNamesIsSomebodyElse() {
    try (EnrichmentRoom room =
        redoxAnswering(bundle(reachable("p-1").replace("\"77\"", "\"78\"")))) {
      assertThat(patientOf(room).contactPoints()).isEmpty();
    }
  }

  @Test
  void anOutcomeWithStatus200IsNoAnswer() {
    try (EnrichmentRoom room = redoxAnswering(OUTCOME.formatted("error", "processing"))) {
      assertThatThrownBy(() -> patientOf(room))
          .isInstanceOf(UnusableAnswer.class)
          .hasMessageContaining("OperationOutcome (processing)")
          .hasMessageNotContaining("Robin");
    }
    try (EnrichmentRoom room = redoxAnswering(OUTCOME.formatted("error", "throttled"))) {
      assertThatThrownBy(() -> patientOf(room)).isInstanceOf(OtherEndUnavailable.class);
    }
  }

  @Test
  void whatCannotBeReadIsOfNoUseAndNotQuoted() {
    for (String junk : new String[] {"Robin", "{\"resourceType\":\"Robin\"}", "{", "[]"}) {
      try (EnrichmentRoom room = redoxAnswering(junk)) {
        assertThatThrownBy(() -> patientOf(room))
            .isInstanceOf(UnusableAnswer.class)
            .hasMessageNotContaining("Robin")
            .hasNoCause();
      }
    }
  }

  @Test
  void contactsAreReadAsTheyAreAndWhoHasDiedIsKnownToHave() {
    String more =
        ",\"active\":false,\"deceasedBoolean\":true,\"telecom\":["
            + "{\"system\":\"phone\",\"use\":\"mobile\"},"
            + "{\"system\":\"phone\",\"value\":\"(312) 555-0101\",\"use\":\"old\"},"
            + "{\"system\":\"phone\",\"value\":\"(312) 555-0102\",\"period\":{\"end\":\"2020-01-31\"}},"
            + "{\"system\":\"email\",\"value\":\"a@example.org\",\"rank\":2}]";
    try (EnrichmentRoom room = redoxAnswering(bundle(patient("p-1", more)))) {
      PatientProfile patient = patientOf(room);

      assertThat(patient.active()).isFalse();
      assertThat(patient.deceased()).isTrue();
      assertThat(patient.contactPoints())
          .extracting(ContactPoint::value)
          .containsExactly("(312) 555-0101", "(312) 555-0102", "a@example.org");
      assertThat(patient.contactPoints().get(0).use()).isEqualTo("old");
      assertThat(patient.contactPoints().get(1).validUntil())
          .isEqualTo(Instant.parse("2020-02-01T06:00:00Z"));
      assertThat(patient.contactPoints().get(2).rank()).isEqualTo(2);
    }
  }

  private static String linked(String next, String resource) {
    return bundle(resource)
        .replace(
            "\"type\":\"searchset\"",
            "\"type\":\"searchset\",\"link\":[{\"relation\":\"next\",\"url\":\"" + next + "\"}]");
  }

  @Test
  void relativeAndAbsoluteLinksLeadToTheNextPage() {
    for (String base : new String[] {"", "/fhir/R4"}) {
      for (String next :
          new String[] {
            "/Patient?page=2", "Patient?page=2", base + "/Patient?page=2", "absolute"
          }) {
        String link = next.equals("absolute") ? server.url() + base + "/Patient?page=2" : next;
        server.does(
            (exchange, asked) -> {
              boolean second = asked.line().equals("GET " + base + "/Patient?page=2");
              boolean patients = asked.line().contains("/Patient");
              String page = second ? bundle(reachable("p-2")) : linked(link, reachable("p-1"));
              RecordedServer.send(exchange, 200, patients ? page : bundle());
            });
        try (EnrichmentRoom room =
            EnrichmentRoom.of("redox-fhir", java.net.URI.create(server.url() + base))) {
          patientOf(room);
          assertThat(room.notes()).describedAs(link).contains("the FHIR server has 2");
        }
      }
    }
  }

  @Test
  void aLinkToAnotherHostIsNotFollowed() {
    try (RecordedServer stranger = new RecordedServer()) {
      try (EnrichmentRoom room =
          redoxAnswering(linked(stranger.url() + "/Patient?page=2", reachable("p-1")))) {
        assertThatThrownBy(() -> patientOf(room))
            .isInstanceOf(UnusableAnswer.class)
            .hasMessageContaining("a link to another host");
      }
      assertThat(stranger.asked()).isEmpty();
    }
  }

  private static String visit(String status, String start) {
    return bundle(
        "{\"resourceType\":\"Appointment\",\"id\":\"a\",\"status\":\""
            + status
            + "\",\"start\":\""
            + start
            + "\",\"participant\":[{\"actor\":{\"reference\":\"Location/l\",\"display\":\"Room 9\"}}]}");
  }

  @Test
  void anAnswerOlderThanTheNotificationIsAskedForAgainAndThenNotBelieved() {
    for (String stale :
        new String[] {
          visit("booked", "2030-06-06T09:00:00Z"), visit("cancelled", "2030-06-06T15:00:00Z")
        }) {
      server.does(
          (exchange, asked) ->
              RecordedServer.send(
                  exchange, 200, asked.line().contains("/Appointment") ? stale : bundle()));
      try (EnrichmentRoom room = EnrichmentRoom.of("redox-fhir", server.url())) {
        assertThatThrownBy(() -> room.enrich(Said.lightweight(NAME)))
            .isInstanceOfSatisfying(
                OtherEndUnavailable.class,
                trouble -> assertThat(trouble.retryAfter()).hasSeconds(20));

        room.arrivedAt(Instant.now().minusSeconds(61));
        AppointmentNotice believed = room.enrich(Said.lightweight(NAME));
        assertThat(believed.details()).isEqualTo(Said.lightweight(NAME).details());
        assertThat(room.notes()).contains("The notification is believed");
      }
    }
  }

  @Test
  void foreignSpellingsOfStatusAndTimeAreUnderstood() {
    server.does(
        (exchange, asked) ->
            RecordedServer.send(
                exchange,
                200,
                asked.line().contains("/Appointment")
                    ? visit("Booked", "2030-06-06 15:00:00Z")
                    : bundle()));
    try (EnrichmentRoom room = EnrichmentRoom.of("redox-fhir", server.url())) {
      assertThat(room.enrich(Said.lightweight(NAME)).details().location().name())
          .isEqualTo("Room 9");
    }
  }

  @Test
  void canvasPlacesVideoLinksConsentAndZonesAreFound() {
    server.does(
        (exchange, asked) -> {
          String answer =
              switch (asked.line()) {
                case "GET /Appointment/a-1" ->
                    """
                    {"resourceType":"Appointment","id":"a-1","status":"proposed",
                     "contained":[{"resourceType":"Endpoint","id":"ep","status":"active",
                       "payloadType":[{"coding":[{"code":"video-call"}]}],
                       "address":"https://video.example.org/m/1"}],
                     "supportingInformation":[{"reference":"Location/l-1","type":"Location"},
                       {"reference":"#ep","type":"Endpoint"},
                       {"reference":"Encounter/e","type":"Encounter"}],
                     "start":"2030-06-06T15:00:00+00:00","end":"2030-06-06T15:30:00+00:00",
                     "participant":[{"actor":{"reference":"Practitioner/pr","type":"Practitioner"}}]}""";
                case "GET /Location/l-1" ->
                    "{\"resourceType\":\"Location\",\"id\":\"l-1\",\"name\":\"Downtown\"}";
                case "GET /Practitioner/pr" ->
                    "{\"resourceType\":\"Practitioner\",\"id\":\"pr\",\"name\":[{\"family\":\"Reed\",\"given\":[\"Sam\"]}]}";
                case "GET /Patient/p-1" ->
                    """
                    {"resourceType":"Patient","id":"p-1","extension":[
                      {"url":"http://hl7.org/fhir/StructureDefinition/tz-code","valueCode":"America/Denver"}],
                     "identifier":[{"system":"http://canvasmedical.com","value":"900"}],
                     "telecom":[{"extension":[{"url":"http://schemas.canvasmedical.com/fhir/extensions/has-consent",
                       "valueBoolean":false}],"system":"phone","value":"3035550123","use":"mobile","rank":1}]}""";
                default -> null;
              };
          RecordedServer.send(exchange, answer == null ? 404 : 200, answer == null ? "" : answer);
        });
    try (EnrichmentRoom room = EnrichmentRoom.of("canvas", server.url())) {
      AppointmentNotice notice = room.enrich(Said.canvas("created", "a-1", Said.START));

      assertThat(notice.details().link()).isEqualTo("https://video.example.org/m/1");
      assertThat(notice.details().modality()).isEqualTo("video");
      assertThat(notice.details().location().name()).isEqualTo("Downtown");
      assertThat(notice.details().practitioner().name()).isEqualTo("Sam Reed");
      assertThat(notice.patient().zone()).isEqualTo(ZoneId.of("America/Denver"));
      assertThat(notice.patient().contactPoints().get(0).consent()).isFalse();
    }
  }
}
