package io.appointmentrelay.proof;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.appointmentrelay.appointment.Delivery;
import io.appointmentrelay.appointment.Nature;
import io.appointmentrelay.appointment.Why;
import io.appointmentrelay.messaging.Invitation;
import io.appointmentrelay.outbox.OutgoingMessage;
import io.appointmentrelay.store.ConsoleReads;
import io.appointmentrelay.store.ConsoleReads.TimelineEntry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Writes a life down as it is lived, in Markdown: step by step what happened, every message as it
 * left, and what came of the others. The same life makes the same transcript: the calendar's UID,
 * which no two installations share, is numbered.
 */
final class Transcript {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern UID = Pattern.compile("UID:[0-9a-f-]{36}@");

  /** As much of a paragraph as fits into a line. */
  private static final Pattern LINE = Pattern.compile("(.{1,125})(?: |$)");

  /** Whose webhook is shown as sent; others are a line. */
  private static final Set<Integer> IN_FULL = Set.of(1, 7);

  private final ZoneId zone;
  private final Supplier<Instant> clock;
  private final StringBuilder text = new StringBuilder();
  private final Map<Long, ConsoleReads.Delivery> known = new HashMap<>();
  private final List<String> uids = new ArrayList<>();
  private List<String> lastCalendar = List.of();
  private LocalDate day;
  private int step;
  private String happened;
  private boolean systemsHeard;
  private boolean peopleHeard;

  Transcript(ZoneId zone, Supplier<Instant> clock) {
    this.zone = zone;
    this.clock = clock;
  }

  /** Something happens now. */
  void begins(String what) {
    step++;
    happened = null;
    systemsHeard = false;
    peopleHeard = false;
    day = LocalDate.ofInstant(clock.get(), zone);
    paragraph("## " + step + ". " + shown("EEEE, d MMMM, ", clock.get()) + hour(clock.get()));
    paragraph(what);
  }

  void turnsOutToBe(TimelineEntry entry) {
    happened = entry.event();
    paragraph("It is **" + happened + "**.");
  }

  /** A message leaves now. */
  void leaves(Delivery delivery, OutgoingMessage message) {
    if (delivery.nature() == Nature.EVENT) {
      systemsHeard = true;
      webhook(message.text());
      return;
    }
    peopleHeard = true;
    boolean email = delivery.channel().equals("email");
    paragraph(
        (email ? "**E-mail** to " : "**SMS** to ")
            + message.recipient()
            + ", "
            + time(clock.get())
            + (delivery.quietFor() > 0 ? ", held back by quiet hours" : "")
            + ":");
    block("", (email ? "Subject: " + message.subject() + "\n\n" : "") + message.text());
    if (message.invitation() != null) {
      calendar(message.invitation());
    }
  }

