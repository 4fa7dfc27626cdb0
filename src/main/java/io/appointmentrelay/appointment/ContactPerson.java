package io.appointmentrelay.appointment;

import java.util.List;

/** Somebody who acts for a patient: in the place of a minor, or of a dependant. */
public record ContactPerson(Relation relation, List<ContactPoint> contactPoints) {

  /** What they are to the patient; others do not act for anybody. */
  public enum Relation {
    /** By law or power of attorney, of a minor or an adult. */
    GUARDIAN,
    /** Of a minor. */
    PARENT
  }

  public ContactPerson {
    contactPoints = List.copyOf(contactPoints);
  }

  /** Never prints a number. */
  @Override
  public String toString() {
    return "ContactPerson[" + relation + "]";
  }
}
