package io.appointmentrelay.timeline;

import io.appointmentrelay.appointment.AppointmentEvent;
import io.appointmentrelay.appointment.AppointmentNotice;
import io.appointmentrelay.appointment.AppointmentRecord;
import io.appointmentrelay.appointment.Claim;
import io.appointmentrelay.appointment.Plan.Verdict;
import io.appointmentrelay.appointment.Run;
import io.appointmentrelay.appointment.Timeline;
import io.appointmentrelay.store.Store;
import org.apache.camel.Component;
import org.apache.camel.Exchange;
import org.apache.camel.Producer;
import org.apache.camel.support.DefaultProducer;
import org.jspecify.annotations.Nullable;

/**
 * {@code timeline:<claim>}: the body, a notice, becomes the event that really happened. Nothing is
 * written here; the plan that travels with the exchange takes it along.
 */
final class ClaimEndpoint extends TimelineEndpoint {

  private final Claim claim;
  private final Store store;

  ClaimEndpoint(String uri, Component component, Claim claim, Store store) {
    super(uri, component);
    this.claim = claim;
    this.store = store;
  }

  @Override
  public Producer createProducer() {
    return new DefaultProducer(this) {
      @Override
      public void process(Exchange exchange) {
        AppointmentNotice notice = body(exchange, AppointmentNotice.class);
        Run run = run(exchange);
        AppointmentEvent event = Timeline.judge(question(notice, run));
        run.plan().add(new Verdict.Applied(event));
        exchange.getMessage().setBody(event);
      }
    };
  }

  private Timeline.Question question(AppointmentNotice notice, Run run) {
    return new Timeline.Question(
        claim,
        notice,
        run.group(),
        run.source(),
        run.notification(),
        run.receivedAt(),
        known(run.group(), notice.identifier()),
        notice.replaces() == null ? null : known(run.group(), notice.replaces()));
  }

  private @Nullable AppointmentRecord known(String group, String identifier) {
    return store.appointment(group, identifier).orElse(null);
  }
}
