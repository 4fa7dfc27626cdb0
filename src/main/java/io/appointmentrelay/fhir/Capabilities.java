package io.appointmentrelay.fhir;

import java.time.Instant;
import java.util.Date;
import java.util.Map;
import java.util.TreeMap;
import org.hl7.fhir.r4.model.CapabilityStatement;
import org.hl7.fhir.r4.model.CapabilityStatement.CapabilityStatementKind;
import org.hl7.fhir.r4.model.CapabilityStatement.CapabilityStatementRestComponent;
import org.hl7.fhir.r4.model.CapabilityStatement.CapabilityStatementRestResourceComponent;
import org.hl7.fhir.r4.model.CapabilityStatement.ResourceVersionPolicy;
import org.hl7.fhir.r4.model.CapabilityStatement.RestfulCapabilityMode;
import org.hl7.fhir.r4.model.CapabilityStatement.TypeRestfulInteraction;
import org.hl7.fhir.r4.model.Enumerations.FHIRVersion;
import org.hl7.fhir.r4.model.Enumerations.PublicationStatus;
import org.hl7.fhir.r4.model.Enumerations.SearchParamType;

/** What may be asked here, as FHIR R4's CapabilityStatement. */
final class Capabilities {

  private static final Map<String, SearchParamType> OF_VISITS =
      new TreeMap<>(
          Map.of(
              "_id", SearchParamType.TOKEN,
              "_lastUpdated", SearchParamType.DATE,
              "date", SearchParamType.DATE,
              "identifier", SearchParamType.TOKEN,
              "patient", SearchParamType.REFERENCE,
              "status", SearchParamType.TOKEN));

  private static final Map<String, SearchParamType> OF_SLOTS =
      new TreeMap<>(
          Map.of(
              "schedule", SearchParamType.REFERENCE,
              "start", SearchParamType.DATE,
              "status", SearchParamType.TOKEN));

  private Capabilities() {}

  static CapabilityStatement statement(String base, Instant since) {
    CapabilityStatement statement = new CapabilityStatement();
    statement.setStatus(PublicationStatus.ACTIVE);
    statement.setDate(Date.from(since));
    statement.setKind(CapabilityStatementKind.INSTANCE);
    statement.setFhirVersion(FHIRVersion._4_0_1);
    statement.addFormat("json").addFormat("application/fhir+json");
    statement.getSoftware().setName("Appointment Relay");
    statement.getImplementation().setDescription("Appointments and slots as the relay knows them");
    statement.getImplementation().setUrl(base);
    CapabilityStatementRestComponent rest = statement.addRest();
    rest.setMode(RestfulCapabilityMode.SERVER);
    CapabilityStatementRestResourceComponent visits =
        resource(rest, VisitSearch.TYPE, OF_VISITS, ResourceVersionPolicy.VERSIONED);
    visits.addInteraction().setCode(TypeRestfulInteraction.READ);
    resource(rest, SlotSearch.TYPE, OF_SLOTS, ResourceVersionPolicy.NOVERSION);
    return statement;
  }

  private static CapabilityStatementRestResourceComponent resource(
      CapabilityStatementRestComponent rest,
      String type,
      Map<String, SearchParamType> parameters,
      ResourceVersionPolicy versioning) {
    CapabilityStatementRestResourceComponent resource = rest.addResource();
    resource.setType(type);
    resource.setVersioning(versioning);
    resource.addInteraction().setCode(TypeRestfulInteraction.SEARCHTYPE);
    parameters.forEach((name, kind) -> resource.addSearchParam().setName(name).setType(kind));
    return resource;
  }
}
