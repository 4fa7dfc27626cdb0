package io.appointmentrelay.enrichment;

import com.fasterxml.jackson.databind.JsonNode;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.appointmentrelay.appointment.OtherEndUnavailable;
import io.appointmentrelay.intake.json.Json;
import io.appointmentrelay.settings.Settings;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Supplier;
import org.apache.http.NameValuePair;
import org.apache.http.client.entity.UrlEncodedFormEntity;
import org.apache.http.client.methods.CloseableHttpResponse;
import org.apache.http.client.methods.HttpPost;
import org.apache.http.impl.client.CloseableHttpClient;
import org.apache.http.message.BasicNameValuePair;
import org.jspecify.annotations.Nullable;

/**
 * Asks a token server for an access token by client credentials: with a signed assertion (SMART
 * Backend Services, CONTRACTS §3) if there is a key, else with the client's secret (CONTRACTS §5).
 * Whatever goes wrong concerns the server as a whole, a refusal of our credentials too: everything
 * waits until somebody corrects them, and nothing is parked meanwhile.
 */
final class TokenEndpoint implements Supplier<AccessToken> {

  private static final String ASSERTION_TYPE =
      "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
  private static final Duration ASSERTION_LIFE = Duration.ofMinutes(4);
  private static final Duration UNSAID_LIFE = Duration.ofMinutes(1);
  private static final int LARGEST_ANSWER = 64 << 10;

  private final String source;
  private final URI url;
  private final String clientId;
  private final @Nullable ClientKey key;
  private final @Nullable String secret;
  private final @Nullable String scope;
  private final CloseableHttpClient http;
  private final Clock clock;

  /**
   * @throws IllegalArgumentException if the key cannot be used
   */
  TokenEndpoint(
      String source, URI url, Settings.Fhir settings, CloseableHttpClient http, Clock clock) {
    this.source = source;
    this.url = url;
    this.clientId = Objects.requireNonNull(settings.clientId(), "settings are checked");
    String privateKey = settings.privateKey();
    this.key = privateKey == null ? null : ClientKey.of(privateKey, settings.keyId());
    this.secret = settings.clientSecret();
    this.scope = settings.scope();
    this.http = http;
    this.clock = clock;
  }

  @Override
  public AccessToken get() {
    HttpPost request = new HttpPost(url);
    request.setHeader("Accept", "application/json");
    request.setEntity(new UrlEncodedFormEntity(form(), StandardCharsets.UTF_8));
    try (CloseableHttpResponse response = http.execute(request)) {
      int status = response.getStatusLine().getStatusCode();
      if (status != 200) {
        // The body may quote what we sent.
        throw trouble("HTTP " + status, RetryAfter.of(response, clock));
      }
      return token(WholeAnswer.bytes(response, LARGEST_ANSWER));
    } catch (IOException e) {
      throw trouble("no answer (" + e.getClass().getSimpleName() + ")", null);
    }
  }

  private AccessToken token(byte[] body) {
    JsonNode answer = Json.object(body);
    String token = answer == null ? null : answer.path("access_token").asText("");
    if (answer == null || token == null || token.isBlank()) {
      throw trouble("an answer without access_token", null);
    }
    Integer seconds = Json.integer(answer.path("expires_in"));
    Duration life = seconds == null || seconds < 1 ? UNSAID_LIFE : Duration.ofSeconds(seconds);
    return AccessToken.livingFor(token, life, clock.instant());
  }

  private List<NameValuePair> form() {
    List<NameValuePair> form = new ArrayList<>();
    form.add(new BasicNameValuePair("grant_type", "client_credentials"));
    if (key != null) {
      form.add(new BasicNameValuePair("client_assertion_type", ASSERTION_TYPE));
      form.add(new BasicNameValuePair("client_assertion", assertion(key)));
    } else {
      form.add(new BasicNameValuePair("client_id", clientId));
      form.add(new BasicNameValuePair("client_secret", secret));
    }
    if (scope != null) {
      form.add(new BasicNameValuePair("scope", scope));
    }
    return form;
  }

  private String assertion(ClientKey signingKey) {
    Instant now = clock.instant();
    JWTClaimsSet claims =
        new JWTClaimsSet.Builder()
            .issuer(clientId)
            .subject(clientId)
            .audience(url.toString())
            .issueTime(Date.from(now))
            .expirationTime(Date.from(now.plus(ASSERTION_LIFE)))
            .jwtID(UUID.randomUUID().toString())
            .build();
    JWSHeader header =
        new JWSHeader.Builder(signingKey.algorithm())
            .type(com.nimbusds.jose.JOSEObjectType.JWT)
            .keyID(signingKey.id())
            .build();
    SignedJWT jwt = new SignedJWT(header, claims);
    try {
      jwt.sign(signingKey.signer());
    } catch (JOSEException e) {
      throw trouble("that our key cannot sign (" + e.getClass().getSimpleName() + ")", null);
    }
    return jwt.serialize();
  }

  private OtherEndUnavailable trouble(String found, @Nullable Duration retryAfter) {
    return new OtherEndUnavailable(
        "The token server of source "
            + source
            + " was expected to give an access token; found "
            + found
            + ". It is asked again later; check relay.source."
            + source
            + ".fhir.* if this lasts",
        retryAfter);
  }

  /** Never prints a key or a secret. */
  @Override
  public String toString() {
    return "TokenEndpoint[" + source + "]";
  }
}
