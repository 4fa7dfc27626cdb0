package io.appointmentrelay.outbox;

import io.appointmentrelay.appointment.AppointmentRecord;
import io.appointmentrelay.appointment.Plan;
import io.appointmentrelay.appointment.PlannedDelivery;
import io.appointmentrelay.appointment.Replan.Wanted;
import io.appointmentrelay.appointment.Run;
import io.appointmentrelay.messaging.Lead;
import io.appointmentrelay.store.ReplanStore.Visit;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.support.DefaultExchange;

/**
 * Asks the paths in force what they would plan ahead of a visit and after it: runs the path of its
 * last change once more, and commits nothing.
 */
final class PathsAsked implements AutoCloseable {

  /**
   * While routes are being exchanged it is not there for a moment: that is said, not waited for.
   */
  private static final String PATHS = "direct:appointment-event?block=false";

  private final CamelContext context;
  private final ProducerTemplate template;
  private final ZoneId clinicZone;
  private final Clock clock;

  PathsAsked(CamelContext context, ZoneId clinicZone, Clock clock) {
    this.context = context;
    this.template = context.createProducerTemplate();
    this.clinicZone = clinicZone;
    this.clock = clock;
  }

  /**
   * What is to come of this visit.
   *
   * @throws PathFailed if a route fails, whether or not it handles that
   */
  List<Wanted> about(Visit visit) {
    AppointmentRecord record = visit.record();
    Instant start = record.details().start();
    ZoneId zone = record.details().zone() == null ? clinicZone : record.details().zone();
    List<Wanted> wanted = new ArrayList<>();
    for (PlannedDelivery planned : plan(visit, zone).deliveries()) {
      String text = planned.text();
      String offset = planned.offset();
      if (planned.nature().isPreparation() && text != null && offset != null && start != null) {
        Instant due = Lead.ofKey(offset).due(start, zone);
        wanted.add(
            new Wanted(planned.channel(), planned.audience(), planned.nature(), text, offset, due));
      }
    }
    return wanted;
  }

  private Plan plan(Visit visit, ZoneId zone) {
    AppointmentRecord record = visit.record();
    Plan plan = new Plan();
    plan.add(new Plan.Verdict.Applied(visit.lastChange()));
    Exchange exchange = new DefaultExchange(context);
    exchange.setProperty(
        Run.PROPERTY,
        new Run(
            visit.lastChange().notification(),
            record.source(),
            record.group(),
            zone,
            clock.instant(),
            plan));
    OnlyPlanning.mark(exchange);
    exchange.getMessage().setBody(visit.lastChange());
    template.send(PATHS, exchange);
    Throwable failure =
        exchange.getException() != null
            ? exchange.getException()
            : exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class);
    if (failure != null) {
      throw new PathFailed(failure);
    }
    return plan;
  }

  @Override
  public void close() {
    template.stop();
  }

  /** A route has failed; what it was about is known to who asked. */
  static final class PathFailed extends RuntimeException {
    private static final long serialVersionUID = 1L;

    PathFailed(Throwable cause) {
      super(cause.getClass().getSimpleName(), cause, false, false);
    }
  }
}
