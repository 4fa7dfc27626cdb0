package io.appointmentrelay.messaging;

import io.pebbletemplates.pebble.PebbleEngine;
import io.pebbletemplates.pebble.error.PebbleException;
import io.pebbletemplates.pebble.loader.MemoryLoader;
import java.io.IOException;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One state of the directory of texts, tried as a whole before anybody uses it. */
final class CompiledTexts {

  static final String DEFAULT_LANGUAGE = "en";
  static final String SUBJECT = "Subject:";

  private static final Pattern WORDS = Pattern.compile("words\\.([a-zA-Z0-9-]+)\\.properties");
  private static final Pattern REPLIES = Pattern.compile("replies\\.([a-zA-Z0-9-]+)\\.properties");
  private static final int LONGEST_MESSAGE = 100_000;

  private final Map<String, TextFile> files;
  private final Map<String, Words> words;
  private final Map<String, ReplyWords> replies;
  private final Set<String> asking = new HashSet<>();
  private final PebbleEngine plain;
  private final PebbleEngine html;

  private final @Nullable PhiTiers phi;
  private final List<String> warnings;

  private CompiledTexts(
      Map<String, TextFile> files,
      Map<String, Words> words,
      Map<String, ReplyWords> replies,
      Map<String, String> contents) {
    this.files = files;
    this.words = words;
    this.replies = replies;
    this.plain = engine(contents, false);
    this.html = engine(contents, true);
    this.phi = null;
    this.warnings = List.of();
  }

  private CompiledTexts(CompiledTexts tried, PhiTiers phi, Trials trials) {
    this.files = tried.files;
    this.words = tried.words;
    this.replies = tried.replies;
    this.plain = tried.plain;
    this.html = tried.html;
    this.phi = phi;
    files.values().stream()
        .filter(file -> file.isSms() && trials.asks(file))
        .forEach(file -> asking.add(file.key()));
    this.warnings = warnings(files.values(), trials);
  }

  /**
   * Compiles and tries texts.
   *
   * @param contents by file name
   * @param limits what channels may carry; those not named may carry all
   * @throws BrokenTexts naming all that is wrong with them
   */
  static CompiledTexts of(Map<String, String> contents, Map<String, Phi> limits) {
    List<String> problems = new ArrayList<>();
    Map<String, TextFile> files = new TreeMap<>();
    Map<String, Words> words = new TreeMap<>();
    Map<String, ReplyWords> replies = new TreeMap<>();
    contents.forEach((name, content) -> sort(name, content, files, words, replies, problems));
    CompiledTexts texts = new CompiledTexts(files, words, replies, contents);
    Trials trials = new Trials(texts);
    problems.addAll(new TextCheck(texts, trials, contents).problems());
    if (!problems.isEmpty()) {
      throw new BrokenTexts(problems);
    }
    PhiTiers phi = new PhiTiers(texts, trials, contents, limits, problems);
    if (!problems.isEmpty()) {
      throw new BrokenTexts(problems);
    }
    return new CompiledTexts(texts, phi, trials);
  }

  private static void sort(
      String name,
      String content,
      Map<String, TextFile> files,
      Map<String, Words> words,
      Map<String, ReplyWords> replies,
      List<String> problems) {
    Matcher wordsOf = WORDS.matcher(name);
    Matcher repliesIn = REPLIES.matcher(name);
    boolean isPiece = name.startsWith("_");
    try {
      if (wordsOf.matches()) {
        String language = wordsOf.group(1).toLowerCase(Locale.ROOT);
        words.put(language, Words.read(language, content));
        return;
      }
      if (repliesIn.matches()) {
        String language = repliesIn.group(1).toLowerCase(Locale.ROOT);
        replies.put(language, ReplyWords.read(language, content));
        return;
      }
    } catch (IllegalArgumentException wrong) {
      problems.add(name + ": " + wrong.getMessage() + ".");
      return;
    }
    if (!isPiece) {
      TextFile.of(name)
          .ifPresentOrElse(
              file -> files.put(file.key(), file),
              () ->
                  problems.add(
                      name
                          + ": expected a name of the form "
                          + TextFile.FORM
                          + ", words.<language>.properties, replies.<language>.properties, or _ before a piece that others"
                          + " include, found another; rename it."));
    }
  }

  private static PebbleEngine engine(Map<String, String> contents, boolean escaped) {
    MemoryLoader loader = new MemoryLoader();
    contents.forEach(loader::addTemplate);
    return new PebbleEngine.Builder()
        .loader(loader)
        .strictVariables(true)
        .autoEscaping(escaped)
        // A line that ends in a value keeps its end.
        .newLineTrimming(false)
        .maxRenderedSize(LONGEST_MESSAGE)
        // Templates see maps and strings; no method of any object is theirs to call.
        .methodAccessValidator((object, method) -> false)
        .build();
  }

  /** What may be sent as it is, but costs more than it need: file, finding and cure. */
  List<String> warnings() {
    return warnings;
  }

  private static List<String> warnings(Collection<TextFile> files, Trials trials) {
    List<String> warnings = new ArrayList<>();
    for (TextFile file : files) {
      if (file.isSms()) {
        longest(trials.said(file))
            .filter(text -> SmsLength.of(text).segments() > 1)
            .ifPresent(text -> warnings.add(tooLong(file, text)));
      }
    }
    return List.copyOf(warnings);
  }

  private static Optional<String> longest(Stream<String> texts) {
    return texts
        .map(Plain::textMessage)
        .max(
            Comparator.<String>comparingInt(text -> SmsLength.of(text).segments())
                .thenComparingInt(String::length));
  }

