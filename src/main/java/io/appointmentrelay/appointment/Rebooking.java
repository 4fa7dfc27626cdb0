package io.appointmentrelay.appointment;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Whether a cancellation and a booking under another visit number are one move to whoever is told
 * of them. That they came soon after one another is for the caller to know.
 */
public final class Rebooking {

  private Rebooking() {}

  /** The same patient of the same feeds, and the same practitioner or type, to a time to come. */
  public static boolean isOneMove(
      AppointmentRecord cancelled, AppointmentRecord booked, Instant now) {
    Instant start = booked.details().start();
    boolean offAndOn =
        cancelled.statusGroup() == StatusGroup.CANCELLED
            && booked.statusGroup() == StatusGroup.OPEN
            && start != null
            && start.isAfter(now);
    return offAndOn
        && !cancelled.root().equals(booked.root())
        && cancelled.group().equals(booked.group())
        && samePatient(cancelled.patient(), booked.patient())
        && sameMatter(cancelled.details(), booked.details());
  }

  private static boolean samePatient(@Nullable PatientProfile one, @Nullable PatientProfile other) {
    return one != null
        && other != null
        && one.reference() != null
        && one.reference().equals(other.reference());
  }

  private static boolean sameMatter(Details one, Details other) {
    Party practitioner = one.practitioner();
    boolean samePractitioner =
        practitioner != null
            && other.practitioner() != null
            && practitioner.isKnownAs(other.practitioner());
    return samePractitioner || (one.type() != null && one.type().equals(other.type()));
  }
}
