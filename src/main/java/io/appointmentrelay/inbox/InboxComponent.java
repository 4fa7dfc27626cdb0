package io.appointmentrelay.inbox;

import io.appointmentrelay.settings.Settings.Source;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.camel.Endpoint;
import org.apache.camel.support.DefaultComponent;

/**
 * The component {@code inbox:}. The names {@code parked} and {@code noted} stand for setting a
 * notification aside, and for keeping one that speaks of no appointment.
 */
public final class InboxComponent extends DefaultComponent {

  private static final String PARKED = "parked";
  private static final String NOTED = "noted";

  private final Map<String, Source> sources;
  private final Reception reception;
  private final InboxRunner runner;
  private final Consumer<String> heard;

  /**
   * @param heard told the name of a source that has said something, when it is durable
   */
  public InboxComponent(
      Map<String, Source> sources,
      Reception reception,
      InboxRunner runner,
      Consumer<String> heard) {
    this.sources = sources;
    this.reception = reception;
    this.runner = runner;
    this.heard = heard;
  }

  @Override
  protected Endpoint createEndpoint(String uri, String name, Map<String, Object> parameters) {
    if (name.equals(PARKED)) {
      String reason = getAndRemoveParameter(parameters, "reason", String.class);
      return new ParkedEndpoint(uri, this, reason);
    }
    if (name.equals(NOTED)) {
      return new NotedEndpoint(uri, this);
    }
    Source source = sources.get(name);
    if (source == null) {
      throw new IllegalArgumentException(
          "inbox: is followed by the name of a configured source "
              + sources.keySet()
              + " or by parked or noted; found '"
              + name
              + "'. Set relay.source."
              + name
              + ".kind and .token, or delete the route.");
    }
    return new InboxEndpoint(uri, this, source, reception, runner, heard);
  }
}
