package io.appointmentrelay.inbox;

import io.appointmentrelay.settings.Settings.Source;
import java.util.Map;
import org.apache.camel.Endpoint;
import org.apache.camel.support.DefaultComponent;

/**
 * The component {@code inbox:}. The name {@code parked} stands for setting a notification aside.
 */
public final class InboxComponent extends DefaultComponent {

  private static final String PARKED = "parked";

  private final Map<String, Source> sources;
  private final Reception reception;
  private final InboxRunner runner;

  public InboxComponent(Map<String, Source> sources, Reception reception, InboxRunner runner) {
    this.sources = sources;
    this.reception = reception;
    this.runner = runner;
  }

  @Override
  protected Endpoint createEndpoint(String uri, String name, Map<String, Object> parameters) {
    if (name.equals(PARKED)) {
      String reason = getAndRemoveParameter(parameters, "reason", String.class);
      return new ParkedEndpoint(uri, this, reason);
    }
    Source source = sources.get(name);
    if (source == null) {
      throw new IllegalArgumentException(
          "inbox: is followed by the name of a configured source "
              + sources.keySet()
              + " or by parked; found '"
              + name
              + "'. Set relay.source."
              + name
              + ".kind and .token, or delete the route.");
    }
    return new InboxEndpoint(uri, this, source, reception, runner);
  }
}
