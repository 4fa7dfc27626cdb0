package io.appointmentrelay.door;

import io.appointmentrelay.intake.Doorkeeper;
import io.appointmentrelay.intake.SignatureScheme;
import io.appointmentrelay.settings.Settings;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Receives one request at the public port, on its event loop: decides by path, method and tokens
 * how much of the body may come in, and hands the whole to its route. A sender that does not finish
 * in time loses its connection.
 */
final class WebhookReception {

  private static final Logger LOG = LoggerFactory.getLogger(WebhookReception.class);

  /** Who shows no accepted token may only ask for the verification handshake, which is small. */
  private static final int STRANGERS_BODY = 4 * 1024;

  private static final Pattern UPDATE =
      Pattern.compile("([a-z0-9-]+)/[A-Z][A-Za-z]{1,40}/[A-Za-z0-9.-]{1,64}");

  private static final long BODY_WITHIN_MILLIS = 30_000;

  private final Vertx vertx;
  private final LastAnswers last;
  private final HttpServerRequest request;
  private final RequestBudget budget;
  private final DoorConsumer consumer;
  private final String source;
  private final Doorkeeper doorkeeper;
  private final List<String> signatures;
  private final boolean showsToken;
  private final int limit;
  private boolean admitted;
  private List<Buffer> chunks = new ArrayList<>(1);
  private int length;
  private long taken;
  private long timer;
  private boolean over;

  private WebhookReception(
      Vertx vertx,
      Door door,
      Settings.Http http,
      RequestBudget budget,
      HttpServerRequest request,
      DoorConsumer consumer,
      Doorkeeper doorkeeper,
      String source) {
    this.vertx = vertx;
    this.last = door.lastAnswers();
    this.request = request;
    this.budget = budget;
    this.consumer = consumer;
    this.source = source;
    this.doorkeeper = doorkeeper;
    String authorization = request.getHeader("authorization");
    String verificationToken = request.getHeader("verification-token");
    this.admitted = doorkeeper.admits(authorization, verificationToken);
    SignatureScheme scheme = doorkeeper.signatures();
    this.signatures = scheme == null ? List.of() : request.headers().getAll(scheme.header());
    this.showsToken =
        !signatures.isEmpty() && doorkeeper.showsToken(authorization, verificationToken);
    boolean onlySigned = !showsToken && !signatures.isEmpty();
    // Whoever claims to have signed a body is believed only when all of it was read.
    int strangers =
        onlySigned && scheme != null
            ? Math.min(scheme.bodyAtMost(), http.maxBody())
            : STRANGERS_BODY;
    this.limit = admitted ? http.maxBody() : strangers;
  }

  static void receive(
      Vertx vertx, Door door, Settings.Http http, RequestBudget budget, HttpServerRequest request) {
    String path = request.path();
    String source =
        path != null && path.startsWith(Door.WEBHOOKS)
            ? path.substring(Door.WEBHOOKS.length())
            : "";
    boolean isUpdate = isUpdate(door, request, source);
    if (isUpdate) {
      source = source.substring(0, source.indexOf('/'));
    }
    LastAnswers last = door.lastAnswers();
    Doorkeeper doorkeeper = door.doorkeeper(source);
    if (doorkeeper == null) {
      last.refuse(request, 404, "Expected /webhooks/ and the name of a configured source.");
      return;
    }
    if (door.draining()) {
      last.refuse(request, 503, "Stopping; send it again in a moment.");
      return;
    }
    DoorConsumer consumer = door.consumer(source);
    if (consumer == null) {
      last.refuse(request, 503, "This source has no route now; send it again in a moment.");
      return;
    }
    if (!isUpdate && !request.method().equals(HttpMethod.POST) && !isChallenge(request)) {
      request.response().putHeader("Allow", "POST");
      last.refuse(request, 405, "Notifications are POSTed.");
      return;
    }
    WebhookReception reception =
        new WebhookReception(vertx, door, http, budget, request, consumer, doorkeeper, source);
    RateLimit rate = door.rate(source);
    if (rate == null || !reception.isOver(rate)) {
      reception.read();
    }
  }

  /** Only who shows the token counts: a stranger must not use up a source's share. */
  private boolean isOver(RateLimit rate) {
    long seconds = admitted ? rate.secondsUntilRoom() : 0;
    if (seconds > 0) {
      request.response().putHeader("Retry-After", Long.toString(seconds));
      last.refuse(
          request,
          503,
          "More than relay.source." + source + ".rate takes; not kept, send it again later.");
    }
    return seconds > 0;
  }

