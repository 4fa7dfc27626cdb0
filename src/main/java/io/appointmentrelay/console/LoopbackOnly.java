package io.appointmentrelay.console;

import io.vertx.core.Handler;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.net.HostAndPort;
import io.vertx.ext.web.RoutingContext;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Keeps web pages of other hosts out of a console that asks nobody who they are: a foreign name
 * that resolves to this machine is refused by its Host, and a form or script of another page cannot
 * send JSON without asking first, which is never granted.
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
    if (context.request().method().equals(HttpMethod.POST) && !isJson(context)) {
      throw Refusal.wrongType(
          "A change expects Content-Type: application/json; found something else. Nothing was changed; send it again with it.");
    }
    context.next();
  }

  private static boolean isLoopback(@Nullable HostAndPort authority) {
    return authority != null && LOOPBACK.contains(authority.host().toLowerCase(Locale.ROOT));
  }

  private static boolean isJson(RoutingContext context) {
    String type = context.request().getHeader("Content-Type");
    if (type == null) {
      return false;
    }
    int parameters = type.indexOf(';');
    String plain = parameters < 0 ? type : type.substring(0, parameters);
    return plain.strip().equalsIgnoreCase("application/json");
  }
}
