package io.appointmentrelay.enrichment;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.apache.http.HttpException;
import org.apache.http.client.methods.CloseableHttpResponse;
import org.apache.http.client.methods.HttpExecutionAware;
import org.apache.http.client.methods.HttpRequestWrapper;
import org.apache.http.client.methods.HttpUriRequest;
import org.apache.http.client.protocol.HttpClientContext;
import org.apache.http.conn.routing.HttpRoute;
import org.apache.http.impl.execchain.ClientExecChain;

/**
 * Cuts an exchange whose headers take too long: a byte now and then keeps every time-out of the
 * socket from passing. Bodies have {@link WholeAnswer}.
 */
record HeaderDeadline(ClientExecChain network, ScheduledExecutorService timer, Duration longest)
    implements ClientExecChain {

  @Override
  public CloseableHttpResponse execute(
      HttpRoute route,
      HttpRequestWrapper request,
      HttpClientContext context,
      HttpExecutionAware aware)
      throws IOException, HttpException {
    if (!(aware instanceof HttpUriRequest abortable)) {
      return network.execute(route, request, context, aware);
    }
    ScheduledFuture<?> cut =
        timer.schedule(abortable::abort, longest.toMillis(), TimeUnit.MILLISECONDS);
    try {
      return network.execute(route, request, context, aware);
    } finally {
      cut.cancel(false);
    }
  }
}
