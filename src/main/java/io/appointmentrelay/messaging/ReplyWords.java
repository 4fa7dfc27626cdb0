package io.appointmentrelay.messaging;

import io.appointmentrelay.appointment.CarrierWord;
import io.appointmentrelay.appointment.EventKind;
import io.appointmentrelay.appointment.PatientReply.Meaning;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * One language's words for replies ({@code replies.<language>.properties}): what patients are asked
 * to write and what is understood, and what they and staff are told of it.
 */
public final class ReplyWords {

  private static final Map<Meaning, String> ASKED =
      Map.of(Meaning.CONFIRM, "confirm", Meaning.DECLINE, "decline", Meaning.CALL, "call");

  private static final Set<String> KEYS =
      new TreeSet<>(
          List.of(
              "confirm",
              "decline",
              "call",
              "news.declined",
              "news.call-requested",
              "news.reply-unknown",
              "carrier.stop",
              "carrier.start",
              "carrier.help",
              "page.title",
              "page.confirm",
              "page.confirm.button",
              "page.confirm.done",
              "page.decline",
              "page.decline.button",
              "page.decline.done",
              "page.call",
              "page.call.button",
              "page.call.done",
              "page.answered",
              "page.changed",
              "page.over",
              "page.unknown",
              "page.phone"));

  private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{N}]{1,12}");
  private static final Pattern MARKS = Pattern.compile("\\p{M}+");
  private static final Pattern AROUND = Pattern.compile("^[^\\p{L}\\p{N}]+|[^\\p{L}\\p{N}]+$");

  private final String language;
  private final Properties words;
  private final Map<Meaning, String> asked = new EnumMap<>(Meaning.class);
  private final Map<String, Meaning> understood = new HashMap<>();

  private ReplyWords(String language, Properties words) {
    this.language = language;
    this.words = words;
  }

  /** Reads the file's content; a problem is one sentence, without the name of the file. */
  static ReplyWords read(String language, String content) {
    Properties words = WordFile.read(content, KEYS);
    ReplyWords read = new ReplyWords(language, words);
    ASKED.forEach(read::learn);
    return read;
  }

  private void learn(Meaning meaning, String key) {
    List<String> all = Arrays.stream(word(key).split(",", -1)).map(String::strip).toList();
    for (String one : all) {
      boolean isFirst = one.equals(all.get(0));
      check(key, one, isFirst);
      Meaning other = understood.put(plain(one), meaning);
      if (other != null && other != meaning) {
        throw new IllegalArgumentException(
            "expected every word to mean one thing, found one of "
                + key
                + " in "
                + ASKED.get(other)
                + " too; leave it out of one of them");
      }
    }
    asked.put(meaning, all.get(0));
  }

  /** What the carrier takes for itself never reaches the visit that it was meant for. */
  private static void check(String key, String word, boolean isAskedFor) {
    if (!WORD.matcher(word).matches()) {
      throw new IllegalArgumentException(
          "expected words of letters and digits, separated by commas, in "
              + key
              + ", found something else; correct it");
    }
    String plain = plain(word);
    boolean mayMeanStart = isAskedFor && plain.equals(CarrierWord.MAY_START);
    if (CarrierWord.reserved().contains(plain) || mayMeanStart) {
      throw new IllegalArgumentException(
          "expected words in "
              + key
              + " that the carrier does not take for itself "
              + CarrierWord.reserved()
              + (isAskedFor ? " nor, to be asked for, " + CarrierWord.MAY_START : "")
              + ", found "
              + plain
              + ": who sends it is not heard, or gets no more messages; choose another word");
    }
  }

  /** The language, as BCP 47. */
  public String language() {
    return language;
  }

  /** The word that patients are asked to write. */
  String asked(Meaning meaning) {
    return Objects.requireNonNullElse(asked.get(meaning), "");
  }

  /** What a whole message means in this language; empty: only a person can tell. */
  Optional<Meaning> meaning(String text) {
    return Optional.ofNullable(understood.get(plain(text)));
  }

  /** What staff are told of a reply, in a few words. */
  String news(EventKind reply) {
    return word("news." + reply.word());
  }

  /** A sentence of the page, or one that is texted back; for nobody but its reader. */
  public String word(String key) {
    return Objects.requireNonNullElse(words.getProperty(key), "");
  }

  /** Without case, accents and what stands around a word: telephones add full stops and more. */
  private static String plain(String text) {
    String bare = MARKS.matcher(Normalizer.normalize(text, Normalizer.Form.NFKD)).replaceAll("");
    return AROUND.matcher(bare).replaceAll("").toUpperCase(Locale.ROOT);
  }

  /** What a message means: in the reader's language, or in the others where they agree. */
  static Meaning meaning(String text, ReplyWords own, Iterable<ReplyWords> all) {
    if (text.length() > 40) {
      return Meaning.UNKNOWN;
    }
    Optional<Meaning> inOwn = own.meaning(text);
    if (inOwn.isPresent()) {
      return inOwn.get();
    }
    List<Meaning> inOthers = new ArrayList<>();
    all.forEach(other -> other.meaning(text).ifPresent(inOthers::add));
    boolean agree = !inOthers.isEmpty() && inOthers.stream().distinct().count() == 1;
    return agree ? inOthers.get(0) : Meaning.UNKNOWN;
  }
}
