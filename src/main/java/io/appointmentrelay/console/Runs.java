package io.appointmentrelay.console;

import io.appointmentrelay.store.ConsoleReads;
import io.appointmentrelay.store.Position;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.time.Duration;
import java.util.List;

/**
 * Waits until notifications have run, and holds no thread while it does. It looks into the store,
 * because another process on the same store may be the one that runs them.
 */
final class Runs {

  private static final long PATIENCE_NANOS = Duration.ofSeconds(10).toNanos();
  private static final long LOOK_EVERY_MILLIS = 50;

  private final Vertx vertx;
  private final WorkerExecutor workers;
  private final ConsoleReads reads;

  /**
   * @param workers on which the store is read
   */
  Runs(Vertx vertx, WorkerExecutor workers, ConsoleReads reads) {
    this.vertx = vertx;
    this.workers = workers;
    this.reads = reads;
  }

  /**
   * Completes when all of them have run, or after ten seconds without; fails if the store cannot be
   * read.
   */
  Future<Void> ended(List<String> notifications) {
    Promise<Void> ended = Promise.promise();
    look(notifications, System.nanoTime() + PATIENCE_NANOS, ended);
    return ended.future();
  }

  private void look(List<String> notifications, long until, Promise<Void> ended) {
    workers
        .executeBlocking(() -> notifications.stream().filter(this::isWaiting).toList(), false)
        .onFailure(ended::fail)
        .onSuccess(
            waiting -> {
              if (waiting.isEmpty() || System.nanoTime() - until >= 0) {
                ended.complete();
              } else {
                vertx.setTimer(LOOK_EVERY_MILLIS, timer -> look(waiting, until, ended));
              }
            });
  }

  private boolean isWaiting(String id) {
    return reads
        .notification(Position.of(id))
        .filter(notification -> notification.status().equals("received"))
        .isPresent();
  }
}
