package io.appointmentrelay.polling;

import io.appointmentrelay.appointment.UsualHours;
import io.appointmentrelay.settings.Settings.Source;
import io.appointmentrelay.store.Seldom;
import io.appointmentrelay.store.SilenceStore;
import io.appointmentrelay.store.SilenceStore.Silence;
import io.appointmentrelay.store.StoreUnavailable;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notices that a source is quieter than its own usual hours, or than it may be, and that it is
 * heard again; keeps both, and has our own system told, once each.
 */
public final class SilenceWatch implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(SilenceWatch.class);
  private static final Duration TRIES_AGAIN_AFTER = Duration.ofSeconds(30);
  private static final Duration LONGEST_PAUSE = Duration.ofHours(1);
  private static final int REMEMBERED_DAYS = 7 * (UsualHours.WEEKS + 2) + 1;

  /** Tells our own system. */
  public interface Teller {
    /**
     * Tells; waits until it was taken.
     *
     * @param id the same for every attempt, and for no other piece of news
     * @return false: it was not taken, or nobody knows
     */
    boolean tell(String id, String json);
  }

  private final Map<String, Source> sources;
  private final SilenceStore store;
  private final Hearing hearing;
  private final Teller teller;
  private final Clock clock;
  private final Seldom complaint = new Seldom();
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "silence-watch");
            thread.setDaemon(true);
            return thread;
          });
  private Instant forgotAt = Instant.EPOCH;

  /** Does nothing until started. */
  public SilenceWatch(
      Map<String, Source> sources,
      SilenceStore store,
      Hearing hearing,
      Teller teller,
      Clock clock) {
    this.sources = sources;
    this.store = store;
    this.hearing = hearing;
    this.teller = teller;
    this.clock = clock;
  }

  /**
   * From now on looks.
   *
   * @param every how often
   */
  public void start(Duration every) {
    timer.scheduleWithFixedDelay(
        this::look, every.toMillis(), every.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void look() {
    try {
      hearing.flush().join();
      List<Silence> lasting = store.lasting();
      for (Source source : sources.values()) {
        Optional<Silence> silence =
            lasting.stream().filter(one -> one.source().equals(source.name())).findFirst();
        look(source, silence);
      }
      lasting.stream()
          .filter(one -> !sources.containsKey(one.source()))
          .forEach(one -> store.ends(one, clock.instant()).join());
      tell();
      forget();
    } catch (StoreUnavailable | CompletionException e) {
      if (complaint.now()) {
        LOG.warn("Whether sources are silent cannot be seen while the store is away");
      }
    } catch (RuntimeException e) {
      LOG.error("Watching for silence failed by {}", e.getClass().getName());
    }
  }

  private void look(Source source, Optional<Silence> silence) {
    Instant last = store.lastHeard(source.name()).orElse(null);
    Instant now = clock.instant();
    if (silence.isPresent()) {
      boolean isHeard = last != null && last.isAfter(silence.get().since());
      boolean isOff = source.watch().silence().equals("none");
      if ((isHeard || isOff) && store.ends(silence.get(), now).join()) {
        LOG.info("Source {} is heard again, after {}", source.name(), silence.get().since());
      }
    } else if (last != null && isSilent(source, last, now)) {
      if (store.begins(source.name(), last, now).join()) {
        LOG.warn(
            "Source {} is quieter than usual: nothing was heard of it since {}. Look whether it still sends;"
                + " relay.source.{}.silence says when this is news",
            source.name(),
            last,
            source.name());
      }
    }
  }

  private boolean isSilent(Source source, Instant last, Instant now) {
    String rule = source.watch().silence();
    if (rule.equals("none")) {
      return false;
    }
    if (!rule.equals("auto")) {
      return now.isAfter(last.plus(Duration.parse(rule)));
    }
    if (now.isBefore(last.plus(Duration.ofHours(1)))) {
      return false;
    }
    Instant first = store.firstHeard(source.name()).orElse(last);
    Map<Long, Long> heard =
        store.heardSince(
            source.name(), UsualHours.hour(now.minus(Duration.ofDays(REMEMBERED_DAYS))));
    return new UsualHours(heard, first).missing(last, now, source.zone()).isPresent();
  }

  private void tell() {
    while (store.anyToTell(clock.instant())) {
      Instant now = clock.instant();
      Silence silence = store.takeToTell(now, now.plus(TRIES_AGAIN_AFTER)).join().orElse(null);
      if (silence == null) {
        return;
      }
      boolean ends = silence.silentToldAt() != null;
      String id = "silence-" + silence.id() + (ends ? "-heard" : "-silent");
      if (!teller.tell(id, json(silence, ends))) {
        long pause = TRIES_AGAIN_AFTER.toSeconds() << Math.min(silence.tries(), 10);
        Duration wait = Duration.ofSeconds(Math.min(pause, LONGEST_PAUSE.toSeconds()));
        store.waits(silence, clock.instant().plus(wait)).join();
        return;
      }
      store.told(silence, clock.instant()).join();
    }
  }

  private static String json(Silence silence, boolean ends) {
    Instant ended = silence.endedAt();
    String until = ends && ended != null ? ",\"until\":\"" + ended + "\"" : "";
    return "{\"type\":\"source."
        + (ends ? "heard" : "silent")
        + "\",\"timestamp\":\""
        + (ends && ended != null ? ended : silence.noticedAt())
        + "\",\"data\":{\"source\":\""
        + silence.source()
        + "\",\"since\":\""
        + silence.since()
        + "\""
        + until
        + "}}";
  }

  private void forget() {
    Instant now = clock.instant();
    if (now.isAfter(forgotAt.plus(Duration.ofDays(1)))) {
      store.forget(UsualHours.hour(now.minus(Duration.ofDays(REMEMBERED_DAYS)))).join();
      forgotAt = now;
    }
  }

  @Override
  public void close() {
    timer.shutdownNow();
    try {
      hearing.flush().orTimeout(5, TimeUnit.SECONDS).join();
    } catch (CompletionException e) {
      LOG.debug("What was heard last could not be written");
    }
  }
}