  private void webhook(String json) {
    if (IN_FULL.contains(step)) {
      paragraph("**Webhook**, " + time(clock.get()) + ":");
      block("json", json);
      return;
    }
    try {
      JsonNode event = JSON.readTree(json);
      List<String> says = new ArrayList<>();
      JsonNode appointment = event.at("/data/appointment");
      says.add(
          appointment.path("identifier").asText()
              + " version "
              + appointment.path("version").asText());
      for (JsonNode change : event.at("/data/changes")) {
        says.add(
            String.join(
                " ",
                "`" + change.path("field").asText() + "`",
                change.path("before").asText(),
                "→",
                change.path("after").asText()));
      }
      paragraph(
          String.format(
              "**Webhook**, %s: `%s`, %s",
              time(clock.get()), event.path("type").asText(), String.join("; ", says)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void calendar(Invitation invitation) {
    List<String> lines = numbered(invitation.calendar()).lines().toList();
    Set<String> before = new HashSet<>(lastCalendar);
    List<String> differs = lines.stream().filter(line -> !before.contains(line)).toList();
    boolean sameForm = before.contains("METHOD:" + invitation.method());
    lastCalendar = lines;
    paragraph(
        "Its calendar part, `text/calendar; method="
            + invitation.method()
            + "`"
            + (sameForm ? ", the one before but for:" : ":"));
    block("", String.join("\n", sameForm ? differs : lines));
  }

  private String numbered(String calendar) {
    Matcher uid = UID.matcher(calendar);
    if (!uid.find()) {
      throw new IllegalStateException("A calendar entry has a UID");
    }
    if (!uids.contains(uid.group())) {
      uids.add(uid.group());
    }
    return uid.replaceFirst("UID:visit-" + (uids.indexOf(uid.group()) + 1) + "@");
  }

  /** What came of the rest, before the next thing happens. */
  void ends(ConsoleReads reads, List<ConsoleReads.Delivery> all) {
    if (!systemsHeard && !peopleHeard) {
      String because = happened == null ? "." : ": it is " + happened + ".";
      paragraph("Nobody is told anything" + because);
    } else if (!peopleHeard) {
      paragraph("Nobody but the clinic's own system is told anything.");
    }
    lines("Not sent", changedTo("suppressed", all), each -> named(each) + ": " + why(reads, each));
    lines("Superseded", changedTo("superseded", all), Transcript::named);
    lines("Planned", changedTo("planned", all), each -> named(each) + " " + moment(each.due()));
    all.forEach(each -> known.put(each.id(), each));
  }

  private List<ConsoleReads.Delivery> changedTo(String status, List<ConsoleReads.Delivery> all) {
    return all.stream()
        .filter(each -> each.status().equals(status))
        .filter(each -> !known.containsKey(each.id()) || !isKnownAs(status, each))
        .toList();
  }

  private boolean isKnownAs(String status, ConsoleReads.Delivery each) {
    return known.get(each.id()).status().equals(status);
  }

  private void lines(
      String title,
      List<ConsoleReads.Delivery> deliveries,
      Function<ConsoleReads.Delivery, String> line) {
    if (!deliveries.isEmpty()) {
      Map<String, Long> counted =
          deliveries.stream()
              .collect(Collectors.groupingBy(line, LinkedHashMap::new, Collectors.counting()));
      paragraph(
          counted.entrySet().stream()
              .map(each -> (each.getValue() > 1 ? each.getValue() + " × " : "") + each.getKey())
              .collect(Collectors.joining("; ", title + ": ", ".")));
    }
  }

  private static String named(ConsoleReads.Delivery delivery) {
    String channel = delivery.channel().equals("email") ? "e-mail" : "SMS";
    return channel + " `" + delivery.text() + "`";
  }

  private static String why(ConsoleReads reads, ConsoleReads.Delivery delivery) {
    List<Why> why = reads.delivery(delivery.id()).orElseThrow().why();
    Why last = why.get(why.size() - 1);
    return last.verdict() + (last.detail().isEmpty() ? "" : " (" + last.detail() + ")");
  }

  /** Everything that was ever planned, and what became of it. */
  void table(List<ConsoleReads.Delivery> all) {
    paragraph("## Every delivery");
    paragraph("As `GET /api/deliveries` has them, the first one first, by the clinic's clock:");
    text.append("| id | appointment | version | channel | text | due | status | reason | sent |\n");
    text.append("|---:|---|---:|---|---|---|---|---|---|\n");
    for (ConsoleReads.Delivery each : all) {
      text.append(
          Arrays.asList(
                  String.valueOf(each.id()),
                  each.appointment(),
                  String.valueOf(each.appointmentVersion()),
                  each.channel(),
                  each.text() == null ? "(event)" : each.text(),
                  shown("d MMM HH:mm:ss", each.due()),
                  each.status(),
                  each.reason() == null ? "" : each.reason(),
                  each.sentAt() == null ? "" : shown("d MMM HH:mm:ss", each.sentAt()))
              .stream()
              .collect(Collectors.joining(" | ", "| ", " |\n")));
    }
    text.append('\n');
  }

  void paragraph(String words) {
    text.append(LINE.matcher(words).replaceAll("$1\n")).append('\n');
  }

  void block(String language, String content) {
    text.append("```" + language + "\n" + content.strip() + "\n```\n\n");
  }

  private String time(Instant at) {
    boolean today = LocalDate.ofInstant(at, zone).equals(day);
    return today ? hour(at) : moment(at);
  }

  /** Seconds are shown where there are any. */
  private String hour(Instant at) {
    return shown(at.getEpochSecond() % 60 == 0 ? "h:mm a" : "h:mm:ss a", at);
  }

  private String moment(Instant at) {
    return shown("EEE d MMM, ", at) + hour(at);
  }

  private String shown(String pattern, Instant at) {
    return DateTimeFormatter.ofPattern(pattern, Locale.US).format(at.atZone(zone));
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
