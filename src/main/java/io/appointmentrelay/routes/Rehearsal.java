package io.appointmentrelay.routes;

import io.appointmentrelay.messaging.Texts;
import org.apache.camel.impl.DefaultCamelContext;

/**
 * Builds all route files in a context of its own that hears and sends nothing: what does not hold
 * fails here.
 */
final class Rehearsal {

  private Rehearsal() {}

  /** Throws {@link BrokenRoutes} if the files cannot all be in force together. */
  static void of(RouteFiles files, Surroundings surroundings, Texts texts) {
    try (DefaultCamelContext context = new DefaultCamelContext()) {
      context.setAutoStartup(false);
      surroundings.furnish(context, texts);
      LoadedRoutes routes = new LoadedRoutes(context);
      routes.load(files, files.files().keySet());
      start(context, files, routes);
    } catch (BrokenRoutes e) {
      throw e;
    } catch (Exception e) {
      throw new BrokenRoutes(Fault.describe(files, "", e), e);
    }
  }

  private static void start(DefaultCamelContext context, RouteFiles files, LoadedRoutes routes) {
    try {
      context.start();
    } catch (Exception e) {
      throw new BrokenRoutes(Fault.describe(files, fileOf(e, routes), e), e);
    }
  }

  private static String fileOf(Throwable failure, LoadedRoutes routes) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof org.apache.camel.FailedToCreateRouteException broken) {
        return routes.fileOf(broken.getRouteId());
      }
      if (cause instanceof org.apache.camel.FailedToStartRouteException broken) {
        return routes.fileOf(broken.getRouteId());
      }
    }
    return "";
  }
}
