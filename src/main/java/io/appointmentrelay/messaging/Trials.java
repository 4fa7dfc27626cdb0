package io.appointmentrelay.messaging;

import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What texts say for the sample visits while they are loaded. A text says the same wherever the
 * values are the same that it has read, so it is rendered for those alone that make a difference: a
 * tenth of all, and loading texts is a good part of a start.
 */
final class Trials {

  /** A visit, and the same with something left out of it. */
  record Less(VisitModel whole, VisitModel less) {}

  /** After which values a text reads which one next, and what it says in the end. */
  private static final class Reading {
    private final Map<Object, Reading> byValue = new HashMap<>();
    private @Nullable String name;
    private @Nullable String said;

    @Nullable String said(Map<String, Object> values) {
      Reading at = this;
      while (at != null && at.said == null) {
        at = at.name == null ? null : at.byValue.get(ValuesRead.of(values, at.name));
      }
      return at == null ? null : at.said;
    }

    void remember(Map<String, Object> read, String text) {
      Reading at = this;
      for (Map.Entry<String, Object> one : read.entrySet()) {
        if (at.said != null || (at.name != null && !at.name.equals(one.getKey()))) {
          return;
        }
        at.name = one.getKey();
        at = at.byValue.computeIfAbsent(one.getValue(), first -> new Reading());
      }
      if (at.name == null) {
        at.said = text;
      }
    }
  }

  private final CompiledTexts texts;
  private final List<VisitModel> visits = SampleVisits.all();
  private final Map<Phi, List<Less>> told = new HashMap<>();
  private final List<Less> unanswerable =
      visits.stream()
          .filter(visit -> visit.reply() != null && visit.reply().isOffered())
          .map(visit -> new Less(visit, visit.withReply(null)))
          .toList();
  // These visits are the same objects throughout: to compare them by value would cost more than it
  // saves.
  private final Map<String, Map<VisitModel, Map<String, Object>>> values = new HashMap<>();
  private final Map<String, Reading> readings = new HashMap<>();

  Trials(CompiledTexts texts) {
    this.texts = texts;
  }

  List<VisitModel> visits() {
    return visits;
  }

  /** What a text says for one of the visits here. */
  String render(TextFile file, VisitModel visit) {
    Map<String, Object> all =
        values
            .computeIfAbsent(file.language(), language -> new IdentityHashMap<>())
            .computeIfAbsent(visit, first -> texts.values(file.language(), visit));
    Reading reading = readings.computeIfAbsent(file.key(), first -> new Reading());
    String known = reading.said(all);
    if (known != null) {
      return known;
    }
    ValuesRead noted = new ValuesRead(all);
    String text = texts.render(file, noted);
    reading.remember(noted.read(), text);
    return text;
  }

  /** Whether a text says anything above a tier. */
  boolean tells(TextFile file, Phi tier) {
    return told.computeIfAbsent(tier, this::less).stream().anyMatch(pair -> differ(file, pair));
  }

  private List<Less> less(Phi tier) {
    return visits.stream()
        .map(visit -> new Less(visit, visit.atMost(tier)))
        .filter(pair -> !pair.whole().equals(pair.less()))
        .toList();
  }

  /** Whether a text has other words for who can answer. */
  boolean asks(TextFile file) {
    return unanswerable.stream().anyMatch(pair -> differ(file, pair));
  }

  private boolean differ(TextFile file, Less pair) {
    return !render(file, pair.whole()).equals(render(file, pair.less()));
  }

  /** All that a text says. */
  Stream<String> said(TextFile file) {
    return visits.stream().map(visit -> render(file, visit)).distinct();
  }
}