  private static String tooLong(TextFile file, String text) {
    SmsLength length = SmsLength.of(text);
    String why =
        SmsLength.stranger(text)
            .map(stranger -> length.encoding() + " because of '" + stranger + "'")
            .orElse(length.encoding());
    return file.name()
        + ": expected one segment (160 characters of the GSM alphabet, 70 if there are others), found "
        + length.segments()
        + " with a sample visit ("
        + length.characters()
        + " characters, "
        + why
        + "); it is sent and paid for as so many. Shorten it, or leave out what the GSM alphabet lacks.";
  }

  Collection<TextFile> files() {
    return files.values();
  }

  Optional<TextFile> file(String key) {
    return Optional.ofNullable(files.get(key));
  }

  boolean has(String key) {
    return files.containsKey(key);
  }

  Set<String> names(String channel) {
    Set<String> names = new TreeSet<>();
    files.values().stream()
        .filter(file -> file.channel().equals(channel))
        .forEach(file -> names.add(file.text()));
    return names;
  }

  WordedMessage word(String text, String channel, @Nullable String wanted, VisitModel visit) {
    for (String language : languages(wanted)) {
      TextFile file = files.get(TextFile.key(text, language, channel, "txt"));
      if (file != null && phi != null && phi.isTooMuch(file)) {
        // Twice safe: the twin was tried, and has nothing to tell either.
        return word(phi.twin(file), channel, wanted, visit.atMost(Phi.NONE));
      }
      if (file != null) {
        try {
          return word(file, visit);
        } catch (PebbleException broken) {
          // Its message, and so its cause, may repeat a value of the visit.
          throw new IllegalStateException(
              "Expected every text to fit every visit; "
                  + broken.getFileName()
                  + " line "
                  + broken.getLineNumber()
                  + " does not fit this one. Nothing is sent; correct the text and retry.");
        }
      }
    }
    throw new IllegalArgumentException(
        "Channel "
            + channel
            + " has the texts "
            + names(channel)
            + "; found '"
            + text
            + "'. Correct the route, or add "
            + TextFile.key(text, DEFAULT_LANGUAGE, channel, "txt")
            + ".");
  }

  /** Whether this very text says how to answer: not every visit leaves room for that. */
  private boolean asks(TextFile file, VisitModel visit, String text) {
    VisitModel.Reply reply = visit.reply();
    return reply != null
        && reply.isOffered()
        && asking.contains(file.key())
        && !render(file, values(file.language(), visit.withReply(null))).equals(text);
  }

  private WordedMessage word(TextFile file, VisitModel visit) {
    Map<String, Object> values = values(file.language(), visit);
    String title = wordsFor(file.language()).visitTitle(visit);
    String text = render(plain, file.name(), values);
    boolean asks = asks(file, visit, text);
    if (!file.isEmail()) {
      return new WordedMessage(
          null, Plain.textMessage(text), null, file.language(), title, tier(file), asks);
    }
    // Values are single lines, so the first line of the text is the first line of its template.
    int end = text.indexOf('\n');
    String subject = text.substring(SUBJECT.length(), end);
    TextFile twin = files.get(TextFile.key(file.text(), file.language(), file.channel(), "html"));
    return new WordedMessage(
        subject,
        Plain.paragraphs(text.substring(end)),
        twin == null ? null : render(html, twin.name(), values).strip(),
        file.language(),
        title,
        tier(file),
        asks);
  }

  /** The words for replies in a language, else those in English; absent: there are none. */
  @Nullable ReplyWords replies(@Nullable String wanted) {
    for (String language : languages(wanted)) {
      ReplyWords found = replies.get(language);
      if (found != null) {
        return found;
      }
    }
    return null;
  }

  /** The words for replies in every language. */
  Collection<ReplyWords> allReplies() {
    return replies.values();
  }

  private Phi tier(TextFile file) {
    return phi == null ? Phi.FULL : phi.of(file);
  }

  /** Renders one file by itself. */
  String render(TextFile file, Map<String, Object> values) {
    return render(file.isHtml() ? html : plain, file.name(), values);
  }

  /** The values of a visit, by the names that texts in a language use. */
  Map<String, Object> values(String language, VisitModel visit) {
    return wordsFor(language).of(visit, replies(language));
  }

  /** Whether the language, or the one it is a variety of, has words. */
  boolean hasWords(String language) {
    return words.containsKey(language) || words.containsKey(base(language));
  }

  private Words wordsFor(String language) {
    Words own = words.get(language);
    Words found = own != null ? own : words.get(base(language));
    if (found == null) {
      throw new IllegalStateException("No words for " + language + "; loading refuses that.");
    }
    return found;
  }

  private static String render(PebbleEngine engine, String name, Map<String, Object> values) {
    StringWriter out = new StringWriter();
    try {
      engine.getTemplate(name).evaluate(out, values);
    } catch (PebbleException broken) {
      throw broken;
    } catch (IOException | RuntimeException | StackOverflowError broken) {
      // A filter given what it cannot take, or a piece that includes itself.
      throw new PebbleException(
          broken,
          "found something that fails with " + broken.getClass().getSimpleName(),
          null,
          name);
    }
    return out.toString();
  }

  private static List<String> languages(@Nullable String wanted) {
    List<String> languages = new ArrayList<>();
    String language =
        wanted == null ? "" : wanted.strip().replace('_', '-').toLowerCase(Locale.ROOT);
    while (!language.isEmpty()) {
      languages.add(language);
      language = language.substring(0, Math.max(0, language.lastIndexOf('-')));
    }
    languages.add(DEFAULT_LANGUAGE);
    return languages;
  }

  private static String base(String language) {
    int end = language.indexOf('-');
    return end < 0 ? language : language.substring(0, end);
  }
}
