package io.appointmentrelay.intake.subscription;

import com.fasterxml.jackson.databind.JsonNode;
import io.appointmentrelay.appointment.EventNumber;
import io.appointmentrelay.intake.fhir.BundleIndex;
import io.appointmentrelay.intake.fhir.Identifier;
import io.appointmentrelay.intake.json.Json;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One thing that a notification speaks of: an appointment by name, an appointment as a resource, or
 * nothing that is named.
 *
 * @param appointment the Appointment, if it was sent along
 * @param name what it is called; absent if it is not said or is no appointment
 * @param event the event of a subscription that tells of it
 * @param deleted the server no longer has it
 * @param numbers its place in the subscription's life
 */
record Subject(
    String label,
    JsonNode root,
    @Nullable JsonNode appointment,
    @Nullable Identifier name,
    @Nullable SubscriptionEvent event,
    boolean deleted,
    @Nullable String deduplicationKey,
    List<EventNumber> numbers) {

  /** Each is read for itself from the whole body. */
  static final int MOST = 500;

  /** Everything the notification speaks of, in its order; none if it is none of ours. */
  static List<Subject> in(JsonNode root) {
    if ("Appointment".equals(Json.text(root, "resourceType"))) {
      return List.of(lone(root, root, SubscriptionLabel.CHANGED, null));
    }
    if (!"Bundle".equals(Json.text(root, "resourceType"))) {
      return List.of();
    }
    JsonNode found = FoundAppointment.in(root);
    if (found != null) {
      return List.of(lone(found, root, SubscriptionLabel.FOUND, Json.text(root, "id")));
    }
    SubscriptionBundle bundle = SubscriptionBundle.of(root);
    if (bundle == null) {
      return List.of();
    }
    return bundle.tellsEvents() ? events(bundle) : List.of(nothing(bundle));
  }

  /** Whether it says that something changed, and not what. */
  boolean isUnnamed() {
    return label.equals(SubscriptionLabel.UNNAMED);
  }

  /** Whether it is, or should be, an appointment. */
  boolean isAppointment() {
    return appointment != null || event != null;
  }

  BundleIndex index() {
    return new BundleIndex(root);
  }

  private static Subject nothing(SubscriptionBundle bundle) {
    String label = SubscriptionLabel.ofType(bundle.type());
    return new Subject(
        label, bundle.root(), null, null, null, false, null, Numbers.ofNoEvent(bundle));
  }

  /** A version of a resource is told once; one that does not say which it is may mean it. */
  private static Subject lone(
      JsonNode appointment, JsonNode root, String label, @Nullable String finding) {
    Identifier name = AppointmentName.of(appointment);
    JsonNode meta = appointment.path("meta");
    String updated = Json.text(meta, "lastUpdated");
    String version = updated == null ? finding : updated + ' ' + Json.text(meta, "versionId");
    boolean isKnown = name != null && version != null;
    String key = isKnown ? "version " + Json.text(appointment, "id") + ' ' + version : null;
    return new Subject(label, root, appointment, name, null, false, key, List.of());
  }

  private static List<Subject> events(SubscriptionBundle bundle) {
    List<Subject> subjects = new ArrayList<>();
    SentEntries sent = new SentEntries(bundle.root());
    List<List<EventNumber>> numbers = Numbers.ofEvents(bundle);
    List<EventNumber> ofUnnamed = new ArrayList<>();
    boolean isUnnamed = bundle.events().isEmpty();
    for (int i = 0; i < bundle.events().size(); i++) {
      SubscriptionEvent event = bundle.events().get(i);
      if (event.isEmpty()) {
        isUnnamed = true;
        ofUnnamed.addAll(numbers.get(i));
      } else {
        subjects.add(event(bundle, event, sent.next(event), numbers.get(i)));
      }
    }
    if (isUnnamed) {
      // One search finds what all of them mean.
      subjects.add(
          new Subject(
              SubscriptionLabel.UNNAMED,
              bundle.root(),
              null,
              null,
              null,
              false,
              null,
              List.copyOf(ofUnnamed)));
    }
    return subjects;
  }

  private static Subject event(
      SubscriptionBundle bundle,
      SubscriptionEvent event,
      JsonNode entry,
      List<EventNumber> numbers) {
    JsonNode resource = entry.path("resource");
    boolean isSent = "Appointment".equals(Json.text(resource, "resourceType"));
    if (!isSent && event.isOfAnotherType()) {
      return new Subject(
          SubscriptionLabel.OTHER_TYPE, bundle.root(), null, null, null, false, null, numbers);
    }
    boolean deleted = "DELETE".equals(Json.text(entry.path("request"), "method"));
    Identifier own = isSent ? AppointmentName.of(resource) : null;
    return new Subject(
        deleted ? SubscriptionLabel.DELETED : SubscriptionLabel.of(bundle.topic()),
        bundle.root(),
        isSent ? resource : null,
        own != null ? own : event.name(),
        event,
        deleted,
        key(bundle, event),
        numbers);
  }

  /**
   * An event has one number and one time in the life of a subscription, in whatever bundle it comes
   * again. Without both only the same bundle is a repeat; the same bytes may be meant twice.
   */
  private static @Nullable String key(SubscriptionBundle bundle, SubscriptionEvent event) {
    String focus = event.reference() + ' ' + Json.text(event.focus().path("identifier"), "value");
    if (event.number() != null && event.timestamp() != null) {
      return "event "
          + bundle.subscription()
          + ' '
          + event.number()
          + ' '
          + event.timestamp()
          + ' '
          + focus;
    }
    String id = Json.text(bundle.root(), "id");
    String timestamp = Json.text(bundle.root(), "timestamp");
    boolean isNamed = id != null && timestamp != null;
    return isNamed ? "bundle " + id + ' ' + timestamp + ' ' + event.number() + ' ' + focus : null;
  }
}
