package io.appointmentrelay.door;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The connections that end with the answer they are given now: what comes behind it is not looked
 * at. To a sender that is still sending the connection stays open for a moment, because a
 * connection that breaks under it would take the answer away.
 */
final class LastAnswers {

  private static final long LINGER_MILLIS = 2_000;

  private final Vertx vertx;
  private final Set<HttpConnection> connections = ConcurrentHashMap.newKeySet();

  LastAnswers(Vertx vertx) {
    this.vertx = vertx;
  }

  boolean isOver(HttpConnection connection) {
    return connections.contains(connection);
  }

  void forget(HttpConnection connection) {
    connections.remove(connection);
  }

  /** The answer to come is the connection's last one. */
  void announce(HttpServerRequest request) {
    connections.add(request.connection());
    request.response().putHeader("Connection", "close");
  }

  /** Answers, throws away what is still being sent, and closes. */
  void refuse(HttpServerRequest request, int status, String text) {
    if (request.response().ended() || request.response().closed()) {
      return;
    }
    announce(request);
    HttpConnection connection = request.connection();
    Answer.plain(request.response(), status, text);
    if (request.isEnded()) {
      connection.close();
      return;
    }
    long timer = vertx.setTimer(LINGER_MILLIS, over -> connection.close());
    request.exceptionHandler(broken -> vertx.cancelTimer(timer));
    request.handler(rest -> {});
    request.endHandler(
        sent -> {
          vertx.cancelTimer(timer);
          connection.close();
        });
  }
}
