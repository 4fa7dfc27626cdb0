package io.appointmentrelay.inbox;

import io.appointmentrelay.settings.Settings.Source;
import org.apache.camel.Component;
import org.apache.camel.Consumer;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.support.DefaultEndpoint;

/** {@code inbox:<source>}: producers keep notifications, one consumer runs them. */
final class InboxEndpoint extends DefaultEndpoint {

  private final Source source;
  private final Reception reception;
  private final InboxRunner runner;
  private final java.util.function.Consumer<String> heard;

  InboxEndpoint(
      String uri,
      Component component,
      Source source,
      Reception reception,
      InboxRunner runner,
      java.util.function.Consumer<String> heard) {
    super(uri, component);
    this.source = source;
    this.reception = reception;
    this.runner = runner;
    this.heard = heard;
  }

  @Override
  public Producer createProducer() {
    return new InboxProducer(this, source, reception, heard);
  }

  @Override
  public Consumer createConsumer(Processor processor) {
    return new InboxConsumer(this, processor, source, runner);
  }
}
