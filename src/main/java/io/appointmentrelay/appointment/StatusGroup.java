package io.appointmentrelay.appointment;

import org.jspecify.annotations.Nullable;

/** FHIR R4's Appointment statuses, grouped as far as messages to people differ by them. */
public enum StatusGroup {
  OPEN,
  PRESENT,
  CANCELLED,
  NOSHOW,
  REPLACED;

  /** The group of a status as FHIR writes it; an unknown or absent status counts as open. */
  public static StatusGroup of(@Nullable String status) {
    if (status == null) {
      return OPEN;
    }
    return switch (status) {
      case "arrived", "checked-in", "fulfilled" -> PRESENT;
      case "cancelled", "entered-in-error" -> CANCELLED;
      case "noshow" -> NOSHOW;
      case AppointmentRecord.REPLACED -> REPLACED;
      default -> OPEN;
    };
  }
}
