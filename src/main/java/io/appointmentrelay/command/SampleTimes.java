package io.appointmentrelay.command;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/**
 * Moves a sample into the coming days. All visit times move by the same whole number of days, so
 * that those of one life stay consistent; the time of day and the way it is written stay as they
 * are, whatever the format, because only the date at the beginning is replaced. What the sender
 * stamps on each message becomes new, so that sending twice is not a duplicate.
 */
final class SampleTimes {

  /** How many days from today the first visit of a life is. */
  static final int DAYS_AHEAD = 3;

  private static final Pattern STARTS_WITH_DATE =
      Pattern.compile("\\d{4}-\\d{2}-\\d{2}(?!\\d).*", Pattern.DOTALL);
  private static final int DATE_LENGTH = "2016-08-01".length();

  /**
   * The names of the Data Model's and Canvas's visit times; no other field of theirs is called so.
   */
  private static final Set<String> STARTS =
      Set.of("VisitDateTime", "DateTime", "StartDateTime", "start_time");

  private static final Set<String> OTHER_TIMES = Set.of("OldDateTime", "end_time");

  /** FHIR's names: also a period's, as of a telephone number's validity, which must not move. */
  private static final Set<String> OF_AN_APPOINTMENT = Set.of("start", "end");

  private static final Set<String> SENT_AT =
      Set.of("timestamp", "EventDateTime", "valueInstant", "lastUpdated");
  private static final Set<String> SENT_AS = Set.of("ID", "AttemptID");

  private static final ObjectMapper JSON =
      new ObjectMapper().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);

  private final Clock clock;

  SampleTimes(Clock clock) {
    this.clock = clock;
  }

  /**
   * The sample with its times moved by as many days as bring the first visit of its life to {@value
   * #DAYS_AHEAD} days from today.
   *
   * @param life the samples that tell one story, this one among them
   */
  byte[] inComingDays(Sample sample, Collection<Sample> life) {
    LocalDate comingDay = LocalDate.now(clock).plusDays(DAYS_AHEAD);
    long days =
        life.stream()
            .flatMap(one -> firstVisitDay(read(one)).stream())
            .min(LocalDate::compareTo)
            .map(first -> ChronoUnit.DAYS.between(first, comingDay))
            .orElse(0L);
    JsonNode message = read(sample);
    moveVisits(message, days);
    renewStamps(message);
    return write(message);
  }

  private static Optional<LocalDate> firstVisitDay(JsonNode message) {
    List<LocalDate> days = new ArrayList<>();
    changeTexts(
        message,
        (holder, field) ->
            STARTS.contains(field) || (isAppointment(holder) && field.equals("start")),
        text -> {
          if (STARTS_WITH_DATE.matcher(text).matches()) {
            days.add(dateOf(text));
          }
          return text;
        });
    return days.stream().min(LocalDate::compareTo);
  }

  private static void moveVisits(JsonNode message, long days) {
    changeTexts(
        message,
        SampleTimes::isVisitTime,
        text ->
            STARTS_WITH_DATE.matcher(text).matches()
                ? dateOf(text).plusDays(days) + text.substring(DATE_LENGTH)
                : text);
  }

  private void renewStamps(JsonNode message) {
    String now = clock.instant().truncatedTo(ChronoUnit.MILLIS).toString();
    changeTexts(message, (holder, field) -> SENT_AT.contains(field), text -> now);
    changeTexts(
        message.path("Meta").path("Logs"),
        (holder, field) -> SENT_AS.contains(field),
        text -> UUID.randomUUID().toString());
  }

  private static boolean isVisitTime(ObjectNode holder, String field) {
    return STARTS.contains(field)
        || OTHER_TIMES.contains(field)
        || (isAppointment(holder) && OF_AN_APPOINTMENT.contains(field));
  }

  private static boolean isAppointment(ObjectNode holder) {
    return holder.path("resourceType").asText().equals("Appointment");
  }

  private static LocalDate dateOf(String text) {
    return LocalDate.parse(text.substring(0, DATE_LENGTH));
  }

  /** Replaces the texts, at any depth, that stand in the chosen fields. */
  private static void changeTexts(JsonNode node, FieldChoice choice, UnaryOperator<String> change) {
    if (node instanceof ObjectNode holder) {
      for (String field : fieldNames(holder)) {
        JsonNode value = holder.path(field);
        if (value.isTextual() && choice.includes(holder, field)) {
          holder.put(field, change.apply(value.textValue()));
        }
      }
    }
    node.forEach(child -> changeTexts(child, choice, change));
  }

  /** A copy, because a field of the holder may be replaced while walking. */
  private static List<String> fieldNames(ObjectNode holder) {
    List<String> names = new ArrayList<>();
    holder.fieldNames().forEachRemaining(names::add);
    return names;
  }

  private static JsonNode read(Sample sample) {
    try {
      return JSON.readTree(sample.body());
    } catch (IOException e) {
      throw new UncheckedIOException(sample.name(), e);
    }
  }

  private static byte[] write(JsonNode message) {
    try {
      return JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(message);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  private interface FieldChoice {
    boolean includes(ObjectNode holder, String field);
  }
}
