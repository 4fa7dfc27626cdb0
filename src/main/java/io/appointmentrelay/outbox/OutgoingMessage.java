package io.appointmentrelay.outbox;

import io.appointmentrelay.messaging.Invitation;
import org.jspecify.annotations.Nullable;

/**
 * A message that is to leave now: the body of a message in {@code routes/channel}.
 *
 * @param id the delivery's id
 * @param key the same for every attempt and no other delivery of any installation: Message-ID,
 *     webhook-id
 * @param recipient absent for events to systems
 * @param subject for channels that have one
 * @param text plain text, or for events to systems the JSON
 * @param html for channels that have it
 * @param invitation for calendars, by e-mail
 */
public record OutgoingMessage(
    long id,
    String key,
    @Nullable String recipient,
    @Nullable String subject,
    String text,
    @Nullable String html,
    @Nullable Invitation invitation) {

  /** Prints nothing that belongs to a person. */
  @Override
  public String toString() {
    return "OutgoingMessage[" + id + "]";
  }
}
