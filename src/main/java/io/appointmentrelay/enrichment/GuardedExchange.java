package io.appointmentrelay.enrichment;

import io.appointmentrelay.appointment.OtherEndUnavailable;
import io.appointmentrelay.appointment.UnusableAnswer;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.apache.http.Header;
import org.apache.http.HttpException;
import org.apache.http.HttpHost;
import org.apache.http.client.methods.CloseableHttpResponse;
import org.apache.http.client.methods.HttpExecutionAware;
import org.apache.http.client.methods.HttpRequestWrapper;
import org.apache.http.client.protocol.HttpClientContext;
import org.apache.http.client.utils.URIUtils;
import org.apache.http.conn.routing.HttpRoute;
import org.apache.http.entity.ByteArrayEntity;
import org.apache.http.impl.execchain.ClientExecChain;
import org.jspecify.annotations.Nullable;

/**
 * Every request to one FHIR server passes here, ours and those of an engineer's {@code fhir:} steps
 * alike: it gets its token, is held back while the server asks for that or the circuit is open, and
 * its answer is read whole. What leaves is an answer worth reading, a refusal (4xx), or one of our
 * two exceptions; nothing of the answer's content is ever in them.
 */
final class GuardedExchange implements ClientExecChain {

  static final int LARGEST_ANSWER = 10 << 20;

  private final String source;
  private final HttpHost server;
  private final ClientExecChain network;
  private final Authorisation authorisation;
  private final CircuitBreaker circuit;
  private final ServerMetrics metrics;
  private final Clock clock;
  private volatile Instant notBefore = Instant.EPOCH;

  /** Why the last request that failed did so: what the circuit holds back is told the cause. */
  private volatile String lastTrouble = "";

  GuardedExchange(
      String source,
      URI baseUrl,
      ClientExecChain network,
      Authorisation authorisation,
      CircuitBreaker circuit,
      ServerMetrics metrics,
      Clock clock) {
    this.source = source;
    this.server = withPort(URIUtils.extractHost(baseUrl));
    this.network = network;
    this.authorisation = authorisation;
    this.circuit = circuit;
    this.metrics = metrics;
    this.clock = clock;
  }

  @Override
  public CloseableHttpResponse execute(
      HttpRoute route,
      HttpRequestWrapper request,
      HttpClientContext context,
      HttpExecutionAware aware)
      throws IOException, HttpException {
    // A link in an answer may point anywhere; our token goes to one server only.
    if (!server.equals(withPort(route.getTargetHost()))) {
      throw new UnusableAnswer(
          describe("links to itself", "a link to another host", "It is not followed"));
    }
    mayAsk();
    long began = System.nanoTime();
    String outcome = "unavailable";
    try {
      CloseableHttpResponse response = authorised(route, request, context, aware);
      int status = response.getStatusLine().getStatusCode();
      outcome = status < 400 ? "answered" : "refused";
      circuit.onSuccess(System.nanoTime() - began, TimeUnit.NANOSECONDS);
      return response;
    } catch (OtherEndUnavailable | UnusableAnswer e) {
      outcome = e instanceof UnusableAnswer ? "unusable" : outcome;
      lastTrouble = String.valueOf(e.getMessage());
      if (e instanceof OtherEndUnavailable trouble) {
        pauseFor(trouble.retryAfter());
      }
      circuit.onError(System.nanoTime() - began, TimeUnit.NANOSECONDS, e);
      throw e;
    } catch (IOException | HttpException | RuntimeException e) {
      lastTrouble = describe("an answer", e.getClass().getSimpleName(), "It is asked again later");
      circuit.onError(System.nanoTime() - began, TimeUnit.NANOSECONDS, e);
      throw new OtherEndUnavailable(lastTrouble);
    } finally {
      metrics.asked(outcome, Duration.ofNanos(System.nanoTime() - began));
    }
  }

