package io.appointmentrelay.store;

import io.appointmentrelay.appointment.AppointmentEvent;
import io.appointmentrelay.appointment.Plan;
import io.appointmentrelay.appointment.PlannedDelivery;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a plan writes, worded and sealed where the run ends, not where the one writer works for all.
 *
 * @param payloads by what they say, as they are written
 */
record Prepared(List<Entry> entries, Map<String, String> payloads) {

  static final Prepared NOTHING = new Prepared(List.of(), Map.of());

  static Prepared of(
      WaitingPart part, Plan plan, AppointmentEvent event, Seal seal, RecipientCode code) {
    Map<String, String> payloads = new HashMap<>();
    String place = Place.payload(event.after().group(), event.after().identifier());
    for (PlannedDelivery delivery : plan.deliveries()) {
      String payload = delivery.payload();
      if (payload != null) {
        payloads.computeIfAbsent(payload, plain -> seal.text(plain, place));
      }
    }
    return new Prepared(Entry.of(event, part.position(), seal, code), payloads);
  }

  /** As it is written. */
  @Nullable String payload(PlannedDelivery delivery) {
    return delivery.payload() == null ? null : payloads.get(delivery.payload());
  }
}
