package io.appointmentrelay.settings;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How often and how long apart something is tried again, written {@code 8 attempts, 1s..10m}.
 *
 * @param attempts after so many counted failures it is given up
 * @param first the delay after the first failure; each further one is three times as long
 * @param longest no delay is longer
 */
public record RetryPolicy(int attempts, Duration first, Duration longest) {

  private static final Pattern FORM =
      Pattern.compile("(\\d{1,4}) attempts, (\\d{1,6})(ms|s|m|h)\\.\\.(\\d{1,6})(ms|s|m|h)");
  private static final double JITTER = 0.2;

  /** Reads the written form; throws IllegalArgumentException with a sentence for anything else. */
  public static RetryPolicy of(String written) {
    Matcher matcher = FORM.matcher(written.trim());
    if (!matcher.matches()) {
      throw notUnderstood(written);
    }
    RetryPolicy policy =
        new RetryPolicy(
            Integer.parseInt(matcher.group(1)),
            duration(matcher.group(2), matcher.group(3)),
            duration(matcher.group(4), matcher.group(5)));
    boolean delaysRise = !policy.first.isZero() && policy.first.compareTo(policy.longest) <= 0;
    if (policy.attempts == 0 || !delaysRise) {
      throw notUnderstood(written);
    }
    return policy;
  }

  private static IllegalArgumentException notUnderstood(String written) {
    return new IllegalArgumentException(
        "expected something like '8 attempts, 1s..10m' (at least 1 attempt, the first delay not"
            + " the longer one; units ms, s, m, h), found '"
            + written
            + "'");
  }

  private static Duration duration(String number, String unit) {
    long n = Long.parseLong(number);
    return switch (unit) {
      case "ms" -> Duration.ofMillis(n);
      case "s" -> Duration.ofSeconds(n);
      case "m" -> Duration.ofMinutes(n);
      default -> Duration.ofHours(n);
    };
  }

  /** The delay after the given number of failures in a row (from 1), give or take a fifth. */
  public Duration delayAfter(int failures) {
    double plain = first.toMillis() * Math.pow(3, Math.max(0, failures - 1));
    double bounded = Math.min(plain, (double) longest.toMillis());
    double jitter = 1 + ThreadLocalRandom.current().nextDouble(-JITTER, JITTER);
    return Duration.ofMillis(Math.max(1, (long) (bounded * jitter)));
  }
}
