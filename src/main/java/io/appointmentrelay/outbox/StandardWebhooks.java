package io.appointmentrelay.outbox;

import com.standardwebhooks.Webhook;
import com.standardwebhooks.exceptions.EmptyWebhookSecretException;
import com.standardwebhooks.exceptions.WebhookSigningException;
import java.net.URI;
import java.time.Clock;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Processor;
import org.jspecify.annotations.Nullable;

/**
 * Signs an event as Standard Webhooks asks: {@code webhook-id} stays the same over retries, {@code
 * webhook-timestamp} is the moment of sending.
 */
public final class StandardWebhooks implements Processor {

  private final @Nullable URI target;
  private final @Nullable Webhook signer;
  private final Clock clock;

  public StandardWebhooks(@Nullable URI target, @Nullable String secret, Clock clock) {
    this.target = target;
    this.signer = secret == null ? null : signer(secret);
    this.clock = clock;
  }

  private static Webhook signer(String secret) {
    try {
      return new Webhook(secret);
    } catch (EmptyWebhookSecretException | IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "relay.channel.webhook.secret is whsec_ and base64; found something else. Make one with"
              + " 'echo whsec_$(openssl rand -base64 24)'.");
    }
  }

  @Override
  public void process(Exchange exchange) throws WebhookSigningException {
    if (target == null || signer == null) {
      throw new IllegalStateException(
          "A webhook needs relay.channel.webhook.url and .secret; one is unset. Set both, or leave out the channel.");
    }
    Message message = exchange.getMessage();
    OutgoingMessage outgoing = message.getBody(OutgoingMessage.class);
    long now = clock.instant().getEpochSecond();
    message.setHeader("webhook-id", outgoing.key());
    message.setHeader("webhook-timestamp", Long.toString(now));
    message.setHeader("webhook-signature", signer.sign(outgoing.key(), now, outgoing.text()));
  }
}
