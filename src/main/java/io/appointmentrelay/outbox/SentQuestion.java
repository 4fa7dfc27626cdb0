package io.appointmentrelay.outbox;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import org.apache.commons.codec.digest.DigestUtils;

/**
 * Whether a carrier has taken a message: the body of a message to a channel's {@code wasSent}
 * route, which answers with the carrier's ids of the messages that {@link #isAbout match}.
 *
 * @param key the message's key, the same for all its attempts
 * @param to to whom it was
 * @param digest of what it was, as {@link #digest} makes it
 * @param since not before this it was handed over
 */
public record SentQuestion(String key, String to, String digest, Instant since) {

  /** Clocks differ. */
  private static final Duration SLACK = Duration.ofMinutes(10);

  /** What a message is known by later; two messages of one content differ by their key. */
  static String digest(String key, String to, String text) {
    return DigestUtils.sha256Hex(key + '\n' + to + '\n' + text.strip());
  }

  /** Whether a message that the carrier has is the one asked for. */
  public boolean isAbout(String recipient, String text) {
    return digest(key, recipient, text).equals(digest);
  }

  /** The recipient, for a query. */
  public String getEncodedTo() {
    return URLEncoder.encode(to, StandardCharsets.UTF_8);
  }

  /** The first day to look at, in UTC. */
  public LocalDate getDay() {
    return since.minus(SLACK).atOffset(ZoneOffset.UTC).toLocalDate();
  }

  /** Prints nothing that belongs to a person. */
  @Override
  public String toString() {
    return "SentQuestion[" + key + "]";
  }
}
