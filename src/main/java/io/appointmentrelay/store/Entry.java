package io.appointmentrelay.store;

import io.appointmentrelay.appointment.AppointmentEvent;
import io.appointmentrelay.appointment.AppointmentRecord;
import io.appointmentrelay.appointment.Change;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A record as it is to be written, with what changed: its JSON is made where the run ends, not
 * where the one writer works for all.
 */
record Entry(AppointmentRecord record, String state, @Nullable String changes) {

  /**
   * The records that an event writes, in the order of writing: what it replaces comes before it.
   */
  static List<Entry> of(AppointmentEvent event) {
    List<Entry> entries = new ArrayList<>(2);
    AppointmentRecord replaced = event.replaced();
    if (replaced != null) {
      entries.add(of(replaced, List.of(new Change("replacedBy", null, replaced.replacedBy()))));
    }
    entries.add(of(event.after(), event.changes()));
    return entries;
  }

  private static Entry of(AppointmentRecord record, List<Change> changes) {
    return new Entry(record, Json.write(record), changes.isEmpty() ? null : Json.write(changes));
  }
}
