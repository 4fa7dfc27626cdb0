package io.appointmentrelay.console;

import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.ext.web.RoutingContext;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Asks who it is, by HTTP Basic. A password is worked out once in a while on a thread of its own,
 * one after another, so that guessing takes neither the console nor the relay its processors.
 */
final class Login implements Handler<RoutingContext> {

  private static final Duration REMEMBER = Duration.ofMinutes(10);
  private static final int REMEMBERED = 1_000;
  private static final int WAITING_AT_MOST = 16;
  private static final int LONGEST = 1_024;
  private static final String OPEN = "/observe/health/live";

  private record Credentials(String user, String password) {}

  private final Map<String, String> users;
  private final LoginThrottle throttle;
  private final Clock clock;
  private final WorkerExecutor worker;
  private final AtomicInteger waiting = new AtomicInteger();
  private final SecretKeySpec key;

  /** What was right a moment ago, by a keyed hash of it; until when it is believed. */
  private final Map<String, Instant> right = new ConcurrentHashMap<>();

  /**
   * @param users name to hash
   */
  Login(Vertx vertx, Map<String, String> users, Clock clock) {
    this.users = Map.copyOf(users);
    this.clock = clock;
    this.throttle = new LoginThrottle(clock);
    this.worker = vertx.createSharedWorkerExecutor("console-login", 1);
    byte[] random = new byte[32];
    new SecureRandom().nextBytes(random);
    this.key = new SecretKeySpec(random, "HmacSHA256");
  }

  @Override
  public void handle(RoutingContext context) {
    if (context.normalizedPath().equals(OPEN)) {
      context.next();
      return;
    }
    String header = context.request().getHeader("Authorization");
    Credentials shown = header == null ? null : read(header);
    if (shown == null) {
      ask(context);
      return;
    }
    String fingerprint = fingerprint(shown);
    Instant until = right.get(fingerprint);
    if (until != null && clock.instant().isBefore(until)) {
      context.put(Parameters.USER, shown.user());
      context.next();
      return;
    }
    String address = context.request().remoteAddress().hostAddress();
    if (throttle.isShut(shown.user(), address)) {
      tooMany(context, LoginThrottle.WINDOW.toSeconds());
    } else if (waiting.incrementAndGet() > WAITING_AT_MOST) {
      waiting.decrementAndGet();
      tooMany(context, 5);
    } else {
      check(context, shown, fingerprint, address);
    }
  }

  private void check(
      RoutingContext context, Credentials shown, String fingerprint, String address) {
    context.request().pause();
    worker
        .executeBlocking(() -> isRight(shown, address), true)
        .onComplete(
            checked -> {
              waiting.decrementAndGet();
              context.request().resume();
              if (checked.succeeded() && checked.result()) {
                remember(fingerprint);
                context.put(Parameters.USER, shown.user());
                context.next();
              } else {
                ask(context);
              }
            });
  }

  /** Also while others wait: many wrong ones sent at once are not more than many in a row. */
  private boolean isRight(Credentials shown, String address) {
    if (throttle.isShut(shown.user(), address)) {
      return false;
    }
    String hash = users.get(shown.user());
    boolean matches = Passwords.matches(shown.password(), hash == null ? Passwords.NOBODYS : hash);
    boolean isRight = matches && hash != null;
    if (isRight) {
      throttle.right(shown.user());
    } else {
      throttle.wrong(shown.user(), address);
    }
    return isRight;
  }

  private void remember(String fingerprint) {
    if (right.size() >= REMEMBERED) {
      right.clear();
    }
    right.put(fingerprint, clock.instant().plus(REMEMBER));
  }

  private static void ask(RoutingContext context) {
    context
        .response()
        .putHeader("WWW-Authenticate", "Basic realm=\"Appointment Relay\", charset=\"UTF-8\"");
    Answers.error(
        context,
        401,
        "Expected the name and password of a console user; found none, or wrong ones. Nothing was done; log in.");
  }

  private static void tooMany(RoutingContext context, long seconds) {
    context.response().putHeader("Retry-After", Long.toString(seconds));
    Answers.error(
        context,
        429,
        "Expected few wrong passwords; found too many. Nothing was done; wait some minutes.");
  }

  private static @Nullable Credentials read(String header) {
    if (!header.regionMatches(true, 0, "Basic ", 0, 6) || header.length() > LONGEST) {
      return null;
    }
    try {
      byte[] decoded = Base64.getDecoder().decode(header.substring(6).strip());
      String both = new String(decoded, StandardCharsets.UTF_8);
      int colon = both.indexOf(':');
      return colon < 1
          ? null
          : new Credentials(both.substring(0, colon), both.substring(colon + 1));
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  private String fingerprint(Credentials shown) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(key);
      // A name has no colon, so that no two pairs are the same text.
      String both = shown.user() + ":" + shown.password();
      return Base64.getEncoder().encodeToString(mac.doFinal(both.getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Every JDK has HMAC-SHA-256", e);
    }
  }
}
