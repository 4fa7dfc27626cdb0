package io.appointmentrelay.fhir;

import io.appointmentrelay.appointment.AppointmentRecord;
import io.appointmentrelay.appointment.Details;
import io.appointmentrelay.appointment.Party;
import io.appointmentrelay.appointment.PatientProfile;
import io.appointmentrelay.store.ConsoleReads.KnownRecord;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Date;
import java.util.Objects;
import java.util.TimeZone;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.hl7.fhir.r4.model.Appointment;
import org.hl7.fhir.r4.model.Appointment.AppointmentParticipantComponent;
import org.hl7.fhir.r4.model.Appointment.AppointmentStatus;
import org.hl7.fhir.r4.model.Appointment.ParticipationStatus;
import org.hl7.fhir.r4.model.CodeType;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.Endpoint;
import org.hl7.fhir.r4.model.Identifier;
import org.hl7.fhir.r4.model.InstantType;
import org.hl7.fhir.r4.model.Reference;
import org.jspecify.annotations.Nullable;

/**
 * What is known of an appointment as FHIR R4's Appointment. What R4 requires and nobody has said is
 * there with FHIR's data-absent-reason. People and places are references by identifier: who asks
 * finds them where the source keeps them.
 */
final class VisitResource {

  static final String ABSENT = "http://hl7.org/fhir/StructureDefinition/data-absent-reason";

  /** The displays by which Canvas says the same, and which a FHIR client may know. */
  static final String OLD = "Previously Rescheduled Appointment";

  static final String NEW = "Rescheduled Replacement Appointment";

  private static final String TEST_SYSTEM = "http://terminology.hl7.org/CodeSystem/v3-ActReason";

  private VisitResource() {}

  static Appointment of(KnownRecord known) {
    AppointmentRecord record = known.record();
    Details details = record.details();
    Appointment resource = new Appointment();
    resource.setId(Long.toString(known.id()));
    resource
        .getMeta()
        .setVersionId(Integer.toString(record.revision()))
        .setLastUpdated(Date.from(known.updatedAt()))
        .setSource(Urns.source(record.source()));
    if (record.test()) {
      resource.getMeta().addSecurity(new Coding().setSystem(TEST_SYSTEM).setCode("HTEST"));
    }
    resource.addIdentifier(identifier(record.group(), record.system(), record.identifier()));
    status(resource, record);
    times(resource, details);
    if (details.type() != null) {
      resource.setAppointmentType(new CodeableConcept().setText(details.type()));
    }
    link(resource, details.link());
    participants(resource, record);
    chain(resource, record, known);
    return resource;
  }

  private static Identifier identifier(String group, @Nullable String system, String value) {
    return new Identifier().setSystem(Urns.system(system, group)).setValue(value);
  }

  private static void status(Appointment resource, AppointmentRecord record) {
    if (record.status().equals(AppointmentRecord.REPLACED)) {
      resource.setStatus(AppointmentStatus.CANCELLED);
      resource.setCancelationReason(
          new CodeableConcept().setText("Another appointment has taken its place"));
    } else {
      resource.setStatus(AppointmentStatus.fromCode(record.status()));
    }
  }

  private static void times(Appointment resource, Details details) {
    Instant start = details.start();
    Instant end = details.end();
    if (start == null) {
      return;
    }
    resource.setStartElement(instant(start, details.zone()));
    if (end == null) {
      resource.setEndElement(absent());
    } else {
      resource.setEndElement(instant(end, details.zone()));
      long minutes = Duration.between(start, end).toMinutes();
      if (minutes > 0 && minutes <= Duration.ofDays(1).toMinutes()) {
        resource.setMinutesDuration((int) minutes);
      }
    }
  }

  static InstantType instant(Instant at, @Nullable ZoneId zone) {
    InstantType instant = new InstantType(Date.from(at));
    instant.setTimeZone(TimeZone.getTimeZone(zone == null ? ZoneOffset.UTC : zone));
    return instant;
  }

  /** R4 wants an end wherever there is a start. */
  static InstantType absent() {
    InstantType nothing = new InstantType();
    nothing.addExtension(ABSENT, new CodeType("unknown"));
    return nothing;
  }

  private static void link(Appointment resource, @Nullable String link) {
    if (link == null) {
      return;
    }
    Endpoint endpoint = new Endpoint();
    endpoint.setId("link");
    endpoint.setStatus(Endpoint.EndpointStatus.ACTIVE);
    endpoint.setConnectionType(new Coding().setDisplay("Video visit"));
    endpoint.addPayloadType(new CodeableConcept().setText("Video visit"));
    endpoint.setAddress(link);
    resource.addContained(endpoint);
    resource.addSupportingInformation(new Reference("#link").setDisplay("Video visit"));
  }

  private static void participants(Appointment resource, AppointmentRecord record) {
    PatientProfile patient = record.patient();
    Reference person = patient == null ? null : person(patient);
    ParticipationStatus willing =
        switch (record.status()) {
          case "proposed", "pending", "waitlist" -> ParticipationStatus.NEEDSACTION;
          default -> ParticipationStatus.ACCEPTED;
        };
    if (person != null) {
      resource.addParticipant(participant(person, willing));
    }
    Party practitioner = record.details().practitioner();
    if (practitioner != null) {
      resource.addParticipant(
          participant(reference("Practitioner", practitioner), ParticipationStatus.ACCEPTED));
    }
    Party location = record.details().location();
    if (location != null) {
      resource.addParticipant(
          participant(reference("Location", location), ParticipationStatus.ACCEPTED));
    }
    if (resource.getParticipant().isEmpty()) {
      Reference nobody = new Reference();
      nobody.addExtension(ABSENT, new CodeType("unknown"));
      resource.addParticipant(participant(nobody, willing));
    }
  }

  private static @Nullable Reference person(PatientProfile patient) {
    String name =
        Stream.of(patient.givenName(), patient.familyName())
            .filter(Objects::nonNull)
            .collect(Collectors.joining(" "));
    if (patient.reference() == null && name.isEmpty()) {
      return null;
    }
    return reference("Patient", new Party(patient.reference(), name.isEmpty() ? null : name));
  }

  static Reference reference(String type, Party party) {
    Reference reference = new Reference().setType(type);
    if (party.reference() != null) {
      reference.setIdentifier(Urns.identifier(party.reference()));
    }
    return party.name() == null ? reference : reference.setDisplay(party.name());
  }

  private static AppointmentParticipantComponent participant(
      Reference actor, ParticipationStatus status) {
    return new AppointmentParticipantComponent().setActor(actor).setStatus(status);
  }

  /** R4 has no element for it; R5 would say it by {@code replaces}. */
  private static void chain(Appointment resource, AppointmentRecord record, KnownRecord known) {
    if (record.replaces() != null) {
      resource.addSupportingInformation(
          other(record, record.replaces(), known.replaces()).setDisplay(OLD));
    }
    if (record.replacedBy() != null) {
      resource.addSupportingInformation(
          other(record, record.replacedBy(), known.replacedBy()).setDisplay(NEW));
    }
  }

  private static Reference other(AppointmentRecord record, String identifier, @Nullable Long id) {
    Reference reference =
        new Reference()
            .setType("Appointment")
            .setIdentifier(identifier(record.group(), record.system(), identifier));
    return id == null ? reference : reference.setReference("Appointment/" + id);
  }
}
