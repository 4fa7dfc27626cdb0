package io.appointmentrelay.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.rest.api.CacheControlDirective;
import ca.uhn.fhir.rest.api.SearchStyleEnum;
import ca.uhn.fhir.rest.client.api.IGenericClient;
import ca.uhn.fhir.rest.client.interceptor.BasicAuthInterceptor;
import ca.uhn.fhir.rest.server.exceptions.AuthenticationException;
import ca.uhn.fhir.rest.server.exceptions.InvalidRequestException;
import ca.uhn.fhir.rest.server.exceptions.NotModifiedException;
import ca.uhn.fhir.rest.server.exceptions.ResourceNotFoundException;
import io.appointmentrelay.console.Passwords;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import org.hl7.fhir.r4.model.Appointment;
import org.hl7.fhir.r4.model.Appointment.AppointmentStatus;
import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.CapabilityStatement;
import org.hl7.fhir.r4.model.OperationOutcome;
import org.hl7.fhir.r4.model.Patient;
import org.hl7.fhir.r4.model.Slot;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What is known, asked by HAPI's own client, which also checks the server before it asks. */
class FhirOutTest {

  private static final FhirContext R4 = FhirContext.forR4();

  private static final Date BEGUN = new Date();

  private static RunningRelay relay;
  private static IGenericClient client;

  @BeforeAll
  static void start() {
    relay = RunningRelay.shipped().start();
    for (int number = 1; number <= 5; number++) {
      relay.hear(
          "redox-scheduling", visit("New", "v" + number, "2031-03-0" + number + "T15:00:00Z"));
    }
    relay.hear("redox-scheduling", visit("Cancel", "v4", "2031-03-04T15:00:00Z"));
    relay.hear(
        "redox-scheduling",
        visit("Reschedule", "v6", "2031-03-06T15:00:00Z")
            .replace("\"VisitNumber\"", "\"OldVisitNumber\":\"v5\",\"VisitNumber\""));
    client = client(relay);
  }

  @AfterAll
  static void stop() {
    relay.close();
  }

  private static IGenericClient client(RunningRelay of) {
    return R4.newRestfulGenericClient("http://127.0.0.1:" + of.consolePort() + "/fhir/R4");
  }

  static String visit(String event, String number, String start) {
    return """
        {"Meta":{"DataModel":"Scheduling","EventType":"%s","Logs":[{"ID":"%s-%s"}]},
         "Patient":{"Identifiers":[{"ID":"0000000777","IDType":"MR"}],
           "Demographics":{"FirstName":"Nadia","LastName":"Okafor"}},
         "Visit":{"VisitNumber":"%s","VisitDateTime":"%s","Duration":30,"Reason":"Check-up",
           "VisitProvider":{"ID":"4356789876","IDType":"NPI","FirstName":"Pat","LastName":"Granite"},
           "Location":{"Facility":"Oak Clinic","Department":"Family Medicine"}}}
        """
        .formatted(event, event, number, number, start);
  }

  private static List<String> identifiers(Bundle bundle) {
    return bundle.getEntry().stream()
        .map(Bundle.BundleEntryComponent::getResource)
        .filter(Appointment.class::isInstance)
        .map(resource -> ((Appointment) resource).getIdentifierFirstRep().getValue())
        .toList();
  }

  private static Bundle search(String url) {
    return client.search().byUrl(url).returnBundle(Bundle.class).execute();
  }

  @Test
  void itSaysWhatMayBeAsked() {
    CapabilityStatement statement =
        client.capabilities().ofType(CapabilityStatement.class).execute();

    assertThat(statement.getFhirVersion().toCode()).isEqualTo("4.0.1");
    assertThat(statement.getRestFirstRep().getResource())
        .extracting(CapabilityStatement.CapabilityStatementRestResourceComponent::getType)
        .containsExactly("Appointment", "Slot");
  }

