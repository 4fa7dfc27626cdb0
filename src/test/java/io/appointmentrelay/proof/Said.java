package io.appointmentrelay.proof;

import io.appointmentrelay.appointment.Claim;
import java.time.Instant;
import java.time.ZoneId;

/**
 * What a sender says of one appointment; null is not said.
 *
 * @param when it happened, as the sender says
 * @param number the sender's own number of the notification, by which a repeated one is known
 */
record Said(
    Claim claim,
    String appointment,
    Instant start,
    String room,
    String replaces,
    Instant oldStart,
    Instant when,
    String number,
    Patient patient,
    ZoneId zone) {

  /**
   * Whom it is about.
   *
   * @param zone where they live; null: not said
   */
  record Patient(String reference, String email, String phone, ZoneId zone) {}
}
