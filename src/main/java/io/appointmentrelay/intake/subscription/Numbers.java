package io.appointmentrelay.intake.subscription;

import io.appointmentrelay.appointment.EventNumber;
import io.appointmentrelay.appointment.EventNumber.Meaning;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a subscription's bundle tells of the numbers of its events. */
final class Numbers {

  private Numbers() {}

  /** Of a handshake, a heartbeat or a status: how many events there were. */
  static List<EventNumber> ofNoEvent(SubscriptionBundle bundle) {
    Meaning meaning = "handshake".equals(bundle.type()) ? Meaning.BEGINS_BEHIND : Meaning.SO_FAR;
    return list(bundle, bundle.sinceStart(), meaning);
  }

  /** The number of each event, in their order; empty lists where nothing is numbered. */
  static List<List<EventNumber>> ofEvents(SubscriptionBundle bundle) {
    List<List<EventNumber>> all = new ArrayList<>();
    int size = bundle.events().size();
    boolean isNumbered = bundle.events().stream().anyMatch(event -> event.number() != null);
    Long sinceStart = bundle.sinceStart();
    // Without numbers of their own the events of a notification are the last ones there were.
    boolean areTheLast =
        !isNumbered && sinceStart != null && "event-notification".equals(bundle.type());
    for (int i = 0; i < size; i++) {
      Long own = bundle.events().get(i).number();
      Long number = areTheLast && sinceStart != null ? (Long) (sinceStart - size + 1 + i) : own;
      all.add(list(bundle, number, Meaning.HERE));
    }
    return all;
  }

  private static List<EventNumber> list(
      SubscriptionBundle bundle, @Nullable Long number, Meaning meaning) {
    String subscription = bundle.subscription();
    boolean isUsable = number != null && number >= 0 && subscription != null;
    return isUsable && number != null && subscription != null
        ? List.of(new EventNumber(subscription, number, meaning))
        : List.of();
  }
}
