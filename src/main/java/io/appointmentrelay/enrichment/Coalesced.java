package io.appointmentrelay.enrichment;

import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;

/**
 * Answers to questions, kept for a short time. Whoever asks what is being asked already waits for
 * that answer, or shares its failure. Empty answers and failures are not kept.
 */
final class Coalesced<T> {

  private static final int MOST = 10_000;

  private final AsyncCache<String, List<T>> answers;

  Coalesced(Duration kept) {
    answers = Caffeine.newBuilder().maximumSize(MOST).expireAfterWrite(kept).buildAsync();
  }

  List<T> get(String question, Supplier<List<T>> ask) {
    CompletableFuture<List<T>> mine = new CompletableFuture<>();
    CompletableFuture<List<T>> earlier = answers.asMap().putIfAbsent(question, mine);
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
      List<T> answer = ask.get();
      mine.complete(answer);
      if (answer.isEmpty()) {
        answers.asMap().remove(question, mine);
      }
    } catch (RuntimeException | Error e) {
      mine.completeExceptionally(e);
    }
  }
}
