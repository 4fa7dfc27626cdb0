package io.appointmentrelay.polling;

import io.appointmentrelay.settings.Settings.Source;
import java.util.Map;
import org.apache.camel.Component;
import org.apache.camel.Consumer;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.support.DefaultComponent;
import org.apache.camel.support.DefaultEndpoint;
import org.apache.camel.support.DefaultProducer;

/**
 * The component {@code poll:}. Whatever is sent to {@code poll:<source>} starts a poll of the
 * source's FHIR server, if it is time for one, and goes on when that has ended. What is found comes
 * by {@code inbox:<source>}.
 */
public final class PollComponent extends DefaultComponent {

  private final Map<String, Source> sources;
  private final Polls polls;

  public PollComponent(Map<String, Source> sources, Polls polls) {
    this.sources = sources;
    this.polls = polls;
  }

  @Override
  protected Endpoint createEndpoint(String uri, String name, Map<String, Object> parameters) {
    Source source = sources.get(name);
    if (source == null || source.fhir() == null) {
      throw new IllegalArgumentException(
          "poll: is followed by the name of a configured source that has a FHIR server; found '"
              + name
              + "'. Set relay.source."
              + name
              + ".kind and .fhir.base-url, or delete the route.");
    }
    return new PollEndpoint(uri, this, source, polls);
  }

  private static final class PollEndpoint extends DefaultEndpoint {

    private final Source source;
    private final Polls polls;

    PollEndpoint(String uri, Component component, Source source, Polls polls) {
      super(uri, component);
      this.source = source;
      this.polls = polls;
    }

    @Override
    public Producer createProducer() {
      return new DefaultProducer(this) {
        @Override
        public void process(Exchange exchange) {
          polls.poll(source);
        }
      };
    }

    @Override
    public Consumer createConsumer(Processor processor) {
      throw new UnsupportedOperationException(
          "poll: is written to, by a timer; what a poll finds begins at inbox:" + source.name());
    }
  }
}
