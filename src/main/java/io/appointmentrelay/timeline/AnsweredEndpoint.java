package io.appointmentrelay.timeline;

import io.appointmentrelay.appointment.AnswerNotice;
import io.appointmentrelay.appointment.AppointmentEvent;
import io.appointmentrelay.appointment.AppointmentRecord;
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
 * {@code timeline:answered}: the body, an answer, becomes the event that plans what follows from
 * it. The appointment is as it was. An answer to another version than the one known is set aside,
 * and its route ends here.
 */
final class AnsweredEndpoint extends TimelineEndpoint {

  private final Store store;

  AnsweredEndpoint(String uri, Component component, Store store) {
    super(uri, component);
    this.store = store;
  }

  @Override
  public Producer createProducer() {
    return new DefaultProducer(this) {
      @Override
      public void process(Exchange exchange) {
        AnswerNotice answer = body(exchange, AnswerNotice.class);
        Run run = run(exchange);
        AppointmentRecord known =
            store.appointment(answer.group(), answer.identifier()).orElse(null);
        String objection = objection(answer, known);
        if (known == null || objection != null) {
          run.plan().add(new Verdict.Parked(String.valueOf(objection)));
          exchange.setRouteStop(true);
          return;
        }
        AppointmentEvent event =
            Timeline.answered(known, known.source(), run.notification(), run.receivedAt());
        run.plan().add(new Verdict.Answered(event));
        exchange.getMessage().setBody(event);
      }
    };
  }

  private static @Nullable String objection(
      AnswerNotice answer, @Nullable AppointmentRecord known) {
    Integer version = answer.version();
    if (known == null) {
      return "An answer is to an appointment that is known; found one that is not."
          + " It is parked, and nothing is written back.";
    }
    if (version != null && version != known.version()) {
      return "An answer is to the appointment as it is, version "
          + known.version()
          + "; found one to version "
          + version
          + ". It is parked, and nothing is written back; look at the appointment, and answer again.";
    }
    return null;
  }
}
