package io.appointmentrelay.enrichment;

import java.time.Duration;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.apache.http.client.config.CookieSpecs;
import org.apache.http.client.config.RequestConfig;
import org.apache.http.config.ConnectionConfig;
import org.apache.http.config.MessageConstraints;
import org.apache.http.config.SocketConfig;
import org.apache.http.impl.client.CloseableHttpClient;
import org.apache.http.impl.client.HttpClientBuilder;
import org.apache.http.impl.conn.PoolingHttpClientConnectionManager;
import org.apache.http.impl.execchain.ClientExecChain;

/**
 * The connections to one source's servers, FHIR and token server together: so many and no more.
 * Redirects are not followed and cookies not kept, and nothing is retried below those who count.
 */
final class Connections implements AutoCloseable {

  private static final int CONNECT_MILLIS = 5_000;
  private static final int SILENCE_MILLIS = 15_000;

  private static final Duration HEADERS = Duration.ofSeconds(30);
  private static final MessageConstraints HEADER_LIMITS =
      MessageConstraints.custom().setMaxLineLength(64 << 10).setMaxHeaderCount(200).build();

  private final PoolingHttpClientConnectionManager pool;
  private final ScheduledThreadPoolExecutor timer;
  private final Duration longestHeaders;

  Connections(int atMost) {
    this(atMost, HEADERS);
  }

  Connections(int atMost, Duration longestHeaders) {
    this.longestHeaders = longestHeaders;
    timer =
        new ScheduledThreadPoolExecutor(
            1,
            task -> {
              Thread thread = new Thread(task, "fhir-deadline");
              thread.setDaemon(true);
              return thread;
            });
    timer.setRemoveOnCancelPolicy(true);
    pool = new PoolingHttpClientConnectionManager(60, TimeUnit.SECONDS);
    pool.setMaxTotal(atMost);
    pool.setDefaultMaxPerRoute(atMost);
    pool.setValidateAfterInactivity(1_000);
    pool.setDefaultConnectionConfig(
        ConnectionConfig.custom().setMessageConstraints(HEADER_LIMITS).build());
    pool.setDefaultSocketConfig(SocketConfig.custom().setSoTimeout(SILENCE_MILLIS).build());
  }

  /** A client on these connections whose every exchange passes {@code guard}. */
  CloseableHttpClient client(UnaryOperator<ClientExecChain> guard) {
    HttpClientBuilder builder =
        new HttpClientBuilder() {
          @Override
          protected ClientExecChain decorateProtocolExec(ClientExecChain exchange) {
            return guard.apply(new HeaderDeadline(exchange, timer, longestHeaders));
          }
        };
    return builder
        .setConnectionManager(pool)
        .setConnectionManagerShared(true)
        .setDefaultRequestConfig(
            RequestConfig.custom()
                .setConnectTimeout(CONNECT_MILLIS)
                .setSocketTimeout(SILENCE_MILLIS)
                .setConnectionRequestTimeout(SILENCE_MILLIS)
                .setRedirectsEnabled(false)
                .setCookieSpec(CookieSpecs.IGNORE_COOKIES)
                .build())
        .disableAutomaticRetries()
        .disableRedirectHandling()
        .disableCookieManagement()
        .disableAuthCaching()
        .setUserAgent("appointment-relay")
        .build();
  }

  @Override
  public void close() {
    timer.shutdownNow();
    try (PoolingHttpClientConnectionManager closed = pool) {
      closed.closeExpiredConnections();
    }
  }
}
