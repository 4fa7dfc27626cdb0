package io.appointmentrelay.intake.redox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.appointmentrelay.appointment.SlotsNotice.Asked;
import io.appointmentrelay.intake.fhir.Identifier;
import io.appointmentrelay.intake.fhir.LenientTime;
import io.appointmentrelay.intake.json.Json;
import io.appointmentrelay.intake.json.SafeText;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What Redox answered to a question, taken apart: AvailableSlotsResponse, BookedResponse, or
 * Meta.Errors. Knows how each item becomes a notification of our own.
 */
public final class SchedulingAnswer {

  private static final List<String> LISTS = List.of("AvailableSlots", "Slots", "Visits");

  private final JsonNode root;

  private SchedulingAnswer(JsonNode root) {
    this.root = root;
  }

  /** The answer; null if it is no JSON object. */
  public static @Nullable SchedulingAnswer of(byte[] body) {
    JsonNode root = Json.object(body);
    return root == null ? null : new SchedulingAnswer(root);
  }

  /**
   * What Redox objects to, by type, module and id; null if to nothing. Its own text may quote what
   * was asked.
   */
  public @Nullable String errors() {
    Set<String> errors =
        stream(root.path("Meta").path("Errors"))
            .map(
                error ->
                    label(error, "Type")
                        + " in "
                        + label(error, "Module")
                        + ", id "
                        + label(error, "ID"))
            .limit(5)
            .collect(Collectors.toCollection(java.util.LinkedHashSet::new));
    return errors.isEmpty() ? null : String.join("; ", errors);
  }

  private static String label(JsonNode error, String field) {
    String said = Json.text(error, field);
    String label = said == null ? null : SafeText.label(said);
    return label == null ? "unsaid" : label;
  }

  private static java.util.stream.Stream<JsonNode> stream(JsonNode list) {
    return java.util.stream.StreamSupport.stream(Json.items(list).spliterator(), false);
  }

  /** Whether there is a list at all, be it empty. */
  public boolean hasList() {
    return LISTS.stream().anyMatch(name -> root.path(name).isArray());
  }

  /** Whether Redox has more than it gave. */
  public boolean isIncomplete() {
    return Boolean.TRUE.equals(Json.flag(root.path("Meta").path("IsIncomplete")));
  }

  /** The slots or visits, as they came. */
  public List<JsonNode> items() {
    List<JsonNode> items = new ArrayList<>();
    for (String name : LISTS) {
      Json.items(root.path(name)).forEach(items::add);
    }
    return items;
  }

  /** When a slot or visit begins; null if it does not say so readably. */
  public static @Nullable Instant start(JsonNode item, ZoneId zone) {
    String said = Json.text(item, "DateTime");
    return LenientTime.instant(said != null ? said : Json.text(item, "VisitDateTime"), zone);
  }

  /** What tells one item from another over several pages. */
  public static String key(JsonNode item) {
    String number = visitNumber(item);
    return number != null ? "visit " + number : item.toString();
  }

  /** A visit's number; null if it has none. */
  public static @Nullable String visitNumber(JsonNode visit) {
    Identifier number = Identifier.of(null, Json.text(visit, "VisitNumber"));
    return number == null ? null : number.value();
  }

  /** Slots that were asked for as a notification of our own, which takes the place of what was. */
  public static byte[] notification(Asked asked, List<JsonNode> slots, Instant now) {
    ObjectNode message = SchedulingQuestion.message(SchedulingMessage.PUSH_SLOTS, null, now);
    ObjectNode range = ((ObjectNode) message.path("Meta")).putObject(SchedulingSlots.ASKED);
    range.put("From", asked.from().toString()).put("To", asked.to().toString());
    if (asked.provider() != null) {
      range.put("Provider", asked.provider());
    }
    message.putArray("Slots").addAll(slots);
    return message.toString().getBytes(StandardCharsets.UTF_8);
  }

  /**
   * A visit that was asked for as a notification of our own. Two of the same answer to what is
   * known at the same revision are equal.
   *
   * @param revision of what is known of it; 0: nothing is
   */
  public byte[] notification(JsonNode visit, int revision) {
    ObjectNode message = JsonNodeFactory.instance.objectNode();
    ObjectNode meta = message.putObject("Meta");
    meta.put("DataModel", "Scheduling").put("EventType", SchedulingMessage.POLLED);
    meta.set("Test", root.path("Meta").path("Test"));
    meta.put("Revision", revision);
    JsonNode patient =
        visit.path("Patient").isObject() ? visit.path("Patient") : root.path("Patient");
    if (patient.isObject()) {
      message.set("Patient", patient);
    }
    message.set("Visit", visit);
    return message.toString().getBytes(StandardCharsets.UTF_8);
  }
}
