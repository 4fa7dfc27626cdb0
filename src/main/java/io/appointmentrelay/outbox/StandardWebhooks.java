package io.appointmentrelay.outbox;

import com.standardwebhooks.Webhook;
import com.standardwebhooks.exceptions.EmptyWebhookSecretException;
import com.standardwebhooks.exceptions.WebhookSigningException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.time.Clock;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Processor;
import org.jspecify.annotations.Nullable;

/**
 * Signs an event as Standard Webhooks asks: {@code webhook-id} stays the same over retries, {@code
 * webhook-timestamp} is the moment of sending. Refuses targets on private addresses unless they are
 * allowed.
 */
public final class StandardWebhooks implements Processor {

  private final @Nullable URI target;
  private final boolean allowPrivate;
  private final @Nullable Webhook signer;
  private final Clock clock;

  public StandardWebhooks(
      @Nullable URI target, @Nullable String secret, boolean allowPrivate, Clock clock) {
    this.target = target;
    this.allowPrivate = allowPrivate;
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
  public void process(Exchange exchange) throws IOException, WebhookSigningException {
    if (target == null || signer == null) {
      throw new IllegalStateException(
          "A webhook needs relay.channel.webhook.url and .secret; one is unset. Set both, or leave out the channel.");
    }
    refusePrivate(target);
    Message message = exchange.getMessage();
    OutgoingMessage outgoing = message.getBody(OutgoingMessage.class);
    long now = clock.instant().getEpochSecond();
    message.setHeader("webhook-id", outgoing.key());
    message.setHeader("webhook-timestamp", Long.toString(now));
    message.setHeader("webhook-signature", signer.sign(outgoing.key(), now, outgoing.text()));
  }

  /** Asked each time: a name may point elsewhere than it did at the start. */
  private void refusePrivate(URI url) throws IOException {
    if (allowPrivate) {
      return;
    }
    for (InetAddress address : InetAddress.getAllByName(url.getHost())) {
      boolean outside =
          !address.isLoopbackAddress()
              && !address.isSiteLocalAddress()
              && !address.isLinkLocalAddress()
              && !address.isAnyLocalAddress()
              && !isUniqueLocal(address);
      if (!outside) {
        throw new IOException(
            "relay.channel.webhook.url points to a private address; set relay.channel.webhook.allow-private=true"
                + " if that is meant");
      }
    }
  }

  /** RFC 4193, fc00::/7, which Java does not count as site-local. */
  private static boolean isUniqueLocal(InetAddress address) {
    byte[] bytes = address.getAddress();
    return bytes.length == 16 && (bytes[0] & 0xfe) == 0xfc;
  }
}
