package io.appointmentrelay.outbox;

import java.util.Locale;
import org.apache.camel.AsyncCallback;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.NamedNode;
import org.apache.camel.Processor;
import org.apache.camel.model.EnrichDefinition;
import org.apache.camel.model.PollEnrichDefinition;
import org.apache.camel.model.RecipientListDefinition;
import org.apache.camel.model.RoutingSlipDefinition;
import org.apache.camel.model.ToDynamicDefinition;
import org.apache.camel.spi.InterceptStrategy;
import org.apache.camel.support.processor.DelegateAsyncProcessor;

/**
 * While the paths are only asked what they would plan, they reach nothing else: a step that sends
 * somewhere other than {@code direct:} and {@code outbox:} is passed over.
 */
public final class OnlyPlanning implements InterceptStrategy {

  private static final String MARK = "AppointmentOnlyPlanning";

  static void mark(Exchange exchange) {
    exchange.setProperty(MARK, true);
  }

  @Override
  public Processor wrapProcessorInInterceptors(
      CamelContext context, NamedNode step, Processor target, Processor next) {
    return leavesThePaths(step) ? new PassedOver(target) : target;
  }

  private static boolean leavesThePaths(NamedNode step) {
    if (step instanceof org.apache.camel.model.WireTapDefinition) {
      return true;
    }
    if (step instanceof org.apache.camel.model.ToDefinition to) {
      return !isPlanning(to.getEndpointUri());
    }
    if (step instanceof ToDynamicDefinition to) {
      return !isPlanning(to.getUri());
    }
    return step instanceof EnrichDefinition
        || step instanceof PollEnrichDefinition
        || step instanceof RecipientListDefinition
        || step instanceof RoutingSlipDefinition;
  }

  private static boolean isPlanning(String uri) {
    String scheme = uri == null ? "" : uri.toLowerCase(Locale.ROOT);
    return scheme.startsWith("direct:") || scheme.startsWith("outbox:");
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
}
