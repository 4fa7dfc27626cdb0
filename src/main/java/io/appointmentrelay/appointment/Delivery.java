package io.appointmentrelay.appointment;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One planned message and where it stands.
 *
 * @param event what happened when it was planned
 * @param root the first appointment of the chain, by which "what was told" and "already sent" go
 * @param planned when it was first due, before any deferral
 * @param due when it is due now
 * @param quietFor how long quiet hours have held it back, in milliseconds
 * @param attempts how often it was handed to its channel
 * @param failures how many of those failures were its own, and so count
 * @param fence raised by every claim, so that a late answer of an earlier claim changes nothing
 */
public record Delivery(
    long id,
    String group,
    String appointment,
    String root,
    int version,
    EventKind event,
    String channel,
    Audience audience,
    Nature nature,
    @Nullable String text,
    @Nullable String offset,
    @Nullable Instant start,
    Instant planned,
    Instant due,
    long quietFor,
    int attempts,
    int failures,
    long fence,
    @Nullable String payload) {

  /**
   * Deliveries of one lane are sent one after another: those to one audience of one appointment's
   * root on one channel.
   */
  public String lane() {
    return channel + '\n' + audience + '\n' + group + '\n' + root;
  }
}
