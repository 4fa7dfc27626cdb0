package io.appointmentrelay.enrichment;

import ca.uhn.fhir.rest.client.api.IGenericClient;
import ca.uhn.fhir.rest.server.exceptions.BaseServerResponseException;
import ca.uhn.fhir.rest.server.exceptions.ResourceGoneException;
import ca.uhn.fhir.rest.server.exceptions.ResourceNotFoundException;
import com.fasterxml.jackson.databind.JsonNode;
import io.appointmentrelay.appointment.OtherEndUnavailable;
import io.appointmentrelay.appointment.UnusableAnswer;
import io.appointmentrelay.settings.Settings;
import io.appointmentrelay.settings.Settings.Source;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.apache.http.Header;
import org.apache.http.HttpEntity;
import org.apache.http.client.methods.CloseableHttpResponse;
import org.apache.http.client.methods.HttpGet;
import org.apache.http.client.methods.RequestBuilder;
import org.apache.http.entity.ByteArrayEntity;
import org.apache.http.entity.ContentType;
import org.apache.http.impl.client.CloseableHttpClient;
import org.apache.http.util.EntityUtils;
import org.jspecify.annotations.Nullable;

/**
 * One source's FHIR R4 server. Asks it, and gives what it answered as plain JSON, which the readers
 * of notifications read too. Fails with {@link OtherEndUnavailable} if the server cannot serve now,
 * with {@link UnusableAnswer} if it refuses this question or cannot be understood.
 */
final class FhirServer implements AutoCloseable {

  /** What FHIR allows as an id; anything else would change the meaning of a URL. */
  static final Pattern ID = Pattern.compile("[A-Za-z0-9\\-.]{1,64}");

  private static final Duration VISITS_KEPT = Duration.ofSeconds(30);
  private static final Duration PEOPLE_KEPT = Duration.ofSeconds(60);
  private static final Duration PLACES_KEPT = Duration.ofMinutes(10);

  private final String source;
  private final URI baseUrl;
  private final Dialect dialect;
  private final String clientId;
  private final Connections connections;
  private final CircuitBreaker circuit;
  private final ServerMetrics metrics;
  private final CloseableHttpClient http;
  private final Coalesced<JsonNode> visits;
  private final Coalesced<JsonNode> people;
  private final Coalesced<JsonNode> places;
  private @Nullable IGenericClient client;

  /**
   * @throws IllegalArgumentException if the private key cannot be used; says nothing of it
   */
  FhirServer(
      Source source,
      Settings.Fhir settings,
      CircuitBreakerConfig circuitBreaker,
      MeterRegistry registry,
      Clock clock) {
    this.source = source.name();
    this.baseUrl = settings.baseUrl();
    this.dialect = Dialect.of(settings.dialect() == null ? source.kind() : settings.dialect());
    this.clientId = Objects.requireNonNullElse(settings.clientId(), "urn:appointment-relay");
    this.connections = new Connections(settings.connections());
    this.circuit = CircuitBreaker.of("fhir " + source.name(), circuitBreaker);
    this.metrics = new ServerMetrics(registry, source.name());
    this.visits = new Coalesced<>(VISITS_KEPT, clock);
    this.people = new Coalesced<>(PEOPLE_KEPT, clock);
    this.places = new Coalesced<>(PLACES_KEPT, clock);
    Authorisation authorisation = authorisation(settings, clock);
    this.http =
        connections.client(
            network ->
                new GuardedExchange(
                    source.name(), baseUrl, network, authorisation, circuit, metrics, clock));
  }

  private Authorisation authorisation(Settings.Fhir settings, Clock clock) {
    URI tokenUrl = settings.tokenUrl();
    if (tokenUrl == null) {
      return Authorisation.always(settings.bearer());
    }
    CloseableHttpClient plain = connections.client(network -> network);
    return new AccessTokens(new TokenEndpoint(source, tokenUrl, settings, plain, clock), clock);
  }

  String source() {
    return source;
  }

  Dialect dialect() {
    return dialect;
  }

  /** HAPI's client with our authorisation and our limits; the first call may take a second. */
  synchronized IGenericClient client() {
    if (client == null) {
      client = FhirR4.context(http).newRestfulGenericClient(baseUrl.toString());
      client.registerInterceptor(new OutcomeInstead(source));
    }
    return client;
  }

  /** A resource by its id; null if there is none. */
  @Nullable JsonNode read(String type, String id) {
    if (!ID.matcher(id).matches()) {
      return null;
    }
    return ask(
        "read " + type,
        () -> {
          try {
            return Answers.json(
                client().getFhirContext(),
                client().read().resource(type).withId(id).accept(Answers.FHIR_JSON).execute());
          } catch (ResourceNotFoundException | ResourceGoneException none) {
            return null;
          }
        });
  }

  /** What a search finds, each match once. */
  List<JsonNode> search(Question question) {
    return ask(
        "search " + question.type(), () -> new Search(client(), dialect, baseUrl).of(question));
  }

  /** What a search finds, to its last page and not from a cache of the server. */
  List<JsonNode> everything(Question question) {
    return ask(
        "search " + question.type(),
        () -> new Search(client(), dialect, baseUrl).everything(question, source));
  }

  /** What a search finds, page by page. */
  Paging pages(Question question, Duration patience) {
    return new Paging(
        this,
        () -> new Search(client(), dialect, baseUrl),
        question,
        System.nanoTime() + patience.toNanos());
  }

