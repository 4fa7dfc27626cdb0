package io.appointmentrelay.door;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Closes connections on which no request is complete up to its headers in time, however busily they
 * send a byte now and then: an idle timeout sees no end of those. All on one event loop.
 */
final class Patience {

  private static final long FIRST_REQUEST_WITHIN_NANOS = TimeUnit.SECONDS.toNanos(30);
  private static final long NEXT_REQUEST_WITHIN_NANOS = TimeUnit.SECONDS.toNanos(60);
  private static final long LOOK_EVERY_MILLIS = 2_000;

  /** How long a request is waited for; over while one is being answered. */
  private record Wait(boolean over, long untilNanos) {
    static final Wait NONE = new Wait(true, 0);

    boolean isUpAt(long nanos) {
      return !over && nanos - untilNanos > 0;
    }
  }

  private final Map<HttpConnection, Wait> waits = new HashMap<>();

  Patience(Vertx vertx) {
    vertx.setPeriodic(LOOK_EVERY_MILLIS, timer -> closeTheSlow());
  }

  void opened(HttpConnection connection) {
    waits.put(connection, new Wait(false, System.nanoTime() + FIRST_REQUEST_WITHIN_NANOS));
  }

  void closed(HttpConnection connection) {
    waits.remove(connection);
  }

  void requested(HttpServerRequest request) {
    HttpConnection connection = request.connection();
    waits.replace(connection, Wait.NONE);
    request
        .response()
        .endHandler(
            answered ->
                waits.replace(
                    connection, new Wait(false, System.nanoTime() + NEXT_REQUEST_WITHIN_NANOS)));
  }

  private void closeTheSlow() {
    long now = System.nanoTime();
    List<HttpConnection> slow = new ArrayList<>();
    waits.forEach(
        (connection, wait) -> {
          if (wait.isUpAt(now)) {
            slow.add(connection);
          }
        });
    slow.forEach(HttpConnection::close);
  }
}
