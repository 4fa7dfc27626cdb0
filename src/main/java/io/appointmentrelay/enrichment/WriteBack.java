package io.appointmentrelay.enrichment;

import io.appointmentrelay.appointment.RefusedByOtherEnd;
import io.appointmentrelay.appointment.WritebackOrder;
import java.util.function.Supplier;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;

/**
 * {@code writeBack}: an answer, the body, is written into the EHR of its source, in the way that
 * its FHIR server knows; the header {@value #WRITTEN} says by which version or message. It waits
 * for the server. Fails as look-ups do, with {@link RefusedByOtherEnd} if the server will never
 * take it, and with {@link io.appointmentrelay.appointment.NotWritten} if the EHR says that it does
 * not hold any more.
 */
public final class WriteBack implements Processor {

  private static final String WRITTEN = "AppointmentProviderId";

  private final Supplier<FhirServers> servers;
  private final RedoxWriteback messages;

  /**
   * Builds it; nothing is asked yet.
   *
   * @param servers asked for each time: they are built when the ports are known
   */
  public WriteBack(Supplier<FhirServers> servers, RedoxWriteback messages) {
    this.servers = servers;
    this.messages = messages;
  }

  @Override
  public void process(Exchange exchange) {
    WritebackOrder order = exchange.getMessage().getBody(WritebackOrder.class);
    FhirServers all = servers.get();
    FhirServer server = all.of(order.source());
    if (server == null) {
      throw new RefusedByOtherEnd(
          "An answer is written to the FHIR server of its source; "
              + order.source()
              + " has none. Set relay.source."
              + order.source()
              + ".fhir.base-url, then retry.");
    }
    String written =
        server.dialect() == Dialect.REDOX
            ? messages.write(server, order)
            : new ResourceWriteback(server, all.findings(), order).write();
    exchange.getMessage().setHeader(WRITTEN, written);
  }
}
