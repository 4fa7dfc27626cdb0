package io.appointmentrelay.appointment;

import java.util.List;

/**
 * What came of asking an EHR, or of telling it.
 *
 * @param found how many slots or visits it named, or how many slots it was sent
 * @param differing how many of them are not as they were known
 * @param unreadable how many were passed over, because they have no time or no number
 * @param incomplete whether the EHR has more than it gave
 * @param notifications what was put into the inbox
 */
public record EhrAnswer(
    String source,
    int found,
    int differing,
    int unreadable,
    boolean incomplete,
    List<String> notifications) {

  public EhrAnswer {
    notifications = List.copyOf(notifications);
  }
}
