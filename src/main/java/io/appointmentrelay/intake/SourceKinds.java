package io.appointmentrelay.intake;

import io.appointmentrelay.intake.canvas.CanvasReader;
import io.appointmentrelay.intake.fhir.PolledNotification;
import io.appointmentrelay.intake.redox.RedoxFhirReader;
import io.appointmentrelay.intake.redox.RedoxSchedulingReader;
import io.appointmentrelay.intake.reply.LinkReplyReader;
import io.appointmentrelay.intake.reply.SmsReplyReader;
import io.appointmentrelay.intake.subscription.SubscriptionReader;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The kinds of source that can be configured as {@code relay.source.<name>.kind}. */
public final class SourceKinds {

  /** FHIR subscriptions, the one kind that may sign what it sends. */
  private static final String FHIR_SUBSCRIPTION = "fhir-subscription";

  /** FHIR servers that tell nothing themselves: what is found there is read as polled. */
  public static final String FHIR_POLL = "fhir-poll";

  private static final NotificationReader POLLED = new PolledNotification();

  private static final Map<String, NotificationReader> READERS =
      new TreeMap<>(
          Map.of(
              "canvas",
              new CanvasReader(),
              FHIR_POLL,
              POLLED,
              FHIR_SUBSCRIPTION,
              new SubscriptionReader(),
              "redox-fhir",
              new RedoxFhirReader(),
              "redox-scheduling",
              new RedoxSchedulingReader()));

  private static final NotificationReader ANSWERED = new AnsweredNotification();

  /** What patients say; these are no senders that anybody configures. */
  public static final String SMS_REPLY = "sms-reply";

  public static final String LINK_REPLY = "link-reply";

  private static final Map<String, NotificationReader> OF_PATIENTS =
      Map.of(SMS_REPLY, new SmsReplyReader(), LINK_REPLY, new LinkReplyReader());

  /** Shipped, and off until a source of that name is configured. */
  private static final Set<String> OFF_BY_DEFAULT = Set.of(FHIR_POLL, FHIR_SUBSCRIPTION);

  private static final Set<String> CHALLENGING = Set.of("redox-fhir", "redox-scheduling");

  private SourceKinds() {}

  /** The reader of a kind, which may be shared by threads and sources. */
  public static NotificationReader reader(String kind) {
    NotificationReader reader = READERS.get(kind);
    if (reader == null) {
      throw new IllegalArgumentException(
          "The kind of a source is one of "
              + names()
              + "; found '"
              + kind
              + "'. Correct relay.source.<name>.kind.");
    }
    return reader;
  }

  /** The reader of these bytes: the kind's, or that of what the EHR itself answered. */
  public static NotificationReader reader(String kind, byte[] body) {
    if (kind.equals(AnsweredNotification.SOURCE)) {
      return ANSWERED;
    }
    NotificationReader ofPatients = OF_PATIENTS.get(kind);
    if (ofPatients != null) {
      return ofPatients;
    }
    return PolledNotification.is(body) ? POLLED : reader(kind);
  }

  /** All kinds, in alphabetical order. */
  public static Set<String> names() {
    return new TreeSet<>(READERS.keySet());
  }

  /** Whether sources of this kind verify an endpoint by a challenge before they send to it. */
  public static boolean answersChallenges(String kind) {
    return CHALLENGING.contains(kind);
  }

  /** Whether senders of this kind may sign a body in the place of showing a token. */
  public static boolean signs(String kind) {
    return kind.equals(FHIR_SUBSCRIPTION);
  }

  /** Whether sources of this kind are asked, and send nothing themselves. */
  public static boolean isPolled(String kind) {
    return kind.equals(FHIR_POLL);
  }

  /** Kinds whose shipped routes are in force only with a source of that name. */
  public static Set<String> offByDefault() {
    return OFF_BY_DEFAULT;
  }

  /** Whether senders of this kind number their events, so that one that is missed is noticed. */
  public static boolean numbersEvents(String kind) {
    return kind.equals(FHIR_SUBSCRIPTION);
  }
}
