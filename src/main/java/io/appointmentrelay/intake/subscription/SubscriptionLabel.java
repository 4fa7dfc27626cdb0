package io.appointmentrelay.intake.subscription;

import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the route of a subscription's source calls what it is told. */
public final class SubscriptionLabel {

  /** Something happened, and it is not said to what. */
  public static final String UNNAMED = "something-changed";

  /** A search found it. */
  public static final String FOUND = "found";

  static final String CHANGED = "changed";
  static final String DELETED = "deleted";
  static final String OTHER_TYPE = "of-another-resource-type";
  private static final String UNKNOWN_KIND = "of-an-unknown-kind";
  private static final Set<String> WITHOUT_EVENTS =
      Set.of("handshake", "heartbeat", "query-status");

  private static final String DIALECT = "appointment.";

  /** The events of athenahealth's topics, {@code Appointment.<event>}. */
  private static final Set<String> OF_TOPICS =
      Set.of(
          "schedule",
          "reschedule",
          "update",
          "cancel",
          "check-in",
          "check-out",
          "freeze",
          "unfreeze");

  private SubscriptionLabel() {}

  /** Of an event of this topic, which may be a canonical URL with a version. */
  static String of(@Nullable String topic) {
    String name = topic == null ? "" : topic.substring(topic.lastIndexOf('/') + 1);
    int bar = name.indexOf('|');
    String word = (bar < 0 ? name : name.substring(0, bar)).toLowerCase(Locale.ROOT);
    String event = word.startsWith(DIALECT) ? word.substring(DIALECT.length()) : "";
    return OF_TOPICS.contains(event) ? event : CHANGED;
  }

  /** Of a bundle that tells no event. */
  static String ofType(@Nullable String type) {
    return type != null && WITHOUT_EVENTS.contains(type) ? type : UNKNOWN_KIND;
  }
}
