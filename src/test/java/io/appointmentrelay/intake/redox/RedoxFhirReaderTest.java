package io.appointmentrelay.intake.redox;

import static io.appointmentrelay.intake.Notifications.CONTEXT;
import static io.appointmentrelay.intake.Notifications.bytes;
import static io.appointmentrelay.intake.Notifications.edited;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.appointmentrelay.appointment.AppointmentNotice;
import io.appointmentrelay.appointment.ContactPoint;
import io.appointmentrelay.appointment.Details;
import io.appointmentrelay.appointment.Party;
import io.appointmentrelay.appointment.PatientProfile;
import io.appointmentrelay.intake.Part;
import io.appointmentrelay.intake.ReadingContext;
import io.appointmentrelay.intake.UnreadableNotification;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class RedoxFhirReaderTest {

  private final RedoxFhirReader reader = new RedoxFhirReader();

  @Test
  void aLightweightBookingSaysTimeVisitAndPatient() throws Exception {
    assertThat(read("redox-fhir/booked"))
        .isEqualTo(
            new AppointmentNotice(
                "AppointmentBooked",
                "321654654",
                "urn:redox:VIS",
                "booked",
                Details.at(
                    Instant.parse("2022-06-06T05:00:00Z"), Instant.parse("2022-06-06T06:00:00Z")),
                null,
                null,
                PatientProfile.of("urn:redox:redox-fhir-sandbox:MR|kyHGADnvX3xbkU4V9ayaqh"),
                List.of(
                    "urn:redox:redox-fhir-sandbox:MR|kyHGADnvX3xbkU4V9ayaqh",
                    "urn:redox:MRN|M23462346"),
                Instant.parse("2021-12-17T20:33:22.422Z"),
                false));
  }

  @Test
  void aDetailedBookingSaysWhoWhereAndHowToReachThem() throws Exception {
    AppointmentNotice notice = read("redox-fhir/booked-detailed");
    assertThat(notice.system()).isEqualTo("urn:redox:redox-fhir-sandbox:VIS");
    assertThat(notice.status()).isEqualTo("booked");
    assertThat(notice.details())
        .isEqualTo(
            new Details(
                Instant.parse("2024-01-15T16:00:00Z"),
                Instant.parse("2024-01-15T16:30:00Z"),
                null,
                new Party("loc-1", "Northside Clinic"),
                new Party("prac-1", "Dr. Alma Reyes"),
                "Follow-up visit",
                null,
                null));
    assertThat(notice.patient())
        .isEqualTo(
            new PatientProfile(
                "urn:redox:redox-fhir-sandbox:MR|MR1001",
                "Lucía",
                "Marín",
                LocalDate.of(1987, 3, 14),
                "es-MX",
                ZoneId.of("America/Chicago"),
                false,
                true,
                List.of(
                    new ContactPoint(
                        ContactPoint.Kind.PHONE,
                        "+15005550100",
                        "home",
                        2,
                        Instant.parse("2022-01-01T06:00:00Z"),
                        null),
                    new ContactPoint(
                        ContactPoint.Kind.PHONE, "+15005550101", "mobile", 1, null, true),
                    new ContactPoint(
                        ContactPoint.Kind.EMAIL,
                        "lucia.marin@example.com",
                        "home",
                        null,
                        null,
                        null),
                    new ContactPoint(
                        ContactPoint.Kind.PHONE, "+15005550103", "old", null, null, null))));
  }

  @Test
  void aMoveSaysTheOldTimeAndVisitWhereTheSenderDoes() throws Exception {
    AppointmentNotice notice = read("redox-fhir/rescheduled-detailed");
    assertThat(notice.oldStart()).isEqualTo("2024-01-15T16:00:00Z");
    assertThat(notice.replaces()).isEqualTo("90209");
  }

  @Test
  void anOldVisitNumberThatDidNotChangeReplacesNothing() throws Exception {
    byte[] body =
        edited(
            "redox-fhir/rescheduled-detailed",
            root ->
                appointment(root)
                    .putArray("extension")
                    .addObject()
                    .put("url", "oldVisitNumber")
                    .put("valueString", "90210"));
    assertThat(notice(body, 0).replaces()).isNull();
  }

  @Test
  void aNoShowIsKnownByItsStatus() throws Exception {
    assertThat(read("redox-fhir/no-show").status()).isEqualTo("noshow");
    assertThat(read("redox-fhir/no-show-in-own-words").status()).isEqualTo("noshow");
    assertThat(read("redox-fhir/cancelled").status()).isEqualTo("cancelled");
    assertThat(read("redox-fhir/cancelled-us-spelling").status()).isEqualTo("cancelled");
  }

  @Test
  void aVideoVisitHasItsLinkAndTestTrafficItsMark() throws Exception {
    AppointmentNotice notice = read("redox-fhir/booked-video-test");
    assertThat(notice.details().modality()).isEqualTo("video");
    assertThat(notice.details().link()).isEqualTo("https://video.example.com/room/90400");
    assertThat(notice.test()).isTrue();
  }

  @Test
  void aHoldHasNoPatient() throws Exception {
    assertThat(read("redox-fhir/booked-hold").patient()).isNull();
  }

  @Test
  void ofTwoAppointmentsEachHasItsOwnPatient() throws Exception {
    byte[] body = bytes("redox-fhir/updated-two-appointments");
    assertThat(notice(body, 0).patient().givenName()).isEqualTo("Sam");
    assertThat(notice(body, 1).patient().givenName()).isEqualTo("Lucía");
  }

  @Test
  void aSolePatientIsNotTakenForTwoPeople() throws Exception {
    byte[] body = edited("redox-fhir/updated-two-appointments", root -> entries(root).remove(2));
    AppointmentNotice sams = notice(body, 0);
    assertThat(sams.patient())
        .isEqualTo(PatientProfile.of("urn:redox:redox-fhir-sandbox:MR|MR1002"));
    assertThat(notice(body, 1).patient().givenName()).isEqualTo("Lucía");
  }

  @Test
  void ofTwoEmptyPatientsTheOneThatIsMeantIsTaken() throws Exception {
    byte[] body =
        edited(
            "redox-fhir/updated-two-appointments",
            root -> {
              entries(root).forEach(RedoxFhirReaderTest::emptyIfPatient);
            });
    assertThat(notice(body, 0).patient())
        .isEqualTo(PatientProfile.of("urn:redox:redox-fhir-sandbox:MR|MR1002"));
    assertThat(notice(body, 1).patient())
        .isEqualTo(PatientProfile.of("urn:redox:redox-fhir-sandbox:MR|MR1001"));
  }

  @Test
  void aParticipantWithAnotherIdIsNotTheSolePatient() throws Exception {
    byte[] body =
        edited(
            "redox-fhir/booked-detailed",
            root ->
                ((ObjectNode) appointment(root).withArray("participant").get(0))
                    .putObject("actor")
                    .put("reference", "Patient/somebody-else"));
    assertThat(notice(body, 0).patient()).isEqualTo(PatientProfile.of("somebody-else"));
  }

  @Test
  void anIdIsNotTakenForSomebodysIdentifier() throws Exception {
    byte[] body =
        edited("redox-fhir/updated-two-appointments", withPatientReference("Patient/MR1001"));
    assertThat(notice(body, 0).patient()).isEqualTo(PatientProfile.of("MR1001"));
  }

  @Test
  void anIdentifierThatTwoPatientsShareNamesNeither() throws Exception {
    byte[] body =
        edited(
            "redox-fhir/updated-two-appointments",
            withPatientReference("Patient?identifier=SHARED")
                .andThen(
                    root -> {
                      for (int i = 1; i <= 2; i++) {
                        ((ObjectNode) entries(root).get(i).get("resource"))
                            .withArray("identifier")
                            .addObject()
                            .put("system", "urn:s" + i)
                            .put("value", "SHARED");
                      }
                    }));
    assertThat(notice(body, 0).patient()).isEqualTo(PatientProfile.of("SHARED"));
  }

  @Test
  void theVisitNumberWinsOverOtherIdentifiersWhereverItStands() throws Exception {
    Consumer<ObjectNode> anotherIdentifier =
        root ->
            appointment(root)
                .putArray("identifier")
                .addObject()
                .put("system", "urn:redox:FIN")
                .put("value", "F1");
    assertThat(notice(edited("redox-fhir/booked", anotherIdentifier), 0).identifier())
        .isEqualTo("321654654");
    assertThat(
            notice(edited("redox-fhir/booked", anotherIdentifier.andThen(withFullUrl("x"))), 0)
                .identifier())
        .isEqualTo("F1");
  }

  @Test
  void withoutIdentifierTheIdIsTaken() throws Exception {
    byte[] byUrl = edited("redox-fhir/booked", withFullUrl("https://x/fhir/R4/Appointment/17"));
    assertThat(notice(byUrl, 0).identifier()).isEqualTo("17");
    byte[] byId =
        edited(
            "redox-fhir/booked",
            withFullUrl("urn:uuid:0f0a6d6e-6f0f-4f0e-8a53-1f6a9d0c9a11")
                .andThen(root -> appointment(root).put("id", "a-17")));
    assertThat(notice(byId, 0).identifier()).isEqualTo("a-17");
  }

  @Test
  void aUuidMadeForOneMessageIsNoIdentifier() {
    byte[] body =
        edited("redox-fhir/booked", withFullUrl("urn:uuid:0f0a6d6e-6f0f-4f0e-8a53-1f6a9d0c9a11"));
    assertThat(reader.glance(body)).containsExactly(new Part("AppointmentBooked", null, null));
    assertThatExceptionOfType(UnreadableNotification.class)
        .isThrownBy(() -> notice(body, 0))
        .withMessage(
            "An Appointment is known by an identifier, by its fullUrl or by its id; this one has"
                + " none that lasts beyond the message. It is parked; ask the sender to include the"
                + " visit number, then replay it.");
  }

  @Test
  void anAppointmentEventWithoutAppointmentIsUnreadable() {
    byte[] body = edited("redox-fhir/booked", root -> entries(root).remove(2));
    assertThat(reader.glance(body)).containsExactly(new Part("AppointmentBooked", null, null));
    assertThatExceptionOfType(UnreadableNotification.class)
        .isThrownBy(() -> notice(body, 0))
        .withMessageContaining(
            "A Bundle of event AppointmentBooked holds 1 to 500 Appointments; this one holds 0.");
  }

  @Test
  void moreAppointmentsThanAnybodySendsAreUnreadable() {
    byte[] body =
        edited(
            "redox-fhir/booked",
            root -> {
              for (int i = 0; i < 500; i++) {
                entries(root).add(entries(root).get(2).deepCopy());
              }
            });
    assertThat(reader.glance(body)).containsExactly(new Part("AppointmentBooked", null, null));
    assertThatExceptionOfType(UnreadableNotification.class)
        .isThrownBy(() -> notice(body, 0))
        .withMessageContaining("this one holds 501.");
  }

  @Test
  void aContainedPatientIsTakenBeforeTheOnlyEntry() throws Exception {
    byte[] body =
        edited(
            "redox-fhir/booked",
            root -> {
              ObjectNode contained = appointment(root).putArray("contained").addObject();
              contained
                  .put("resourceType", "Patient")
                  .put("id", "p")
                  .put("birthDate", "2001-02-03");
              contained.putArray("identifier").addObject().put("value", "M77");
              ((ObjectNode) appointment(root).withArray("participant").get(0))
                  .putObject("actor")
                  .put("reference", "#p");
            });
    assertThat(notice(body, 0).patient().reference()).isEqualTo("M77");
    assertThat(notice(body, 0).patient().birthDate()).isEqualTo("2001-02-03");
  }

  @Test
  void anEndThatDoesNotFollowTheStartIsNotBelieved() throws Exception {
    byte[] body =
        edited("redox-fhir/booked", r -> appointment(r).put("end", "2022-06-06T05:00:00.000Z"));
    assertThat(notice(body, 0).details().end()).isNull();
  }

  @Test
  void theMessageHeaderMayBeAnywhereAndMustNameTheEvent() {
    byte[] without = edited("redox-fhir/booked", root -> entries(root).remove(0));
    assertThat(reader.glance(without)).containsExactly(Part.UNREADABLE);
    assertThatExceptionOfType(UnreadableNotification.class)
        .isThrownBy(() -> notice(without, 0))
        .withMessageContaining("this one names none");
  }

  @Test
  void theTimeOfTheBundleIsTheEventsUnlessItLiesAhead() throws Exception {
    byte[] body = bytes("redox-fhir/booked");
    ReadingContext early =
        new ReadingContext(CONTEXT.zone(), Instant.parse("2021-12-17T20:33:22.421Z"));
    assertThat(((AppointmentNotice) reader.read(body, 0, early)).eventTime()).isNull();
    byte[] vague =
        edited("redox-fhir/booked", root -> root.put("timestamp", "2021-12-17T20:33:22"));
    assertThat(notice(vague, 0).eventTime()).isNull();
  }

  @Test
  void aRepeatHasTheSameKeyAndNothingElseHas() {
    String booked = key("redox-fhir/booked", root -> {});
    assertThat(booked)
        .isEqualTo(
            "SchedulingEventAppointmentBookedBundleExample 2021-12-17T20:33:22.422Z"
                + " AppointmentBooked urn:redox:VIS|321654654");
    assertThat(key("redox-fhir/booked", root -> root.put("later", 1))).isEqualTo(booked);
    assertThat(key("redox-fhir/booked", root -> root.put("id", "another"))).isNotEqualTo(booked);
    assertThat(key("redox-fhir/booked", root -> root.put("timestamp", "2022-01-01T00:00:00Z")))
        .isNotEqualTo(booked);
    assertThat(key("redox-fhir/modified", root -> {}))
        .isNotEqualTo(key("redox-fhir/rescheduled", root -> {}));
  }

  @Test
  void withoutBundleIdTheBodyIsTheKey() {
    String key = key("redox-fhir/booked-without-id", root -> {});
    assertThat(key).matches("sha256:[0-9a-f]{64} urn:redox:VIS\\|321654654");
    assertThat(key("redox-fhir/booked-without-id", root -> root.put("later", 1))).isNotEqualTo(key);
  }

  @Test
  void twoEntriesOfOneVisitAreNoRepeatOfEachOther() {
    byte[] body =
        edited("redox-fhir/booked", root -> entries(root).add(entries(root).get(2).deepCopy()));
    assertThat(reader.glance(body))
        .hasSize(2)
        .extracting(Part::deduplicationKey)
        .doesNotHaveDuplicates()
        .doesNotContainNull();
  }

  @Test
  void noKeyIsTooLongForAnIndex() {
    assertThat(key("redox-fhir/booked", root -> root.put("id", "x".repeat(1_900))).length())
        .isLessThan(1_000);
  }

  private String key(String fixture, Consumer<ObjectNode> edit) {
    return reader.glance(edited(fixture, edit)).get(0).deduplicationKey();
  }

  private AppointmentNotice read(String fixture) throws UnreadableNotification {
    return notice(bytes(fixture), 0);
  }

  private AppointmentNotice notice(byte[] body, int part) throws UnreadableNotification {
    return (AppointmentNotice) reader.read(body, part, CONTEXT);
  }

  private static ArrayNode entries(ObjectNode root) {
    return root.withArray("entry");
  }

  private static ObjectNode appointment(ObjectNode root) {
    return (ObjectNode) appointmentEntry(root).get("resource");
  }

  private static ObjectNode appointmentEntry(ObjectNode root) {
    for (var entry : entries(root)) {
      if (entry.at("/resource/resourceType").asText().equals("Appointment")) {
        return (ObjectNode) entry;
      }
    }
    throw new AssertionError("no Appointment");
  }

  private static Consumer<ObjectNode> withFullUrl(String url) {
    return root -> appointmentEntry(root).put("fullUrl", url);
  }

  private static Consumer<ObjectNode> withPatientReference(String reference) {
    return root ->
        ((ObjectNode) appointment(root).withArray("participant").get(0))
            .putObject("actor")
            .put("reference", reference)
            .put("type", "Patient");
  }

  private static void emptyIfPatient(JsonNode entry) {
    if (entry.at("/resource/resourceType").asText().equals("Patient")) {
      ((ObjectNode) entry).putObject("resource").put("resourceType", "Patient");
    }
  }
}
