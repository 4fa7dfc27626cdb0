package io.appointmentrelay.console;

import io.vertx.core.Handler;
import io.vertx.core.net.HostAndPort;
import io.vertx.ext.web.RoutingContext;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Keeps web pages of other hosts out of a console that asks nobody who they are: a foreign name
 * that resolves to this machine is refused by its Host.
 */
final class LoopbackOnly implements Handler<RoutingContext> {

  private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

  @Override
  public void handle(RoutingContext context) {
    if (!isLoopback(context.request().authority())) {
      throw Refusal.forbidden(
          "The console expects to be called localhost, 127.0.0.1 or [::1]; it was called something else."
              + " Use one of these, through a tunnel from elsewhere.");
    }
    context.next();
  }

  private static boolean isLoopback(@Nullable HostAndPort authority) {
    return authority != null && LOOPBACK.contains(authority.host().toLowerCase(Locale.ROOT));
  }
}
