package io.appointmentrelay.inbox;

import io.appointmentrelay.door.WebhookRequest;
import io.appointmentrelay.intake.Doorkeeper;
import io.appointmentrelay.intake.SourceKinds;
import io.appointmentrelay.settings.Settings.Source;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.jspecify.annotations.Nullable;

/**
 * The first step of {@code routes/intake}: lets pass who shows an accepted token, answers the
 * verification of an endpoint, and ends everything else with 401.
 */
public final class Authenticate implements Processor {

  private static final byte[] CHALLENGE = {'c', 'h', 'a', 'l', 'l', 'e', 'n', 'g', 'e'};
  private static final int HANDSHAKE_AT_MOST = 4_096;

  private final Map<String, Source> sources;
  private final Map<String, Doorkeeper> doorkeepers;

  public Authenticate(Map<String, Source> sources, Map<String, Doorkeeper> doorkeepers) {
    this.sources = sources;
    this.doorkeepers = doorkeepers;
  }

  @Override
  public void process(Exchange exchange) {
    WebhookRequest request = exchange.getMessage().getBody(WebhookRequest.class);
    Source source = sources.get(request.source());
    Doorkeeper doorkeeper = doorkeepers.get(request.source());
    if (source == null || doorkeeper == null) {
      answer(exchange, 404, "Expected the name of a configured source.");
      return;
    }
    String challenge =
        SourceKinds.answersChallenges(source.kind()) ? challenge(request, doorkeeper) : null;
    if (challenge != null) {
      answer(exchange, 200, challenge);
    } else if (request.isGet()) {
      boolean wrongToken = SourceKinds.answersChallenges(source.kind());
      answer(
          exchange,
          wrongToken ? 401 : 405,
          wrongToken ? "Expected the token of this source." : "Notifications are POSTed.");
    } else if (!request.admitted()) {
      answer(exchange, 401, "Expected the token of this source.");
    }
  }

  private static @Nullable String challenge(WebhookRequest request, Doorkeeper doorkeeper) {
    if (request.isGet()) {
      return doorkeeper.challengeFor(
          request.queryChallenge(),
          request.queryToken(),
          request.authorization(),
          request.verificationToken());
    }
    boolean mayBeHandshake =
        request.body().length <= HANDSHAKE_AT_MOST && contains(request.body(), CHALLENGE);
    return mayBeHandshake ? doorkeeper.challengeIn(request.body(), request.admitted()) : null;
  }

  /** Looking for the word first saves every ordinary notification a parse. */
  private static boolean contains(byte[] body, byte[] word) {
    for (int i = 0; i <= body.length - word.length; i++) {
      int j = 0;
      while (j < word.length && body[i + j] == word[j]) {
        j++;
      }
      if (j == word.length) {
        return true;
      }
    }
    return false;
  }

  private static void answer(Exchange exchange, int status, String text) {
    exchange.getMessage().setHeader(Exchange.HTTP_RESPONSE_CODE, status);
    exchange.getMessage().setBody(text);
    exchange.setRouteStop(true);
  }
}
