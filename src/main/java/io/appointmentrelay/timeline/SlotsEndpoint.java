package io.appointmentrelay.timeline;

import io.appointmentrelay.appointment.Plan.Verdict;
import io.appointmentrelay.appointment.Run;
import io.appointmentrelay.appointment.SlotsNotice;
import org.apache.camel.Component;
import org.apache.camel.Exchange;
import org.apache.camel.Producer;
import org.apache.camel.support.DefaultProducer;

/** {@code timeline:slots}: the pushed slots are to be stored. */
final class SlotsEndpoint extends TimelineEndpoint {

  SlotsEndpoint(String uri, Component component) {
    super(uri, component);
  }

  @Override
  public Producer createProducer() {
    return new DefaultProducer(this) {
      @Override
      public void process(Exchange exchange) {
        SlotsNotice notice = body(exchange, SlotsNotice.class);
        Run run = run(exchange);
        run.plan().add(new Verdict.Slots(notice, run.zone(), run.group()));
      }
    };
  }
}
