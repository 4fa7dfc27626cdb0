package io.appointmentrelay.door;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.camel.Exchange;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Receives whoever follows a link in a message: a person, or a scanner that opens every link before
 * the person sees it. Only the button's POST may change anything. What it sends is not looked at:
 * the address says all.
 */
final class ReplyReception {

  static final String PATH = "/reply";

  private static final Logger LOG = LoggerFactory.getLogger(ReplyReception.class);

  private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9_-]{1,64}");
  private static final String POLICY = "Content-Security-Policy";
  private static final int BODY_AT_MOST = 4 * 1024;
  private static final long BODY_WITHIN_MILLIS = 10_000;

  /** The page needs nothing from anywhere, and is shown nowhere else. */
  private static final Map<String, String> DEFENCES =
      Map.of(
          "Cache-Control", "no-store",
          "Referrer-Policy", "no-referrer",
          "X-Content-Type-Options", "nosniff",
          "X-Frame-Options", "DENY",
          "X-Robots-Tag", "noindex, nofollow");

  private final Vertx vertx;
  private final LastAnswers last;
  private final HttpServerRequest request;
  private final DoorConsumer consumer;
  private final String token;
  private long length;
  private boolean over;

  private ReplyReception(
      Vertx vertx,
      LastAnswers last,
      HttpServerRequest request,
      DoorConsumer consumer,
      String token) {
    this.vertx = vertx;
    this.last = last;
    this.request = request;
    this.consumer = consumer;
    this.token = token;
  }

  /** Whether an address is one of a link. */
  static boolean isFor(HttpServerRequest request) {
    String path = request.path();
    return path != null && path.startsWith(PATH + "/");
  }

  static void receive(Vertx vertx, Door door, HttpServerRequest request) {
    DEFENCES.forEach(request.response()::putHeader);
    LastAnswers last = door.lastAnswers();
    DoorConsumer consumer = door.replyConsumer();
    String token = request.path().substring(PATH.length() + 1);
    HttpMethod method = request.method();
    boolean isPost = method.equals(HttpMethod.POST);
    boolean asksForPage = method.equals(HttpMethod.GET) || method.equals(HttpMethod.HEAD);
    if (consumer == null || !TOKEN.matcher(token).matches()) {
      last.refuse(request, 404, "Expected a link as it is in a message.");
    } else if (door.draining()) {
      last.refuse(request, 503, "Stopping; try again in a moment.");
    } else if (!isPost && !asksForPage) {
      request.response().putHeader("Allow", "GET, HEAD, POST");
      last.refuse(request, 405, "A link is opened, and its button pressed.");
    } else {
      new ReplyReception(vertx, last, request, consumer, token).read(isPost);
    }
  }

  private void read(boolean isPost) {
    long timer = vertx.setTimer(BODY_WITHIN_MILLIS, late -> request.connection().close());
    request.exceptionHandler(
        broken -> {
          over = true;
          vertx.cancelTimer(timer);
        });
    request.handler(
        chunk -> {
          length += chunk.length();
          if (length > BODY_AT_MOST && !over) {
            over = true;
            vertx.cancelTimer(timer);
            last.refuse(request, 413, "Expected at most " + BODY_AT_MOST + " bytes.");
          }
        });
    request.endHandler(
        ended -> {
          vertx.cancelTimer(timer);
          if (!over) {
            over = true;
            // What was asked is read in the store: not on the event loop.
            vertx.executeBlocking(() -> run(isPost), false);
          }
        });
  }

  private boolean run(boolean isPost) {
    try {
      Exchange exchange = consumer.open();
      exchange.getMessage().setBody(new ReplyRequest(isPost, token));
      consumer.run(exchange, this::answer);
    } catch (Exception e) {
      LOG.error("A reply did not reach its route ({})", e.getClass().getSimpleName());
      Answer.plain(request.response(), 503, "Not possible now; try again in a moment.");
    }
    return true;
  }

  private void answer(Exchange exchange) {
    Exception failure = exchange.getException();
    if (failure != null) {
      LOG.warn("A reply was not kept ({})", failure.getClass().getSimpleName());
      Answer.plain(request.response(), 503, "Not possible now; try again in a moment.");
      return;
    }
    String policy = exchange.getMessage().getHeader(POLICY, String.class);
    if (policy != null) {
      request.response().putHeader(POLICY, policy);
    }
    if (request.method().equals(HttpMethod.HEAD)) {
      exchange.getMessage().setBody(Buffer.buffer().getBytes());
    }
    Answer.of(exchange, request.response());
  }
}
