package io.appointmentrelay.intake.canvas;

import com.fasterxml.jackson.databind.JsonNode;
import io.appointmentrelay.intake.json.Json;
import io.appointmentrelay.intake.json.SafeText;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What a Canvas notification says happened.
 *
 * @param labels the flags that are true, in alphabetical order; of the plugin's format, which names
 *     one event, that one
 * @param plugin whether it is in the format of the appointment sync plugin
 */
record CanvasEvent(List<String> labels, boolean plugin) {

  /** What Canvas can say, in alphabetical order. */
  static final List<String> FLAGS =
      List.of("cancelled", "checked_in", "created", "no_show", "rescheduled", "reverted");

  static CanvasEvent of(JsonNode root) {
    String eventType = Json.text(root, "event_type");
    if (eventType != null) {
      String label = pluginLabel(eventType);
      return new CanvasEvent(label == null ? List.of() : List.of(label), true);
    }
    Set<String> labels = new TreeSet<>();
    for (String flag : FLAGS) {
      if (isTrue(root, flag)) {
        labels.add(flag);
      }
    }
    if (isTrue(root, "canceled")) {
      labels.add("cancelled");
    }
    return new CanvasEvent(List.copyOf(labels), false);
  }

  /** The one thing it says; null if it says nothing or several things. */
  @Nullable String label() {
    return labels.size() == 1 ? labels.get(0) : null;
  }

  /** Whether it is one of the events that speak of an appointment. */
  boolean isOfAppointment() {
    String label = label();
    return label != null && FLAGS.contains(label);
  }

  private static boolean isTrue(JsonNode root, String flag) {
    return Boolean.TRUE.equals(Json.flag(root.path(flag)));
  }

  private static @Nullable String pluginLabel(String eventType) {
    return switch (SafeText.letters(eventType)) {
      case "appointmentcreated" -> "created";
      case "appointmentrescheduled" -> "rescheduled";
      case "appointmentcanceled", "appointmentcancelled" -> "cancelled";
      case "appointmentreverted", "appointmentrestored" -> "reverted";
      case "appointmentnoshow", "appointmentnoshowed" -> "no_show";
      case "appointmentcheckedin" -> "checked_in";
      default -> otherLabel(eventType);
    };
  }

  /** Written so that it cannot be taken for a flag. */
  private static @Nullable String otherLabel(String eventType) {
    String label = SafeText.label(eventType);
    boolean looksLikeAFlag = label != null && FLAGS.contains(label.toLowerCase(Locale.ROOT));
    return looksLikeAFlag ? "event_type." + label : label;
  }
}
