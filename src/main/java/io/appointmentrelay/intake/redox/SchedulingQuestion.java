package io.appointmentrelay.intake.redox;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.appointmentrelay.appointment.EhrQuestion;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Writes what Redox's Data Model is asked and told. */
public final class SchedulingQuestion {

  /** Asks for free slots. */
  public static final String AVAILABLE_SLOTS = "AvailableSlots";

  /** Asks for booked visits. */
  public static final String BOOKED = "Booked";

  private SchedulingQuestion() {}

  /**
   * A question as bytes.
   *
   * @param event {@link #AVAILABLE_SLOTS} or {@link #BOOKED}
   * @param from where to begin: later than the question's for what it has answered incompletely
   */
  public static byte[] of(
      String event, EhrQuestion question, Instant from, @Nullable String destination, Instant now) {
    ObjectNode message = message(event, destination, now);
    message.put("StartDateTime", from.toString());
    message.put("EndDateTime", question.to().toString());
    if (question.patient() != null) {
      message.putObject("Patient").withArray("Identifiers").add(named(question.patient()));
    }
    ObjectNode visit = message.putObject("Visit");
    if (question.provider() != null) {
      visit.withArray("AttendingProviders").add(named(question.provider()));
    }
    if (question.location() != null) {
      ObjectNode location = JsonNodeFactory.instance.objectNode();
      location.put("Department", question.location());
      if (event.equals(AVAILABLE_SLOTS)) {
        visit.withArray("Locations").add(location);
      } else {
        visit.set("Location", location);
      }
    }
    return message.toString().getBytes(StandardCharsets.UTF_8);
  }

  static ObjectNode message(String event, @Nullable String destination, Instant now) {
    ObjectNode message = JsonNodeFactory.instance.objectNode();
    ObjectNode meta = message.putObject("Meta");
    meta.put("DataModel", "Scheduling").put("EventType", event);
    meta.put("EventDateTime", now.toString()).put("Test", false);
    if (destination != null) {
      meta.withArray("Destinations").addObject().put("ID", destination);
    }
    return message;
  }

  static ObjectNode named(String reference) {
    int bar = reference.indexOf('|');
    ObjectNode named = JsonNodeFactory.instance.objectNode();
    named.put("ID", reference.substring(bar + 1));
    if (bar > 0) {
      named.put("IDType", reference.substring(0, bar));
    }
    return named;
  }
}
