package io.appointmentrelay.sandbox;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One message as a make-believe end received it.
 *
 * @param number counts from 1 over all channels, in order of arrival
 * @param channel one of {@link #EMAIL}, {@link #SMS}, {@link #WEBHOOK}
 * @param from the sender as the end saw it; empty where the protocol names none
 * @param to one recipient; a message to several is several of these
 * @param text what a person would read, or a webhook's body
 * @param headers the few that tell a repetition from a new message
 * @param id what makes a repetition recognisable: Message-ID, the gateway's sid, webhook-id
 */
public record SandboxMessage(
    long number,
    Instant at,
    String channel,
    String from,
    String to,
    @Nullable String subject,
    String text,
    @Nullable String html,
    Map<String, String> headers,
    @Nullable String id) {

  public static final String EMAIL = "email";
  public static final String SMS = "sms";
  public static final String WEBHOOK = "webhook";

  public SandboxMessage {
    headers = Map.copyOf(headers);
  }
}
