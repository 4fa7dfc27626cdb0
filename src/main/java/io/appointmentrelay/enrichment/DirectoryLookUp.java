package io.appointmentrelay.enrichment;

import com.fasterxml.jackson.databind.JsonNode;
import io.appointmentrelay.appointment.AppointmentNotice;
import io.appointmentrelay.appointment.Details;
import io.appointmentrelay.appointment.Party;
import io.appointmentrelay.intake.fhir.FhirText;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * {@code lookUpPractitioner}, {@code lookUpLocation}: the name behind a reference, where the
 * notification or the Appointment has only that. Without one the visit is told without it.
 */
final class DirectoryLookUp extends LookUp {

  private final String type;
  private final Function<Details, @Nullable Party> known;
  private final BiFunction<Details, Party, Details> with;

  private DirectoryLookUp(
      FhirServers servers,
      String type,
      Function<Details, @Nullable Party> known,
      BiFunction<Details, Party, Details> with) {
    super(servers);
    this.type = type;
    this.known = known;
    this.with = with;
  }

  static DirectoryLookUp practitioner(FhirServers servers) {
    return new DirectoryLookUp(
        servers, "Practitioner", Details::practitioner, Details::withPractitioner);
  }

  static DirectoryLookUp location(FhirServers servers) {
    return new DirectoryLookUp(servers, "Location", Details::location, Details::withLocation);
  }

  @Override
  AppointmentNotice complete(AppointmentNotice notice, Asking asking) {
    Party party = known.apply(notice.details());
    String reference = party == null || party.name() != null ? null : party.reference();
    if (reference == null) {
      return notice;
    }
    List<JsonNode> found = asking.server().directory(type, reference);
    String name = found.size() == 1 ? FhirText.name(found.get(0).path("name")) : null;
    return name == null
        ? notice
        : notice.with(with.apply(notice.details(), new Party(reference, name)));
  }
}
