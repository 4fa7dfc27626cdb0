package io.appointmentrelay.appointment;

/**
 * What is to be written into an EHR now: the body of a message in {@code
 * routes/channel/ehr.camel.yaml}.
 *
 * @param appointment as it is known; what was answered
 * @param source whose FHIR server takes it
 * @param heardAs the source as whose word is taken in what that server says instead
 * @param key the same for every attempt and for nothing else
 */
public record WritebackOrder(
    Writeback action, AppointmentRecord appointment, String source, String heardAs, String key) {

  /** Prints nothing that belongs to a person. */
  @Override
  public String toString() {
    return "WritebackOrder[" + action.word() + ", " + key + "]";
  }
}
