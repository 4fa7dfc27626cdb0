package io.appointmentrelay.enrichment;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Answers to questions, kept for a short time. Whoever asks what is being asked already waits for
 * that answer, or shares its failure. Empty answers and failures are not kept.
 */
final class Coalesced<T> {

  private static final int MOST = 10_000;

  private final Cache<String, List<T>> answers;
  private final Map<String, CompletableFuture<List<T>>> underWay = new ConcurrentHashMap<>();

  Coalesced(Duration kept, Clock clock) {
    answers =
        Caffeine.newBuilder()
            .maximumSize(MOST)
            .expireAfterWrite(kept)
            .ticker(() -> TimeUnit.MILLISECONDS.toNanos(clock.millis()))
            .build();
  }

  List<T> get(String question, Supplier<List<T>> ask) {
    List<T> known = answers.getIfPresent(question);
    if (known != null) {
      return known;
    }
    CompletableFuture<List<T>> mine = new CompletableFuture<>();
    CompletableFuture<List<T>> earlier = underWay.putIfAbsent(question, mine);
    if (earlier == null) {
      answer(question, mine, ask);
    }
    try {
      return (earlier == null ? mine : earlier).join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException failure ? failure : e;
    }
  }

  private void answer(String question, CompletableFuture<List<T>> mine, Supplier<List<T>> ask) {
    try {
      // Another thread may have been answered in between.
      List<T> known = answers.getIfPresent(question);
      List<T> answer = known != null ? known : ask.get();
      if (!answer.isEmpty()) {
        answers.put(question, answer);
      }
      mine.complete(answer);
    } catch (RuntimeException | Error e) {
      mine.completeExceptionally(e);
    } finally {
      underWay.remove(question, mine);
    }
  }
}