  /**
   * What a path below the base answers, byte for byte: HAPI cannot read what R4 does not know.
   * Empty: it is refused.
   */
  Optional<byte[]> raw(String path) {
    HttpGet request = new HttpGet(baseUrl.toString().replaceAll("/+$", "") + path);
    request.setHeader("Accept", Answers.FHIR_JSON);
    return ask(
        "read events",
        () -> {
          try (CloseableHttpResponse response = http.execute(request)) {
            boolean isAnswer = response.getStatusLine().getStatusCode() < 300;
            HttpEntity entity = response.getEntity();
            return isAnswer && entity != null
                ? Optional.of(EntityUtils.toByteArray(entity))
                : Optional.<byte[]>empty();
          } catch (IOException e) {
            throw new OtherEndUnavailable(
                "The FHIR server of source "
                    + source
                    + " was expected to give an answer; found "
                    + e.getClass().getSimpleName()
                    + ". It is asked again later");
          }
        });
  }

  /**
   * What a request of our own was answered.
   *
   * @param etag the version of what is shown; absent: not said
   */
  record Reply(int status, byte[] body, @Nullable String etag) {
    boolean isDone() {
      return status < 300;
    }
  }

  /**
   * Sends JSON as it is to a path below the base: HAPI would leave out what it does not know.
   *
   * @param type the body's media type; absent with the body
   * @param ifMatch only for this version; absent: for any
   */
  Reply send(
      String method,
      String path,
      @Nullable String type,
      @Nullable String ifMatch,
      byte @Nullable [] body) {
    RequestBuilder request =
        RequestBuilder.create(method)
            .setUri(baseUrl.toString().replaceAll("/+$", "") + path)
            .setHeader("Accept", Answers.FHIR_JSON)
            .setHeader("Prefer", "return=representation");
    if (ifMatch != null) {
      request.setHeader("If-Match", ifMatch);
    }
    if (body != null) {
      request.setEntity(new ByteArrayEntity(body, ContentType.parse(type + "; charset=UTF-8")));
    }
    return ask(
        method + " Appointment",
        () -> {
          try (CloseableHttpResponse response = http.execute(request.build())) {
            HttpEntity entity = response.getEntity();
            Header etag = response.getFirstHeader("ETag");
            return new Reply(
                response.getStatusLine().getStatusCode(),
                entity == null ? new byte[0] : EntityUtils.toByteArray(entity),
                etag == null ? null : etag.getValue());
          } catch (IOException e) {
            throw new OtherEndUnavailable(
                "The FHIR server of source "
                    + source
                    + " was expected to give an answer; found "
                    + e.getClass().getSimpleName()
                    + ". It is asked again later");
          }
        });
  }

  /** As whom we are known there; our own name if nobody asks. */
  String clientId() {
    return clientId;
  }

  /** The patients meant by a name that a notification has for one; asked once a minute. */
  List<JsonNode> patients(String reference) {
    return people.get(reference, () -> named("Patient", reference));
  }

  /** The appointments of that name, for looking again; asked once in half a minute. */
  List<JsonNode> appointments(String reference) {
    return visits.get(reference, () -> named("Appointment", reference));
  }

  /** The practitioners, places or services of that name; asked once in ten minutes. */
  List<JsonNode> directory(String type, String reference) {
    return places.get(type + '/' + reference, () -> named(type, reference));
  }

  /** By identifier or by id, as the dialect has it. */
  List<JsonNode> named(String type, String reference) {
    return named(type, reference, Question.identifier(type, reference));
  }

  /** As {@link #named(String, String)}, with every element: also who it is and since when. */
  List<JsonNode> whole(String type, String reference) {
    return named(type, reference, Question.identifier(type, reference).whole());
  }

  private List<JsonNode> named(String type, String reference, Question byItsIdentifier) {
    boolean personOrVisit = type.equals("Patient") || type.equals("Appointment");
    boolean byIdentifier =
        personOrVisit ? dialect.isIdentifier(reference) : reference.indexOf('|') >= 0;
    if (byIdentifier) {
      return search(byItsIdentifier);
    }
    JsonNode resource = read(type, reference);
    return resource == null ? List.of() : List.of(resource);
  }

  /** Whether it is asked at present, and what came of it last. */
  ServerHealth health() {
    boolean open = circuit.getState() == CircuitBreaker.State.OPEN;
    String last = metrics.lastOutcome();
    String detail = last == null ? "not asked yet" : "last request: " + last;
    return new ServerHealth(
        source, !open, open ? "spared after failures; its notifications wait" : detail);
  }

  <T extends @Nullable Object> T ask(String what, Supplier<T> question) {
    try {
      return question.get();
    } catch (OtherEndUnavailable | UnusableAnswer e) {
      throw e;
    } catch (RuntimeException e) {
      // HAPI's own messages quote the answer.
      throw understood(what, e);
    }
  }

  private RuntimeException understood(String what, RuntimeException failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof OtherEndUnavailable || cause instanceof UnusableAnswer) {
        return (RuntimeException) cause;
      }
    }
    int status = failure instanceof BaseServerResponseException answer ? answer.getStatusCode() : 0;
    boolean refused = status >= 400 && status < 500;
    String found =
        refused
            ? "HTTP " + status
            : "one that cannot be read (" + failure.getClass().getSimpleName() + ")";
    return new UnusableAnswer(
        "The FHIR server of source "
            + source
            + " was expected to give an answer to: "
            + what
            + "; found "
            + found
            + ". It is asked again later");
  }

  @Override
  public void close() {
    connections.close();
  }
}
