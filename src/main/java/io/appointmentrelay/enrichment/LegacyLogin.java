package io.appointmentrelay.enrichment;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.appointmentrelay.appointment.OtherEndUnavailable;
import io.appointmentrelay.intake.fhir.LenientTime;
import io.appointmentrelay.intake.json.Json;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.function.Supplier;
import org.apache.http.client.methods.CloseableHttpResponse;
import org.apache.http.client.methods.HttpPost;
import org.apache.http.entity.ContentType;
import org.apache.http.entity.StringEntity;
import org.apache.http.impl.client.CloseableHttpClient;
import org.jspecify.annotations.Nullable;

/** Redox's older way to an access token: an API key and a secret, sent as JSON. */
final class LegacyLogin implements Supplier<AccessToken> {

  private static final Duration UNSAID_LIFE = Duration.ofMinutes(1);
  private static final int LARGEST_ANSWER = 64 << 10;

  private final String source;
  private final URI url;
  private final String apiKey;
  private final String secret;
  private final CloseableHttpClient http;
  private final Clock clock;

  LegacyLogin(
      String source, URI url, String apiKey, String secret, CloseableHttpClient http, Clock clock) {
    this.source = source;
    this.url = url;
    this.apiKey = apiKey;
    this.secret = secret;
    this.http = http;
    this.clock = clock;
  }

  @Override
  public AccessToken get() {
    HttpPost request = new HttpPost(url);
    request.setHeader("Accept", "application/json");
    request.setEntity(
        new StringEntity(
            JsonNodeFactory.instance
                .objectNode()
                .put("apiKey", apiKey)
                .put("secret", secret)
                .toString(),
            ContentType.APPLICATION_JSON));
    try (CloseableHttpResponse response = http.execute(request)) {
      int status = response.getStatusLine().getStatusCode();
      if (status != 200) {
        throw trouble("HTTP " + status, RetryAfter.of(response, clock));
      }
      return token(WholeAnswer.bytes(response, LARGEST_ANSWER));
    } catch (IOException e) {
      throw trouble("no answer (" + e.getClass().getSimpleName() + ")", null);
    }
  }

  private AccessToken token(byte[] body) {
    JsonNode answer = Json.object(body);
    String token = answer == null ? "" : answer.path("accessToken").asText("");
    if (answer == null || token.isBlank()) {
      throw trouble("an answer without accessToken", null);
    }
    Instant now = clock.instant();
    Instant end = LenientTime.instant(Json.text(answer, "expires"), ZoneOffset.UTC);
    Duration life = end == null || !end.isAfter(now) ? UNSAID_LIFE : Duration.between(now, end);
    return AccessToken.livingFor(token, life, now);
  }

  private OtherEndUnavailable trouble(String found, @Nullable Duration retryAfter) {
    return new OtherEndUnavailable(
        "Redox was expected to log source "
            + source
            + " in; found "
            + found
            + ". Check relay.source."
            + source
            + ".query.api-key and .secret if this lasts",
        retryAfter);
  }

  /** Never prints a key or a secret. */
  @Override
  public String toString() {
    return "LegacyLogin[" + source + "]";
  }
}
