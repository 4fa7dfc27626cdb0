package io.appointmentrelay.enrichment;

import java.time.Clock;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a token until shortly before its end. However many threads want one, one asks and all get
 * what it got, also its failure: a token server in trouble is not asked by everybody in turn.
 */
final class AccessTokens implements Authorisation {

  private final Supplier<AccessToken> endpoint;
  private final Clock clock;
  private @Nullable AccessToken kept;
  private @Nullable CompletableFuture<AccessToken> underWay;

  AccessTokens(Supplier<AccessToken> endpoint, Clock clock) {
    this.endpoint = endpoint;
    this.clock = clock;
  }

  @Override
  public String token() {
    CompletableFuture<AccessToken> awaited;
    boolean first;
    synchronized (this) {
      if (kept != null && kept.isFresh(clock.instant())) {
        return kept.value();
      }
      first = underWay == null;
      awaited = underWay == null ? new CompletableFuture<>() : underWay;
      underWay = awaited;
    }
    if (first) {
      ask(awaited);
    }
    try {
      return awaited.join().value();
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException failure ? failure : e;
    }
  }

  private void ask(CompletableFuture<AccessToken> asked) {
    try {
      AccessToken fresh = endpoint.get();
      synchronized (this) {
        kept = fresh;
        underWay = null;
      }
      asked.complete(fresh);
    } catch (RuntimeException | Error e) {
      synchronized (this) {
        underWay = null;
      }
      asked.completeExceptionally(e);
    }
  }

  /** Forgets the token, unless another thread has already brought a newer one. */
  @Override
  public synchronized boolean refused(String token) {
    if (kept != null && kept.value().equals(token)) {
      kept = null;
    }
    return true;
  }

  /** Never prints a token. */
  @Override
  public String toString() {
    return "AccessTokens";
  }
}
