package io.appointmentrelay.console;

import io.appointmentrelay.store.ConsoleReads;
import io.appointmentrelay.store.ConsoleReads.DeliveryWithWhy;
import io.appointmentrelay.store.ConsoleReads.Notification;
import io.appointmentrelay.store.Position;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongFunction;

/** The three things an operator may change. Each answers with what is then so, or refuses. */
final class Operations {

  private final Console.Collaborators collaborators;
  private final ConsoleReads reads;

  Operations(Console.Collaborators collaborators) {
    this.collaborators = collaborators;
    this.reads = collaborators.reads();
  }

  /** Takes a parked notification back in. Waits for the store. */
  Notification replay(Position position) {
    Notification before = existing(reads.notification(position));
    if (!collaborators.replay().apply(position).join()) {
      String status = reads.notification(position).orElse(before).status();
      throw Refusal.conflict(
          "Only a parked notification is replayed; this one is "
              + status
              + ". Nothing was changed; look at it again.");
    }
    return reads.notification(position).orElse(before);
  }

  /** Plans a dead delivery, or one held in doubt, again, due now. Waits for the store. */
  DeliveryWithWhy retry(long id) {
    DeliveryWithWhy retried =
        change(
            id,
            delivery -> collaborators.outbox().retryDead(delivery, collaborators.clock().instant()),
            "Only a dead delivery, or one that is held in doubt, is retried");
    collaborators.deliveryPlanned().accept(id);
    return retried;
  }

  /** Ends a planned delivery, or one held in doubt, unsent. Waits for the store. */
  DeliveryWithWhy cancel(long id) {
    return change(
        id,
        collaborators.outbox()::cancel,
        "Only a planned delivery, or one that is held in doubt, is cancelled");
  }

  private DeliveryWithWhy change(
      long id, LongFunction<CompletableFuture<Boolean>> change, String rule) {
    DeliveryWithWhy before = existing(reads.delivery(id));
    boolean isChanged = change.apply(id).join();
    DeliveryWithWhy after = reads.delivery(id).orElse(before);
    if (!isChanged) {
      throw Refusal.conflict(
          rule + "; this one is " + after.status() + ". Nothing was changed; look at it again.");
    }
    return after;
  }

  private static <T> T existing(Optional<T> found) {
    return found.orElseThrow(
        () ->
            Refusal.notFound(
                "Expected something that is known; found nothing of that id. Take it from the list."));
  }
}
