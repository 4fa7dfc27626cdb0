package io.appointmentrelay;

import io.appointmentrelay.appointment.EhrAnswer;
import io.appointmentrelay.appointment.EhrQuestion;
import io.appointmentrelay.appointment.OtherEndUnavailable;
import io.appointmentrelay.appointment.UnusableAnswer;
import io.appointmentrelay.console.Asking;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelExecutionException;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.component.direct.DirectConsumerNotAvailableException;

/** Asks through the routes of routes/query. */
final class RedoxByRoutes implements Asking.Ehrs {

  private final Set<String> sources;
  private final Supplier<CamelContext> context;

  RedoxByRoutes(Set<String> sources, Supplier<CamelContext> context) {
    this.sources = Set.copyOf(sources);
    this.context = context;
  }

  @Override
  public Set<String> sources() {
    return sources;
  }

  @Override
  public EhrAnswer slots(EhrQuestion question) {
    return ask("direct:redox-available-slots", question);
  }

  @Override
  public EhrAnswer booked(EhrQuestion question) {
    return ask("direct:redox-booked", question);
  }

  @Override
  public EhrAnswer push(EhrQuestion question) {
    return ask("direct:redox-push-slots", question);
  }

  private EhrAnswer ask(String route, EhrQuestion question) {
    try (ProducerTemplate template = context.get().createProducerTemplate()) {
      EhrAnswer answer = template.requestBody(route, question, EhrAnswer.class);
      if (answer == null) {
        throw new UnusableAnswer(
            route
                + " is expected to end with what its step answered; found another body. Mend the route");
      }
      return answer;
    } catch (CamelExecutionException e) {
      throw understood(route, e);
    } catch (java.io.IOException e) {
      throw new UnusableAnswer(route + " is expected to be in force; found it stopping. Ask again");
    }
  }

  private static RuntimeException understood(String route, CamelExecutionException failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof UnusableAnswer || cause instanceof OtherEndUnavailable) {
        return (RuntimeException) cause;
      }
      if (cause instanceof DirectConsumerNotAvailableException) {
        return new OtherEndUnavailable(
            route
                + " is expected to be in force; found it starting, stopping or taken out. Nothing was asked; ask again"
                + " in a moment",
            null);
      }
    }
    return failure;
  }
}
