package io.appointmentrelay;

import io.appointmentrelay.outbox.OutgoingMessage;
import io.appointmentrelay.polling.SilenceWatch;
import java.net.URI;
import java.util.function.Supplier;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells the clinic's own system of sources, by the route {@code source-news}. */
final class SourceNews implements SilenceWatch.Teller {

  private static final Logger LOG = LoggerFactory.getLogger(SourceNews.class);

  private final Supplier<CamelContext> camel;
  private final @Nullable URI target;
  private final String installation;

  /**
   * @param target absent: there is nobody to tell
   */
  SourceNews(Supplier<CamelContext> camel, @Nullable URI target, String installation) {
    this.camel = camel;
    this.target = target;
    this.installation = installation;
  }

  @Override
  public boolean tell(String id, String json) {
    if (target == null) {
      return true;
    }
    OutgoingMessage message =
        new OutgoingMessage(0, id + "." + installation, null, null, json, null, null);
    try (ProducerTemplate template = camel.get().createProducerTemplate()) {
      Exchange told =
          template.request("direct:source-news", asked -> asked.getMessage().setBody(message));
      Exception failure = told.getException();
      if (failure != null) {
        LOG.warn(
            "{} could not be told by webhook ({}); trying again",
            id,
            failure.getClass().getSimpleName());
      }
      return failure == null;
    } catch (java.io.IOException impossible) {
      return false;
    }
  }
}
