package io.appointmentrelay.messaging;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What each text tells of a person against what its channel may carry. A mark <code>{# phi: none #}
 * </code> in a text says how much it tells; every text is tried against its mark, because a piece
 * it includes may tell more. Only a mark makes a text free of it: words of its own may tell what no
 * value does.
 */
final class PhiTiers {

  /** The text that takes the place of any other, where that has no twin of its own. */
  static final String TWIN_OF_ALL = "phi-free";

  private static final Pattern MARK = Pattern.compile("\\{#-?\\s*phi:\\s*(.*?)\\s*-?#}");

  private final CompiledTexts texts;
  private final Trials trials;
  private final Map<String, String> contents;
  private final Map<String, Phi> limits;
  private final List<String> problems;
  private final Map<String, Phi> tiers = new HashMap<>();

  /**
   * Measures all texts.
   *
   * @param contents by file name
   * @param limits what channels may carry; those not named may carry all
   * @param problems takes what is wrong with marks and twins
   */
  PhiTiers(
      CompiledTexts texts,
      Trials trials,
      Map<String, String> contents,
      Map<String, Phi> limits,
      List<String> problems) {
    this.texts = texts;
    this.trials = trials;
    this.contents = contents;
    this.limits = Map.copyOf(limits);
    this.problems = problems;
    texts.files().stream()
        .filter(file -> !file.isHtml())
        .forEach(file -> tiers.put(file.key(), tier(file)));
    texts.files().stream().filter(file -> !file.isHtml()).forEach(this::checkTwin);
  }

  Phi of(TextFile file) {
    return Objects.requireNonNullElse(tiers.get(file.key()), Phi.FULL);
  }

  boolean isTooMuch(TextFile file) {
    return of(file).isMoreThan(limit(file));
  }

  /** The name of the text that is said in the place of one that tells too much. */
  String twin(TextFile file) {
    return hasEnglish(ownTwin(file), file) ? ownTwin(file) : twinOfAll(file);
  }

  private Phi limit(TextFile file) {
    return limits.getOrDefault(file.channel(), Phi.FULL);
  }

  /** Staff are not to be told that the clinic has a message for them as patients are. */
  private static String twinOfAll(TextFile file) {
    return file.text().startsWith(Texts.FOR_STAFF) ? Texts.FOR_STAFF + TWIN_OF_ALL : TWIN_OF_ALL;
  }

  private static String ownTwin(TextFile file) {
    return file.text() + "-" + TWIN_OF_ALL;
  }

  private boolean hasEnglish(String text, TextFile like) {
    return texts.has(english(text, like));
  }

  private static String english(String text, TextFile like) {
    return TextFile.key(text, CompiledTexts.DEFAULT_LANGUAGE, like.channel(), "txt");
  }

  private Phi tier(TextFile file) {
    Phi mark = mark(file);
    Phi tells = tells(file, Phi.VISIT) ? Phi.FULL : Phi.VISIT;
    if (mark == null) {
      return tells;
    }
    if (mark != Phi.FULL && tells(file, mark)) {
      problems.add(
          file.name()
              + ": expected a text marked phi: "
              + mark.word()
              + " to tell no more, found values in it, its HTML or a piece it includes that do; leave"
              + " them out, or mark it higher.");
    }
    return mark;
  }

  private @Nullable Phi mark(TextFile file) {
    Matcher mark = MARK.matcher(Objects.requireNonNullElse(contents.get(file.name()), ""));
    if (!mark.find()) {
      return null;
    }
    Optional<Phi> said = Phi.of(mark.group(1));
    if (said.isEmpty()) {
      problems.add(
          file.name() + ": expected phi: none, visit or full, found another word; correct it.");
    }
    return said.orElse(Phi.FULL);
  }

  /** Whether a text, or its HTML, changes with anything above a tier. */
  private boolean tells(TextFile file, Phi tier) {
    return trials.tells(file, tier)
        || texts.file(file.as("html")).filter(html -> trials.tells(html, tier)).isPresent();
  }

  private void checkTwin(TextFile file) {
    boolean isTwin = file.text().equals(TWIN_OF_ALL) || file.text().endsWith("-" + TWIN_OF_ALL);
    if (isTwin && of(file) != Phi.NONE) {
      problems.add(
          file.name()
              + ": expected the mark {# phi: none #} in a text of this name, found none or another;"
              + " add it, or rename the text.");
    } else if (isTooMuch(file) && !hasEnglish(twin(file), file)) {
      problems.add(
          file.name()
              + ": expected a twin free of health information beside it, because it tells more ("
              + of(file).word()
              + ") than relay.channel."
              + file.channel()
              + ".phi="
              + limit(file).word()
              + " lets it, found neither "
              + english(ownTwin(file), file)
              + " nor "
              + english(twinOfAll(file), file)
              + "; add one, or let the channel carry more.");
    }
  }
}