  /** What the FHIR server or the token server asks for; of several wishes the longest holds. */
  private synchronized void pauseFor(@Nullable Duration wish) {
    Instant end = wish == null ? Instant.EPOCH : clock.instant().plus(wish);
    if (end.isAfter(notBefore)) {
      notBefore = end;
    }
  }

  private void mayAsk() {
    Duration pause = Duration.between(clock.instant(), notBefore);
    if (!pause.isNegative() && !pause.isZero()) {
      metrics.heldBack();
      throw new OtherEndUnavailable(
          describe("an answer", "that it asked for a pause", "It is asked again after it"), pause);
    }
    if (!circuit.tryAcquirePermission()) {
      metrics.heldBack();
      throw new OtherEndUnavailable(
          describe("an answer", "that its last ones were failures", "It is asked again later")
              + ". The last failure: "
              + lastTrouble);
    }
  }

  private CloseableHttpResponse authorised(
      HttpRoute route,
      HttpRequestWrapper request,
      HttpClientContext context,
      HttpExecutionAware aware)
      throws IOException, HttpException {
    Header[] asGiven = request.getAllHeaders();
    String token = authorisation.token();
    CloseableHttpResponse response = send(route, request, context, aware, token);
    if (isUnauthorised(response) && token != null && authorisation.refused(token)) {
      response.close();
      request.setHeaders(asGiven);
      response = send(route, request, context, aware, authorisation.token());
    }
    try {
      judge(response);
      ByteArrayEntity whole = new ByteArrayEntity(WholeAnswer.bytes(response, LARGEST_ANSWER));
      if (response.getEntity() != null) {
        whole.setContentType(response.getEntity().getContentType());
        response.setEntity(whole);
      }
      return response;
    } catch (WholeAnswer.TooLarge e) {
      response.close();
      throw new UnusableAnswer(
          describe("an answer of at most 10 MB", "a larger one", "It is asked again later"));
    } catch (IOException | RuntimeException e) {
      response.close();
      throw e;
    }
  }

  private CloseableHttpResponse send(
      HttpRoute route,
      HttpRequestWrapper request,
      HttpClientContext context,
      HttpExecutionAware aware,
      @Nullable String token)
      throws IOException, HttpException {
    if (token != null) {
      request.setHeader("Authorization", "Bearer " + token);
    }
    return network.execute(route, request, context, aware);
  }

  private void judge(CloseableHttpResponse response) {
    int status = response.getStatusLine().getStatusCode();
    boolean mayPass = status == 408 || status == 425 || status == 429 || status >= 500;
    if (mayPass) {
      throw new OtherEndUnavailable(
          describe("an answer", "HTTP " + status, "It is asked again later"),
          RetryAfter.of(response, clock));
    }
    if (isUnauthorised(response)) {
      throw new OtherEndUnavailable(
          describe(
              "an answer to our credentials",
              "HTTP 401",
              "It is asked again later; check relay.source." + source + ".fhir.*"));
    }
    boolean redirected = status >= 300 && status < 400;
    if (redirected || (status < 300 && isPage(response))) {
      throw new UnusableAnswer(
          describe(
              "FHIR as JSON",
              redirected ? "HTTP " + status : "a web page",
              "It is asked again later; check relay.source." + source + ".fhir.base-url"));
    }
  }

  private static boolean isUnauthorised(CloseableHttpResponse response) {
    return response.getStatusLine().getStatusCode() == 401;
  }

  private static boolean isPage(CloseableHttpResponse response) {
    Header type = response.getFirstHeader("Content-Type");
    return type != null && type.getValue().toLowerCase(Locale.ROOT).contains("html");
  }

  private String describe(String expected, String found, String next) {
    return "The FHIR server of source "
        + source
        + " was expected to give "
        + expected
        + "; found "
        + found
        + ". "
        + next;
  }

  private static HttpHost withPort(HttpHost host) {
    int usual = host.getSchemeName().equals("https") ? 443 : 80;
    int port = host.getPort() < 0 ? usual : host.getPort();
    return new HttpHost(host.getHostName(), port, host.getSchemeName());
  }
}
