package io.appointmentrelay.messaging;

import io.appointmentrelay.appointment.EventKind;
import io.appointmentrelay.appointment.PatientReply.Meaning;
import io.appointmentrelay.messaging.VisitModel.Difference;
import io.appointmentrelay.messaging.VisitModel.Kind;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One language's words for times and changes ({@code words.<language>.properties}): turns a visit
 * into the values that templates may use. A template sees these strings and nothing else of ours.
 */
final class Words {

  private static final Set<String> MODALITIES = Set.of("in-person", "video", "phone");

  /** What people can hear of. */
  static final Set<EventKind> NEWS =
      EnumSet.of(
          EventKind.BOOKED,
          EventKind.MODIFIED,
          EventKind.RESCHEDULED,
          EventKind.CANCELLED,
          EventKind.NO_SHOW,
          EventKind.RESTORED);

  private static final Set<String> KEYS = keys();

  private final Locale locale;
  private final Properties words;
  private final DateTimeFormatter start;
  private final DateTimeFormatter shortStart;
  private final DateTimeFormatter zoneName;

  private Words(Locale locale, Properties words) {
    this.locale = locale;
    this.words = words;
    this.start = DateTimeFormatter.ofPattern(word(words, "start"), locale);
    this.shortStart = DateTimeFormatter.ofPattern(word(words, "start.short"), locale);
    this.zoneName = DateTimeFormatter.ofPattern("vvvv", locale);
  }

  /** Reads the file's content; a problem is one sentence, without the name of the file. */
  static Words read(String language, String content) {
    Properties words = WordFile.read(content, KEYS);
    try {
      return new Words(Locale.forLanguageTag(language), words);
    } catch (IllegalArgumentException notAPattern) {
      throw new IllegalArgumentException(
          "expected patterns of java.time's DateTimeFormatter in start and start.short, found one"
              + " that is none; correct it",
          notAPattern);
    }
  }

  /** The values by the names that templates use; what is absent is the empty string. */
  Map<String, Object> of(VisitModel visit, @Nullable ReplyWords replies) {
    Map<String, Object> values = new HashMap<>();
    values.put("language", locale.toLanguageTag());
    values.put("name", orEmpty(visit.givenName()));
    values.put("clinic", visit.clinic().name());
    values.put("phone", orEmpty(visit.clinic().phone()));
    values.put("start", time(start, visit.start(), visit));
    values.put("startShort", time(shortStart, visit.start(), visit));
    values.put("oldStart", time(start, visit.oldStart(), visit));
    values.put("oldStartShort", time(shortStart, visit.oldStart(), visit));
    values.put("place", isAtAPlace(visit) ? orEmpty(visit.place()) : "");
    values.put("practitioner", orEmpty(visit.practitioner()));
    values.put("type", orEmpty(visit.type()));
    values.put("modality", orEmpty(visit.modality()));
    values.put("how", how(visit.modality()));
    values.put("link", "in-person".equals(visit.modality()) ? "" : orEmpty(visit.link()));
    values.put("questionnaire", orEmpty(visit.questionnaire()));
    VisitModel.ForStaff staff = visit.staff();
    values.put("appointment", staff == null ? "" : orEmpty(staff.appointment()));
    values.put("news", staff == null ? "" : news(staff.news(), replies));
    values.put("said", staff == null ? "" : orEmpty(staff.said()));
    values.putAll(answers(visit.reply(), replies));
    values.put("changes", changes(visit));
    values.put("changed", changed(visit));
    return Map.copyOf(values);
  }

  /** What a calendar calls a visit. */
  String visitTitle(VisitModel visit) {
    return word(words, "calendar.title").replace("{clinic}", visit.clinic().name());
  }

  /** Nobody should set out for the place that a video visit is booked under. */
  private static boolean isAtAPlace(VisitModel visit) {
    return !"video".equals(visit.modality()) && !"phone".equals(visit.modality());
  }

  private String time(DateTimeFormatter form, @Nullable Instant instant, VisitModel visit) {
    if (instant == null) {
      return "";
    }
    ZonedDateTime time = instant.atZone(visit.zone());
    String words = form.format(time);
    return livesByAnotherClock(visit.patientZone(), time)
        ? words + " (" + zoneName.format(time) + ")"
        : words;
  }

  /** Two zones that show the same time that day need no mention. */
  private static boolean livesByAnotherClock(@Nullable ZoneId home, ZonedDateTime time) {
    return home != null && !home.getRules().getOffset(time.toInstant()).equals(time.getOffset());
  }

  private List<Map<String, String>> changes(VisitModel visit) {
    return visit.differences().stream()
        .map(
            difference ->
                Map.of(
                    "what", word(words, "change." + difference.kind().word()),
                    "before", before(difference),
                    "after", after(difference.kind(), visit)))
        .toList();
  }

  private String changed(VisitModel visit) {
    return visit.differences().stream()
        .map(difference -> word(words, "changed." + difference.kind().word()))
        .collect(Collectors.joining(", "));
  }

  private String before(Difference difference) {
    return difference.kind() == Kind.MODALITY
        ? how(difference.before())
        : orEmpty(difference.before());
  }

  private String after(Kind kind, VisitModel visit) {
    return switch (kind) {
      case LOCATION -> orEmpty(visit.place());
      case PRACTITIONER -> orEmpty(visit.practitioner());
      case MODALITY -> how(visit.modality());
      case LINK -> orEmpty(visit.link());
    };
  }

  private String how(@Nullable String modality) {
    return modality != null && MODALITIES.contains(modality) ? word(words, "how." + modality) : "";
  }

  /** How to answer, while there is something to answer. */
  private static Map<String, String> answers(
      VisitModel.@Nullable Reply reply, @Nullable ReplyWords replies) {
    VisitModel.Reply open = reply != null && reply.isOffered() ? reply : null;
    boolean byText = open != null && open.byText();
    VisitModel.Links links = open == null ? null : open.links();
    boolean confirmed = reply != null && reply.answered() == EventKind.CONFIRMED;
    return Map.of(
        "confirmed", confirmed ? "yes" : "",
        "confirmWord", byText ? asked(replies, Meaning.CONFIRM) : "",
        "declineWord", byText ? asked(replies, Meaning.DECLINE) : "",
        "callWord", byText ? asked(replies, Meaning.CALL) : "",
        "confirmLink", links == null ? "" : links.confirm(),
        "cancelLink", links == null ? "" : links.decline(),
        "callLink", links == null ? "" : links.call());
  }

  private static String asked(@Nullable ReplyWords replies, Meaning meaning) {
    return replies == null ? "" : replies.asked(meaning);
  }

  private String news(@Nullable EventKind news, @Nullable ReplyWords replies) {
    if (news != null && news.isReply()) {
      return replies == null ? "" : replies.news(news);
    }
    return news != null && NEWS.contains(news) ? word(words, "news." + news.word()) : "";
  }

  private static String orEmpty(@Nullable String value) {
    return Objects.requireNonNullElse(value, "");
  }

  private static String word(Properties words, String key) {
    return Objects.requireNonNullElse(words.getProperty(key), "");
  }

  private static Set<String> keys() {
    Set<String> keys = new TreeSet<>(Set.of("start", "start.short", "calendar.title"));
    MODALITIES.forEach(modality -> keys.add("how." + modality));
    NEWS.forEach(news -> keys.add("news." + news.word()));
    for (Kind kind : Kind.values()) {
      keys.add("change." + kind.word());
      keys.add("changed." + kind.word());
    }
    return keys;
  }
}
