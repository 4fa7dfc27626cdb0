package io.appointmentrelay.outbox;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.appointmentrelay.appointment.AppointmentRecord;
import io.appointmentrelay.appointment.OtherEndUnavailable;
import io.appointmentrelay.appointment.UnusableAnswer;
import io.appointmentrelay.enrichment.SecondLook;
import io.appointmentrelay.enrichment.SecondLook.Difference;
import io.appointmentrelay.settings.Settings.Source;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * Sees to it that a message to a person rests on knowledge that is not old: asks the EHR once more,
 * and lets what differs in by the inbox, as a notification of its own, so that it has its effect as
 * any other (docs/adr/0011).
 */
public final class Freshness implements AutoCloseable {

  private static final long MOST = 10_000;

  /** What came of asking again. */
  enum Finding {
    /** It is as known: the message may leave. */
    AS_KNOWN,
    /** It is not, and the inbox has it: to be judged again when that is done. */
    CHANGED,
    /** The server cannot say now. */
    UNANSWERED
  }

  /** An answer that differed, and from which revision of what was known. */
  private record Reported(int answer, int revision) {}

  private final SecondLook look;
  private final Map<String, Source> sources;
  private final Duration maxAge;
  private final BiFunction<Source, byte[], CompletableFuture<?>> inbox;
  private final Clock clock;
  private final Map<String, ExecutorService> askers = new ConcurrentHashMap<>();
  private final Cache<String, Reported> reported =
      Caffeine.newBuilder().maximumSize(MOST).expireAfterWrite(1, TimeUnit.HOURS).build();

  /**
   * Builds it; nothing is asked yet.
   *
   * @param maxAge knowledge that is older is not relied on
   * @param inbox keeps a notification of a source; completes when it is durable
   */
  public Freshness(
      SecondLook look,
      Map<String, Source> sources,
      Duration maxAge,
      BiFunction<Source, byte[], CompletableFuture<?>> inbox,
      Clock clock) {
    this.look = look;
    this.sources = sources;
    this.maxAge = maxAge;
    this.inbox = inbox;
    this.clock = clock;
  }

  /** Whether to ask before relying on what was known at {@code knownAt}. */
  boolean isDoubtful(AppointmentRecord record, Instant knownAt) {
    boolean old = clock.instant().isAfter(knownAt.plus(maxAge));
    return old && sources.containsKey(record.source()) && look.canAsk(record.source());
  }

  /** Asks again, on threads of the source's own; completes exceptionally only if our store does. */
  CompletableFuture<Finding> ask(AppointmentRecord record) {
    Source source = sources.get(record.source());
    if (source == null) {
      return CompletableFuture.completedFuture(Finding.AS_KNOWN);
    }
    return CompletableFuture.supplyAsync(
            () -> look.whatDiffers(record, source.zone()), threadsOf(source))
        .thenCompose(answer -> report(source, record, answer))
        .exceptionallyCompose(Freshness::unanswered);
  }

  private CompletableFuture<Finding> report(
      Source source, AppointmentRecord record, @Nullable Difference difference) {
    if (difference == null) {
      return CompletableFuture.completedFuture(Finding.AS_KNOWN);
    }
    String key = record.group() + '\n' + record.identifier();
    Reported before = reported.getIfPresent(key);
    if (before != null && before.answer() == difference.answer()) {
      boolean stillWaits = before.revision() == record.revision();
      // Else it went through the inbox and had no effect there, which was for the rules to say.
      return CompletableFuture.completedFuture(stillWaits ? Finding.CHANGED : Finding.AS_KNOWN);
    }
    return inbox
        .apply(source, difference.notification())
        .thenApply(
            kept -> {
              reported.put(key, new Reported(difference.answer(), record.revision()));
              return Finding.CHANGED;
            });
  }

  private static CompletableFuture<Finding> unanswered(Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    boolean theirs = cause instanceof OtherEndUnavailable || cause instanceof UnusableAnswer;
    return theirs
        ? CompletableFuture.completedFuture(Finding.UNANSWERED)
        : CompletableFuture.failedFuture(cause);
  }

  private Executor threadsOf(Source source) {
    return askers.computeIfAbsent(
        source.name(),
        name -> {
          int connections = source.fhir() == null ? 1 : source.fhir().connections();
          return Executors.newFixedThreadPool(
              connections,
              task -> {
                Thread thread = new Thread(task, "second-look-" + name);
                thread.setDaemon(true);
                return thread;
              });
        });
  }

  @Override
  public void close() {
    askers.values().forEach(ExecutorService::shutdownNow);
  }
}
