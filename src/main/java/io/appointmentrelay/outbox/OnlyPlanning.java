package io.appointmentrelay.outbox;

import org.apache.camel.AsyncCallback;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.NamedNode;
import org.apache.camel.Processor;
import org.apache.camel.model.DynamicRouterDefinition;
import org.apache.camel.model.EnrichDefinition;
import org.apache.camel.model.PollEnrichDefinition;
import org.apache.camel.model.RecipientListDefinition;
import org.apache.camel.model.RoutingSlipDefinition;
import org.apache.camel.model.ToDefinition;
import org.apache.camel.model.ToDynamicDefinition;
import org.apache.camel.model.WireTapDefinition;
import org.apache.camel.spi.InterceptStrategy;
import org.apache.camel.support.processor.DelegateAsyncProcessor;

/**
 * While the paths are only asked what they would plan, they reach nothing else: a step that sends
 * somewhere other than {@code direct:} and {@code outbox:} is passed over. Where a step leads that
 * finds that out as it runs, or what it fetches, is not guessed at: there asking fails.
 */
public final class OnlyPlanning implements InterceptStrategy {

  private static final String MARK = "AppointmentOnlyPlanning";

  static void mark(Exchange exchange) {
    exchange.setProperty(MARK, true);
  }

  @Override
  public Processor wrapProcessorInInterceptors(
      CamelContext context, NamedNode step, Processor target, Processor next) {
    if (step instanceof WireTapDefinition) {
      return new PassedOver(target);
    }
    if (step instanceof ToDefinition to) {
      return toward(context.resolvePropertyPlaceholders(to.getEndpointUri()), target);
    }
    if (step instanceof ToDynamicDefinition to) {
      return toward(context.resolvePropertyPlaceholders(to.getUri()), target);
    }
    boolean leadsAnywhere =
        step instanceof RecipientListDefinition
            || step instanceof RoutingSlipDefinition
            || step instanceof DynamicRouterDefinition
            || step instanceof EnrichDefinition
            || step instanceof PollEnrichDefinition;
    return leadsAnywhere ? new Unforeseen(target) : target;
  }

  private static Processor toward(String uri, Processor target) {
    if (uri.startsWith("direct:") || uri.startsWith("outbox:")) {
      return target;
    }
    return uri.startsWith("$") ? new Unforeseen(target) : new PassedOver(target);
  }

  private static final class PassedOver extends DelegateAsyncProcessor {
    PassedOver(Processor target) {
      super(target);
    }

    @Override
    public boolean process(Exchange exchange, AsyncCallback callback) {
      if (exchange.getProperty(MARK) == null) {
        return super.process(exchange, callback);
      }
      callback.done(true);
      return true;
    }
  }

  private static final class Unforeseen extends DelegateAsyncProcessor {
    Unforeseen(Processor target) {
      super(target);
    }

    @Override
    public boolean process(Exchange exchange, AsyncCallback callback) {
      if (exchange.getProperty(MARK) == null) {
        return super.process(exchange, callback);
      }
      exchange.setException(
          new IllegalStateException(
              "What a path plans is foreseen where its steps name where they lead; found one that finds it out as it"
                  + " runs. Its appointments keep their plan."));
      callback.done(true);
      return true;
    }
  }
}
