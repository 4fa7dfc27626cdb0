package io.appointmentrelay.routes;

import io.appointmentrelay.messaging.Texts;
import org.apache.camel.CamelContext;

/** Gives a context what the route files ask for: components, beans, placeholders. */
public interface Surroundings {

  /**
   * Furnishes a context that is not started yet.
   *
   * @param texts what {@code outbox:} steps may name
   */
  void furnish(CamelContext context, Texts texts);
}
