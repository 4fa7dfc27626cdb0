package io.appointmentrelay.enrichment;

import io.appointmentrelay.appointment.AppointmentNotice;
import io.appointmentrelay.appointment.Notice;
import io.appointmentrelay.appointment.Run;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.jspecify.annotations.Nullable;

/**
 * One step of an enrichment route: the body, a notice, becomes a notice with more known. What the
 * notification says itself stays as it is. A source without a FHIR server, and notices of another
 * kind, pass untouched. It waits for the server; failures are those of {@link FhirServer}.
 */
abstract class LookUp implements Processor {

  private final FhirServers servers;

  LookUp(FhirServers servers) {
    this.servers = servers;
  }

  @Override
  public final void process(Exchange exchange) {
    Run run = exchange.getProperty(Run.PROPERTY, Run.class);
    if (run == null) {
      throw new IllegalStateException(
          "A look-up belongs into a route that begins with inbox:; this exchange began elsewhere."
              + " Move the step.");
    }
    FhirServer server = servers.of(run.source());
    Object body = exchange.getMessage().getBody();
    if (body instanceof Notice notice) {
      exchange.getMessage().setBody(perform(notice, run, server, exchange));
    }
  }

  /** Looks up for a notice of any kind, with or without a server. */
  Notice perform(Notice notice, Run run, @Nullable FhirServer server, Exchange exchange) {
    return server != null && notice instanceof AppointmentNotice ofAppointment
        ? complete(ofAppointment, new Asking(server, run, exchange))
        : notice;
  }

  /** The notice with what the server knows beyond it. */
  abstract AppointmentNotice complete(AppointmentNotice notice, Asking asking);
}