  /** A FHIR server may tell of a resource as it would store it: PUT {@code …/Appointment/17}. */
  private static boolean isUpdate(Door door, HttpServerRequest request, String address) {
    if (!request.method().equals(HttpMethod.PUT)) {
      return false;
    }
    Matcher update = UPDATE.matcher(address);
    Doorkeeper doorkeeper = update.matches() ? door.doorkeeper(update.group(1)) : null;
    return doorkeeper != null && doorkeeper.speaksFhir();
  }

  private static boolean isChallenge(HttpServerRequest request) {
    return request.method().equals(HttpMethod.GET) && parameter(request, "challenge") != null;
  }

  /** Of the query; null also if the query cannot be decoded. */
  private static @Nullable String parameter(HttpServerRequest request, String name) {
    try {
      return request.getParam(name);
    } catch (IllegalArgumentException undecodable) {
      return null;
    }
  }

  private void read() {
    if (announcedLength() > limit) {
      refuseTooLarge();
      return;
    }
    timer = vertx.setTimer(BODY_WITHIN_MILLIS, expired -> tooSlow());
    request.exceptionHandler(broken -> finish());
    request.handler(this::chunk);
    request.endHandler(ended -> complete());
    if ("100-continue".equalsIgnoreCase(request.getHeader("expect"))) {
      request.response().writeContinue();
    }
  }

  private long announcedLength() {
    String length = request.getHeader("content-length");
    try {
      return length == null ? 0 : Long.parseLong(length);
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  private void chunk(Buffer chunk) {
    if (over) {
      return;
    }
    // Twice, because the chunks and the body made of them are in memory together for a moment.
    long room = 2L * chunk.length();
    if (length + (long) chunk.length() > limit) {
      finish();
      refuseTooLarge();
    } else if (!budget.take(room)) {
      finish();
      last.refuse(request, 503, "Too much at once; send it again in a moment.");
    } else {
      taken += room;
      length += chunk.length();
      chunks.add(chunk);
    }
  }

  private void refuseTooLarge() {
    if (admitted || limit > STRANGERS_BODY) {
      String why = admitted ? "relay.http.max-body" : "signed, and no token shown";
      last.refuse(request, 413, "Expected at most " + limit + " bytes (" + why + ").");
    } else {
      last.refuse(request, 401, "Expected the token of this source.");
    }
  }

  private void tooSlow() {
    finish();
    request.connection().close();
  }

  /** Nothing more of this request is looked at. */
  private void finish() {
    if (!over) {
      over = true;
      vertx.cancelTimer(timer);
      budget.giveBack(taken);
      chunks = List.of();
    }
  }

  private void complete() {
    if (over) {
      return;
    }
    byte[] bytes = body();
    if (!signatures.isEmpty()) {
      admitted =
          (admitted || !showsToken) && doorkeeper.admitsSigned(bytes, request.query(), signatures);
    }
    vertx.cancelTimer(timer);
    over = true;
    chunks = List.of();
    try {
      Exchange exchange = consumer.open();
      exchange.getMessage().setBody(webhookRequest(bytes));
      consumer.run(exchange, this::answer);
    } catch (Exception e) {
      LOG.error(
          "A notification of source {} did not reach its route ({})",
          source,
          e.getClass().getSimpleName());
      budget.giveBack(taken);
      Answer.plain(request.response(), 503, "Not kept; send it again in a moment.");
    }
  }

  /** Put together once: growing with every chunk would copy a large body many times. */
  private byte[] body() {
    byte[] bytes = new byte[length];
    int at = 0;
    for (Buffer chunk : chunks) {
      chunk.getBytes(bytes, at);
      at += chunk.length();
    }
    return bytes;
  }

  private WebhookRequest webhookRequest(byte[] bytes) {
    boolean isGet = request.method().equals(HttpMethod.GET);
    return new WebhookRequest(
        source,
        isGet,
        admitted,
        request.getHeader("authorization"),
        request.getHeader("verification-token"),
        isGet ? parameter(request, "challenge") : null,
        isGet ? parameter(request, "verification-token") : null,
        bytes);
  }

  private void answer(Exchange exchange) {
    budget.giveBack(taken);
    // With a Content-Length beside it, which Netty has taken away, a proxy may have read another
    // end of this request: RFC 9112, 6.1 asks that nothing behind it is believed.
    boolean ambiguous = request.getHeader("transfer-encoding") != null;
    if (ambiguous) {
      last.announce(request);
    }
    write(exchange);
    if (ambiguous) {
      request.connection().close();
    }
  }

  private void write(Exchange exchange) {
    Exception failure = exchange.getException();
    if (failure == null) {
      Answer.of(exchange, request.response());
    } else {
      // The failure may quote what it failed on: its type is enough here, its cause is logged where
      // it is known.
      LOG.warn(
          "A notification of source {} was not kept ({}); the sender is told to try again",
          source,
          failure.getClass().getSimpleName());
      Answer.plain(request.response(), 503, "Not kept; send it again in a moment.");
    }
  }
}
