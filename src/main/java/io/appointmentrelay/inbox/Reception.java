package io.appointmentrelay.inbox;

import io.appointmentrelay.intake.NotificationReader;
import io.appointmentrelay.intake.Part;
import io.appointmentrelay.intake.SourceKinds;
import io.appointmentrelay.settings.Settings.Source;
import io.appointmentrelay.store.InboxStore;
import io.appointmentrelay.store.NewPart;
import io.appointmentrelay.store.Sha256;
import io.appointmentrelay.store.StoreUnavailable;
import io.appointmentrelay.store.WaitingPart;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Takes notifications in: reads lightly what they speak of, keeps them, and hands them over to be
 * run.
 */
public final class Reception {

  private final InboxStore store;
  private final InboxRunner runner;
  private final InboxMetrics metrics;
  private final Clock clock;
  private final Executor readers;

  public Reception(
      InboxStore store, InboxRunner runner, InboxMetrics metrics, Clock clock, Executor readers) {
    this.store = store;
    this.runner = runner;
    this.metrics = metrics;
    this.clock = clock;
    this.readers = readers;
  }

  /** Completes when the notification is durable; fails if nothing was kept. Never blocks. */
  public CompletableFuture<List<WaitingPart>> accept(Source source, byte[] body) {
    // Larger ones are read away from the event loop, which others wait for.
    return body.length <= ReadingLimit.SMALL
        ? keep(source, body)
        : CompletableFuture.supplyAsync(() -> body, readers).thenCompose(b -> keep(source, b));
  }

  private CompletableFuture<List<WaitingPart>> keep(Source source, byte[] body) {
    NotificationReader reader = SourceKinds.reader(source.kind(), body);
    List<NewPart> parts =
        ReadingLimit.SHARED.within(body.length, () -> reader.glance(body)).stream()
            .map(part -> newPart(source, part))
            .toList();
    runner.rush().enter();
    return store
        .accept(source.name(), clock.instant(), body, parts)
        .whenComplete((kept, failure) -> runner.rush().leave())
        .whenComplete((kept, failure) -> lookAgainAfter(failure))
        .thenApply(
            waiting -> {
              metrics.accepted(source.name(), parts.size(), parts.size() - waiting.size());
              runner.offer(waiting);
              return waiting;
            });
  }

  /** It may have been kept all the same; then it runs, whether its sender comes back or not. */
  private void lookAgainAfter(@Nullable Throwable failure) {
    StoreUnavailable unavailable = StoreUnavailable.in(failure);
    if (unavailable != null && unavailable.mayBeDone()) {
      runner.lookAgain();
    }
  }

  private static NewPart newPart(Source source, Part part) {
    String appointment = part.appointment();
    return new NewPart(
        part.label(),
        appointment,
        appointment == null ? lane(source, part) : orderingKey(source, appointment),
        orderingKey(source, part.replaces()),
        bytes(part.deduplicationKey()),
        part.numbers());
  }

  private static @Nullable String orderingKey(Source source, @Nullable String appointment) {
    return appointment == null ? null : source.group() + ' ' + appointment;
  }

  private static @Nullable String lane(Source source, Part part) {
    byte[] lane = bytes(part.lane());
    return lane == null ? null : source.name() + ' ' + HexFormat.of().formatHex(Sha256.half(lane));
  }

  private static byte @Nullable [] bytes(@Nullable String key) {
    return key == null ? null : key.getBytes(StandardCharsets.UTF_8);
  }
}
