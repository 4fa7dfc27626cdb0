package io.appointmentrelay.polling;

import io.appointmentrelay.appointment.UsualHours;
import io.appointmentrelay.store.SilenceStore;
import io.appointmentrelay.store.SilenceStore.Heard;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Counts what sources say, by the hour, in memory until it is written now and then: a crash may
 * forget some seconds of it, which changes no habit. Never blocks.
 */
public final class Hearing {

  private record Key(String source, long hour) {}

  private record Count(long messages, Instant lastAt) {
    Count with(Count other) {
      return new Count(
          messages + other.messages, other.lastAt.isAfter(lastAt) ? other.lastAt : lastAt);
    }
  }

  private final SilenceStore store;
  private final Clock clock;
  private final Map<Key, Count> counts = new ConcurrentHashMap<>();
  private CompletableFuture<?> lastFlush = CompletableFuture.completedFuture(true);

  public Hearing(SilenceStore store, Clock clock) {
    this.store = store;
    this.clock = clock;
  }

  /** A source has said something. */
  public void heard(String source) {
    Instant now = clock.instant();
    counts.merge(new Key(source, UsualHours.hour(now)), new Count(1, now), Count::with);
  }

  /**
   * Writes what was counted; what cannot be written now is counted on. Completes when all of it is
   * written, also what an earlier call is still at.
   */
  synchronized CompletableFuture<?> flush() {
    List<Heard> heard = new ArrayList<>();
    for (Key key : List.copyOf(counts.keySet())) {
      Count count = counts.remove(key);
      if (count != null) {
        heard.add(new Heard(key.source(), count.messages(), count.lastAt()));
      }
    }
    if (!heard.isEmpty()) {
      // In the order of their calls: one is written when those before it are.
      lastFlush =
          store
              .heard(heard)
              .whenComplete(
                  (done, failure) -> {
                    if (failure != null) {
                      heard.forEach(this::again);
                    }
                  });
    }
    return lastFlush;
  }

  private void again(Heard heard) {
    counts.merge(
        new Key(heard.source(), UsualHours.hour(heard.lastAt())),
        new Count(heard.messages(), heard.lastAt()),
        Count::with);
  }
}
