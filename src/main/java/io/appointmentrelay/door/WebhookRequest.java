package io.appointmentrelay.door;

import org.jspecify.annotations.Nullable;

/**
 * A request at the public door: the body of a message in {@code routes/intake}. Of its headers only
 * the two that can hold a token are here; nothing else passes.
 *
 * @param source the last segment of the path
 * @param admitted the headers showed an accepted token
 */
public record WebhookRequest(
    String source,
    boolean isGet,
    boolean admitted,
    @Nullable String authorization,
    @Nullable String verificationToken,
    @Nullable String queryChallenge,
    @Nullable String queryToken,
    byte[] body) {

  /** Prints neither token nor body. */
  @Override
  public String toString() {
    return "WebhookRequest[" + source + ", " + body.length + " bytes]";
  }
}
