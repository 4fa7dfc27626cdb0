package io.appointmentrelay.enrichment;

import io.appointmentrelay.appointment.OtherEndUnavailable;
import io.appointmentrelay.appointment.UnusableAnswer;
import io.appointmentrelay.intake.redox.SchedulingAnswer;
import io.appointmentrelay.settings.Settings;
import io.appointmentrelay.settings.Settings.Source;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.Objects;
import org.apache.http.client.methods.CloseableHttpResponse;
import org.apache.http.client.methods.HttpPost;
import org.apache.http.entity.ByteArrayEntity;
import org.apache.http.entity.ContentType;
import org.apache.http.impl.client.CloseableHttpClient;
import org.jspecify.annotations.Nullable;

/**
 * Redox's endpoint for the Data Model of one source: takes a message, gives its answer. Fails with
 * {@link OtherEndUnavailable} if it cannot serve now, with {@link UnusableAnswer} if it objects or
 * cannot be understood; nothing of an answer's content is ever in them.
 */
public final class DataModelEndpoint implements AutoCloseable {

  private static final int CONNECTIONS = 4;
  private static final int LARGEST_ANSWER = 10 << 20;

  private final String source;
  private final @Nullable String destination;
  private final URI endpoint;
  private final Clock clock;
  private final Connections connections = new Connections(CONNECTIONS);
  private final CloseableHttpClient http = connections.client(network -> network);
  private final Authorisation authorisation;

  /**
   * @throws IllegalArgumentException if the source's private key cannot be used; says nothing of it
   */
  public DataModelEndpoint(Source source, Settings.Query settings, Clock clock) {
    this.clock = clock;
    this.source = source.name();
    this.destination = settings.destination();
    this.endpoint = below(settings.baseUrl(), "/endpoint");
    this.authorisation = authorisation(source, settings);
  }

  private Authorisation authorisation(Source of, Settings.Query settings) {
    Settings.Fhir fhir = of.fhir();
    URI tokenUrl = fhir == null ? null : fhir.tokenUrl();
    if (settings.apiKey() != null) {
      return new AccessTokens(
          new LegacyLogin(
              source,
              below(settings.baseUrl(), "/auth/authenticate"),
              settings.apiKey(),
              Objects.requireNonNull(settings.secret(), "settings are checked"),
              http,
              clock),
          clock);
    }
    return fhir == null || tokenUrl == null
        ? Authorisation.always(fhir == null ? null : fhir.bearer())
        : new AccessTokens(new TokenEndpoint(source, tokenUrl, fhir, http, clock), clock);
  }

  private static URI below(URI base, String path) {
    return URI.create(base.toString().replaceAll("/+$", "") + path);
  }

  /** Whom Redox is to hand a message on to; absent: as its own settings say. */
  public @Nullable String destination() {
    return destination;
  }

  /** Sends a message, and gives what is answered to it. */
  public SchedulingAnswer ask(byte[] message) {
    String token = authorisation.token();
    try {
      CloseableHttpResponse response = send(message, token);
      if (status(response) == 401 && token != null && authorisation.refused(token)) {
        response.close();
        response = send(message, authorisation.token());
      }
      try (CloseableHttpResponse answer = response) {
        return understood(answer);
      }
    } catch (WholeAnswer.TooLarge e) {
      throw unusable("an answer of at most 10 MB", "a larger one");
    } catch (IOException e) {
      throw unavailable("no answer (" + e.getClass().getSimpleName() + ")", null);
    }
  }

  private CloseableHttpResponse send(byte[] message, @Nullable String token) throws IOException {
    HttpPost request = new HttpPost(endpoint);
    request.setHeader("Accept", "application/json");
    request.setEntity(new ByteArrayEntity(message, ContentType.APPLICATION_JSON));
    if (token != null) {
      request.setHeader("Authorization", "Bearer " + token);
    }
    return http.execute(request);
  }

  private SchedulingAnswer understood(CloseableHttpResponse response) throws IOException {
    int status = status(response);
    boolean mayPass = status == 401 || status == 408 || status == 425 || status == 429;
    if (mayPass || status >= 500) {
      throw unavailable("HTTP " + status, RetryAfter.of(response, clock));
    }
    SchedulingAnswer answer = SchedulingAnswer.of(WholeAnswer.bytes(response, LARGEST_ANSWER));
    String errors = answer == null ? null : answer.errors();
    if (errors != null) {
      throw unusable("an answer without Meta.Errors", errors);
    }
    if (status >= 300) {
      throw unusable("an answer", "HTTP " + status);
    }
    if (answer == null) {
      throw unusable("one JSON object", "something else");
    }
    return answer;
  }

  private static int status(CloseableHttpResponse response) {
    return response.getStatusLine().getStatusCode();
  }

  private OtherEndUnavailable unavailable(String found, @Nullable Duration retryAfter) {
    return new OtherEndUnavailable(
        "Redox was expected to answer source "
            + source
            + "; found "
            + found
            + ". Ask again later; check relay.source."
            + source
            + ".query.* if this lasts",
        retryAfter);
  }

  private UnusableAnswer unusable(String expected, String found) {
    return new UnusableAnswer(
        "Redox was expected to give source "
            + source
            + " "
            + expected
            + "; found "
            + found
            + ". Correct the question, or relay.source."
            + source
            + ".query.*, and ask again");
  }

  @Override
  public void close() {
    connections.close();
  }
}
