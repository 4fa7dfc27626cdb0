package io.appointmentrelay.enrichment;

import com.fasterxml.jackson.databind.JsonNode;
import io.appointmentrelay.appointment.AppointmentRecord;
import io.appointmentrelay.appointment.PatientProfile;
import io.appointmentrelay.appointment.RefusedByOtherEnd;
import io.appointmentrelay.appointment.WritebackOrder;
import io.appointmentrelay.intake.fhir.ConditionalUrl;
import io.appointmentrelay.intake.fhir.FhirAppointment;
import io.appointmentrelay.intake.fhir.Identifier;
import io.appointmentrelay.intake.fhir.Participant;
import io.appointmentrelay.intake.json.Json;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which of a FHIR server's Appointments an answer is for: the feed that told of the visit may call
 * it by an id of the server's or by an identifier, with a system or without. One that cannot be
 * told for certain fails with {@link RefusedByOtherEnd}: nothing is written into another's visit.
 */
final class AppointmentAtServer {

  /** More bear the identifier than anybody would look at one by one. */
  private static final int MOST = 10;

  private final FhirServer server;
  private final WritebackOrder order;
  private final String name;
  private final boolean mayBeId;

  AppointmentAtServer(FhirServer server, WritebackOrder order) {
    AppointmentRecord record = order.appointment();
    this.server = server;
    this.order = order;
    String system = record.system();
    this.name = system == null ? record.identifier() : system + "|" + record.identifier();
    this.mayBeId = !server.dialect().isIdentifier(name) && FhirServer.ID.matcher(name).matches();
  }

  /** The name as an id, which is tried first; absent: it cannot be one. */
  @Nullable String asId() {
    return mayBeId ? name : null;
  }

  /** The id of the one appointment that bears the name as its identifier. */
  String byIdentifier() {
    List<JsonNode> bearers =
        server.search(Question.identifier("Appointment", name)).stream()
            .filter(one -> PatientLookUp.isMeant(one, name))
            .toList();
    if (bearers.size() > MOST) {
      throw refused(bearers.size() + " appointments of that identifier");
    }
    List<JsonNode> found = bearers.stream().filter(this::mayBeOfThePatient).toList();
    if (found.isEmpty() && !bearers.isEmpty()) {
      throw refused("an appointment of that identifier, but of another patient");
    }
    if (found.size() != 1) {
      String tried = mayBeId ? "of that id or identifier" : "of that identifier";
      throw refused(
          (found.isEmpty() ? "no appointment " : found.size() + " appointments ") + tried);
    }
    String id = Json.text(found.get(0), "id");
    if (id == null || !FhirServer.ID.matcher(id).matches()) {
      throw refused("an appointment without an id of FHIR's form");
    }
    return id;
  }

  /** Where both sides say who comes, it must be the same person; else nothing speaks against it. */
  private boolean mayBeOfThePatient(JsonNode appointment) {
    String expected = expectedPatient();
    List<Participant> patients =
        FhirAppointment.participants(appointment).stream().filter(Participant::isPatient).toList();
    return expected == null
        || patients.isEmpty()
        || patients.stream().anyMatch(patient -> isCalled(patient, expected));
  }

  private boolean isCalled(Participant patient, String expected) {
    Identifier shown = patient.identifier();
    if (shown != null && (shown.token().equals(expected) || shown.value().equals(expected))) {
      return true;
    }
    Identifier literal = ConditionalUrl.of(patient.reference()).identifier();
    if (literal == null || patient.isConditional()) {
      return patient.reference() == null && shown == null;
    }
    JsonNode person = server.read("Patient", literal.value());
    return person != null && PatientLookUp.isMeant(person, expected);
  }

  /** As the feed calls the person; a kind such as MR is no system of FHIR's, the number stays. */
  private @Nullable String expectedPatient() {
    PatientProfile patient = order.appointment().patient();
    String reference = patient == null ? null : patient.reference();
    if (reference == null) {
      return null;
    }
    int bar = reference.indexOf('|');
    boolean isOfAKind = bar >= 0 && reference.lastIndexOf(':', bar) < 0;
    return isOfAKind ? reference.substring(bar + 1) : reference;
  }

  private RefusedByOtherEnd refused(String found) {
    return new RefusedByOtherEnd(
        "The FHIR server of source "
            + order.source()
            + " was expected to have exactly one appointment by the name it has here; found "
            + found
            + ". Enter the answer by hand, or correct the identifier there and retry");
  }
}
