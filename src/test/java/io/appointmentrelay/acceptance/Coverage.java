package io.appointmentrelay.acceptance;

import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.AsyncCallback;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.support.processor.DelegateAsyncProcessor;

/**
 * Which steps of route files there are, and which of them an exchange has come by. A Java route
 * file beside the shipped ones calls it, so the product runs as it is.
 */
public final class Coverage {

  private static final Set<String> STEPS = ConcurrentHashMap.newKeySet();
  private static final Set<String> VISITED = ConcurrentHashMap.newKeySet();

  private Coverage() {}

  /** The file that goes into a copy of the routes. */
  static final String ROUTE_FILE =
      """
      import org.apache.camel.builder.RouteBuilder;
      public class coverage extends RouteBuilder {
        @Override
        public void configure() {
          io.appointmentrelay.acceptance.Coverage.watch(getContext());
        }
      }
      """;

  /** Counts every step of the routes that this context is going to have. */
  public static void watch(CamelContext context) {
    context
        .getCamelContextExtension()
        .addInterceptStrategy(
            (camel, step, target, next) -> {
              String place = step.getLocation() + ":" + step.getLineNumber();
              String name =
                  place.replaceAll(".*[/:](?=[\\w-]+\\.camel)", "") + " " + step.getShortName();
              STEPS.add(name);
              return new DelegateAsyncProcessor(target) {
                @Override
                public boolean process(Exchange exchange, AsyncCallback callback) {
                  VISITED.add(name);
                  return super.process(exchange, callback);
                }
              };
            });
  }

  static Set<String> steps() {
    return new TreeSet<>(STEPS);
  }

  static Set<String> unvisited() {
    Set<String> unvisited = steps();
    unvisited.removeAll(VISITED);
    return unvisited;
  }
}
