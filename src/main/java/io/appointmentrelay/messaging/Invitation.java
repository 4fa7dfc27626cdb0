package io.appointmentrelay.messaging;

/**
 * What a calendar makes an entry of, or strikes one out by.
 *
 * @param method {@code REQUEST} or {@code CANCEL}, which the mail's part names too
 * @param calendar an iCalendar object (RFC 5545), lines ended as it asks
 */
public record Invitation(String method, String calendar) {

  /** Never prints what a person is told. */
  @Override
  public String toString() {
    return "Invitation[" + method + "]";
  }
}
