package io.appointmentrelay.enrichment;

import com.fasterxml.jackson.databind.JsonNode;
import io.appointmentrelay.appointment.Run;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a look-up works with: the server, the run, and what earlier look-ups of the run found. */
record Asking(FhirServer server, Run run, Exchange exchange) {

  private static final Logger LOG = LoggerFactory.getLogger(LookUp.class);

  /** Where the Appointment as the server has it travels from look-up to look-up. */
  private static final String APPOINTMENT = "AppointmentFromFhir";

  /** Says how something was judged, in the log and where the notification is shown. */
  void note(String sentence) {
    run.plan().note(sentence);
    LOG.debug("Notification {} of source {}: {}", run.notification(), run.source(), sentence);
  }

  /** The Appointment that was found and is believed; null if none was. */
  @Nullable JsonNode appointment() {
    return exchange.getProperty(APPOINTMENT, JsonNode.class);
  }

  void found(JsonNode appointment) {
    exchange.setProperty(APPOINTMENT, appointment);
  }
}