  @Test
  void anAppointmentIsFoundByItsIdentifierAndReadByItsId() {
    Bundle found =
        client
            .search()
            .forResource(Appointment.class)
            .where(Appointment.IDENTIFIER.exactly().code("v1"))
            .returnBundle(Bundle.class)
            .execute();
    Appointment appointment = (Appointment) found.getEntryFirstRep().getResource();
    Appointment read =
        client
            .read()
            .resource(Appointment.class)
            .withId(appointment.getIdElement().getIdPart())
            .execute();

    assertThat(identifiers(found)).containsExactly("v1");
    assertThat(found.getTotal()).isEqualTo(1);
    assertThat(found.getEntryFirstRep().getFullUrl())
        .isEqualTo(client.getServerBase() + "/Appointment/" + read.getIdElement().getIdPart());
    assertThat(read.getIdentifierFirstRep().getSystem())
        .isEqualTo("urn:appointment-relay:group:redox-scheduling");
    assertThat(read.getStatus()).isEqualTo(AppointmentStatus.BOOKED);
    assertThat(read.getStart()).isEqualTo(Date.from(Instant.parse("2031-03-01T15:00:00Z")));
    assertThat(read.getEnd()).isEqualTo(Date.from(Instant.parse("2031-03-01T15:30:00Z")));
    assertThat(read.getMinutesDuration()).isEqualTo(30);
    assertThat(read.getMeta().getVersionId()).isEqualTo("1");
    assertThat(read.getMeta().getLastUpdated()).isBetween(BEGUN, new Date(), true, true);
    assertThat(read.getParticipant())
        .extracting(
            one -> one.getActor().getType(),
            one -> one.getActor().getIdentifier().getSystem(),
            one -> one.getActor().getIdentifier().getValue(),
            one -> one.getActor().getDisplay())
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("Patient", "MR", "0000000777", "Nadia Okafor"),
            org.assertj.core.groups.Tuple.tuple("Practitioner", "NPI", "4356789876", "Pat Granite"),
            org.assertj.core.groups.Tuple.tuple(
                "Location", null, null, "Oak Clinic, Family Medicine"));
  }

  @Test
  void anIdentifierMayComeWithItsSystem() {
    String system = "urn:appointment-relay:group:redox-scheduling";

    assertThat(identifiers(search("Appointment?identifier=" + system + "|v2")))
        .containsExactly("v2");
    assertThat(identifiers(search("Appointment?identifier=urn:other|v2"))).isEmpty();
    assertThat(identifiers(search("Appointment?identifier=|v2"))).isEmpty();
    assertThat(identifiers(search("Appointment?identifier=v2,v3,none")))
        .containsExactly("v2", "v3");
  }

  @Test
  void datesHaveFhirsPrefixesAndAreDaysOfTheClinic() {
    assertThat(identifiers(search("Appointment?date=2031-03-02"))).containsExactly("v2");
    assertThat(identifiers(search("Appointment?date=ge2031-03-02&date=lt2031-03-04")))
        .containsExactly("v2", "v3");
    assertThat(identifiers(search("Appointment?date=sa2031-03-05"))).containsExactly("v6");
    assertThat(identifiers(search("Appointment?date=eb2031-03-02"))).containsExactly("v1");
    assertThat(identifiers(search("Appointment?date=le2031-03-02T15:00:00Z&_sort=-date")))
        .containsExactly("v2", "v1");
    assertThat(identifiers(search("Appointment?date=gt2031-03-02T09:00:00-06:00&date=2031-03")))
        .containsExactly("v3", "v4", "v5", "v6");
  }

  @Test
  void severalStatusesAreAnyOfThem() {
    assertThat(identifiers(search("Appointment?status=cancelled&date=2031-03")))
        .containsExactly("v4", "v5");
    assertThat(identifiers(search("Appointment?status=booked,cancelled&date=ge2031-03-04")))
        .containsExactly("v4", "v5", "v6");
  }

  @Test
  void thePatientIsNamedAsTheSenderDoes() {
    Bundle byIdentifier =
        client
            .search()
            .forResource(Appointment.class)
            .where(
                Appointment.PATIENT.hasChainedProperty(
                    Patient.IDENTIFIER.exactly().systemAndIdentifier("MR", "0000000777")))
            .and(Appointment.DATE.exactly().day("2031-03-03"))
            .returnBundle(Bundle.class)
            .execute();

    assertThat(identifiers(byIdentifier)).containsExactly("v3");
    assertThat(identifiers(search("Appointment?patient:identifier=MR|0000000777"))).hasSize(6);
    assertThat(identifiers(search("Appointment?patient=Patient/0000000777"))).isEmpty();
  }

  @Test
  void aReplacedAppointmentNamesTheOneThatTookItsPlace() {
    Appointment old =
        (Appointment) search("Appointment?identifier=v5").getEntryFirstRep().getResource();
    Appointment now =
        (Appointment) search("Appointment?identifier=v6").getEntryFirstRep().getResource();

    assertThat(old.getStatus()).isEqualTo(AppointmentStatus.CANCELLED);
    assertThat(old.getSupportingInformationFirstRep().getDisplay())
        .isEqualTo("Rescheduled Replacement Appointment");
    assertThat(old.getSupportingInformationFirstRep().getReference())
        .isEqualTo("Appointment/" + now.getIdElement().getIdPart());
    assertThat(now.getSupportingInformationFirstRep().getDisplay())
        .isEqualTo("Previously Rescheduled Appointment");
    assertThat(now.getSupportingInformationFirstRep().getIdentifier().getValue()).isEqualTo("v5");
  }

  @Test
  void pagesFollowEachOtherAndNothingIsLostBetweenThem() {
    Bundle page =
        client
            .search()
            .forResource(Appointment.class)
            .where(Appointment.DATE.afterOrEquals().day("2031-03-01"))
            .count(2)
            .returnBundle(Bundle.class)
            .execute();
    List<String> all = new ArrayList<>(identifiers(page));
    int pages = 1;
    while (page.getLink(Bundle.LINK_NEXT) != null) {
      page = client.loadPage().next(page).execute();
      all.addAll(identifiers(page));
      pages++;
    }

    assertThat(all).containsExactly("v1", "v2", "v3", "v4", "v5", "v6");
    assertThat(pages).isEqualTo(3);
  }

  @Test
  void whoAsksForChangesGetsThoseSinceAndInTheirOrder() {
    Appointment cancelled =
        (Appointment) search("Appointment?identifier=v4").getEntryFirstRep().getResource();
    String since =
        cancelled.getMeta().getLastUpdatedElement().getValueAsString().replace("+", "%2B");

    assertThat(identifiers(search("Appointment?_lastUpdated=ge" + since + "&_sort=_lastUpdated")))
        .startsWith("v4")
        .contains("v5", "v6")
        .doesNotContain("v1", "v2", "v3");
    assertThat(cancelled.getMeta().getVersionId()).isEqualTo("2");
  }

  @Test
  void aSearchMayComeByPost() {
    Bundle found =
        client
            .search()
            .forResource(Appointment.class)
            .where(Appointment.IDENTIFIER.exactly().code("v3"))
            .usingStyle(SearchStyleEnum.POST)
            .returnBundle(Bundle.class)
            .execute();

    assertThat(identifiers(found)).containsExactly("v3");
  }

  @Test
  void whatIsKnownAlreadyIsNotSentAgain() {
    String id =
        search("Appointment?identifier=v1")
            .getEntryFirstRep()
            .getResource()
            .getIdElement()
            .getIdPart();

    assertThatThrownBy(
            () ->
                client
                    .read()
                    .resource(Appointment.class)
                    .withId(id)
                    .ifVersionMatches("1")
                    .throwNotModifiedException()
                    .execute())
        .isInstanceOf(NotModifiedException.class);
  }

  @Test
  void whatIsNotThereIsNotFoundAndSaidInFhir() {
    assertThatThrownBy(() -> client.read().resource(Appointment.class).withId("999").execute())
        .isInstanceOfSatisfying(
            ResourceNotFoundException.class,
            e ->
                assertThat(
                        ((OperationOutcome) e.getOperationOutcome())
                            .getIssueFirstRep()
                            .getDiagnostics())
                    .contains("Expected the id of an Appointment"));
  }

  @Test
  void aParameterThatIsNotKnownIsPassedOverAndSaidOrRefused() {
    Bundle lenient =
        search("Appointment?identifier=v1&practitioner=Dr&_include=Appointment:patient");

    assertThat(identifiers(lenient)).containsExactly("v1");
    assertThat(lenient.getEntry().get(1).getResource()).isInstanceOf(OperationOutcome.class);
    assertThat(lenient.getLink(Bundle.LINK_SELF).getUrl()).endsWith("/Appointment?identifier=v1");
    assertThatThrownBy(
            () ->
                client
                    .search()
                    .byUrl("Appointment?practitioner=Dr")
                    .withAdditionalHeader("Prefer", "handling=strict")
                    .returnBundle(Bundle.class)
                    .execute())
        .isInstanceOf(InvalidRequestException.class);
  }

  @Test
  void slotsAreFreeUntilAVisitTakesThem() {
    relay.hear(
        "redox-scheduling",
        """
        {"Meta":{"DataModel":"Scheduling","EventType":"PushSlots"},"Slots":[
          {"ID":"s1","DateTime":"2031-03-02T15:15:00Z","Duration":15,"Reason":"Office Visit",
           "Provider":{"ID":"4356789876","IDType":"NPI","FirstName":"Pat","LastName":"Granite"}},
          {"ID":"s2","DateTime":"2031-03-02T15:30:00Z","Duration":15,"Reason":"Office Visit",
           "Provider":{"ID":"4356789876","IDType":"NPI","FirstName":"Pat","LastName":"Granite"}},
          {"ID":"s3","DateTime":"2031-03-02T16:00:00Z","Duration":15,"Reason":"Blocked",
           "Provider":{"ID":"4356789876","IDType":"NPI","FirstName":"Pat","LastName":"Granite"}}]}
        """);
    Bundle all = search("Slot?start=2031-03-02&schedule=NPI|4356789876");
    Bundle free = search("Slot?start=2031-03-02&status=free");

    assertThat(all.getEntry())
        .extracting(entry -> ((Slot) entry.getResource()).getStatus().toCode())
        .containsExactly("busy", "free", "busy-unavailable");
    assertThat(((Slot) free.getEntryFirstRep().getResource()).getIdentifierFirstRep().getValue())
        .isEqualTo("s2");
    assertThat(free.getEntry()).hasSize(1);
  }

  @Test
  void aConsoleWithUsersAnswersThemAlone() {
    try (RunningRelay guarded =
        RunningRelay.with("relay.console.users", "ada:" + Passwords.hash("correct horse battery"))
            .start()) {
      IGenericClient stranger = client(guarded);
      IGenericClient ada = client(guarded);
      ada.registerInterceptor(new BasicAuthInterceptor("ada", "correct horse battery"));

      assertThatThrownBy(
              () ->
                  stranger
                      .search()
                      .forResource(Appointment.class)
                      .returnBundle(Bundle.class)
                      .execute())
          .isInstanceOf(AuthenticationException.class);
      assertThat(
              ada.search()
                  .forResource(Appointment.class)
                  .cacheControl(CacheControlDirective.noCache())
                  .returnBundle(Bundle.class)
                  .execute()
                  .getEntry())
          .isEmpty();
    }
  }

  @Test
  void itIsReadAsThisProductReadsFhirElsewhere() throws java.io.IOException {
    String json =
        R4.newJsonParser()
            .encodeResourceToString(
                search("Appointment?identifier=v1").getEntryFirstRep().getResource());

    var details =
        io.appointmentrelay.intake.fhir.FhirAppointment.alone(
            RunningRelay.JSON.readTree(json.getBytes(StandardCharsets.UTF_8)),
            java.time.ZoneId.of("America/Chicago"));

    assertThat(details.practitioner())
        .isEqualTo(new io.appointmentrelay.appointment.Party("NPI|4356789876", "Pat Granite"));
    assertThat(details.type()).isEqualTo("Check-up");
  }
}
