package io.appointmentrelay.store;

import io.appointmentrelay.appointment.AppointmentEvent;
import io.appointmentrelay.appointment.AppointmentRecord;
import io.appointmentrelay.appointment.Change;
import io.appointmentrelay.appointment.PatientProfile;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A record as it is to be written, with what changed: its JSON is made and sealed where the run
 * ends, not where the one writer works for all.
 *
 * @param patient a code; absent: nobody is known
 */
record Entry(
    AppointmentRecord record, String state, @Nullable String changes, @Nullable String patient) {

  private record Writing(Position cause, Seal seal, RecipientCode code) {}

  /**
   * The records that an event writes, in the order of writing: what it replaces comes before it.
   */
  static List<Entry> of(AppointmentEvent event, Position cause, Seal seal, RecipientCode code) {
    Writing writing = new Writing(cause, seal, code);
    List<Entry> entries = new ArrayList<>(2);
    AppointmentRecord replaced = event.replaced();
    if (replaced != null) {
      entries.add(
          of(replaced, List.of(new Change("replacedBy", null, replaced.replacedBy())), writing));
    }
    entries.add(of(event.after(), event.changes(), writing));
    return entries;
  }

  private static Entry of(AppointmentRecord record, List<Change> changes, Writing writing) {
    Seal seal = writing.seal();
    PatientProfile patient = record.patient();
    String reference = patient == null ? null : patient.reference();
    return new Entry(
        record,
        seal.json(record, Place.state(record.group(), record.identifier())),
        changes.isEmpty() ? null : seal.json(changes, Place.changes(writing.cause())),
        reference == null ? null : writing.code().ofPatient(reference));
  }
}
