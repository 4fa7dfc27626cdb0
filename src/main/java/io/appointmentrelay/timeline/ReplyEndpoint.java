package io.appointmentrelay.timeline;

import io.appointmentrelay.appointment.AppointmentEvent;
import io.appointmentrelay.appointment.AppointmentRecord;
import io.appointmentrelay.appointment.PatientReply;
import io.appointmentrelay.appointment.Plan.Verdict;
import io.appointmentrelay.appointment.Replies;
import io.appointmentrelay.appointment.Run;
import io.appointmentrelay.store.Store;
import org.apache.camel.Component;
import org.apache.camel.Exchange;
import org.apache.camel.Producer;
import org.apache.camel.support.DefaultProducer;

/**
 * {@code timeline:reply}: the body, a patient's reply, becomes the event that it is for the visit
 * as it is now.
 */
final class ReplyEndpoint extends TimelineEndpoint {

  private final Store store;

  ReplyEndpoint(String uri, Component component, Store store) {
    super(uri, component);
    this.store = store;
  }

  @Override
  public Producer createProducer() {
    return new DefaultProducer(this) {
      @Override
      public void process(Exchange exchange) {
        PatientReply reply = body(exchange, PatientReply.class);
        Run run = run(exchange);
        AppointmentRecord known =
            store
                .appointment(reply.group(), reply.identifier())
                .orElseThrow(
                    () -> new IllegalStateException("A reply was understood to an appointment"));
        AppointmentEvent event = Replies.judge(reply, known, run.notification(), run.receivedAt());
        run.plan().words(reply.words());
        run.plan().add(new Verdict.Applied(event));
        exchange.getMessage().setBody(event);
      }
    };
  }
}
