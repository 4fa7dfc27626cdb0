package io.appointmentrelay.messaging;

import io.appointmentrelay.appointment.PatientReply.Meaning;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The texts of a directory, in force as a whole or not at all: what would fail at night fails when
 * they are loaded. Safe for use by many threads.
 */
public final class Texts {

  /** How the names of texts begin that staff read, and nobody else. */
  public static final String FOR_STAFF = "staff-";

  private static final Logger LOG = LoggerFactory.getLogger(Texts.class);

  private static final Set<String> EXTENSIONS = Set.of("txt", "html", "properties");

  /** Trying all texts is a good part of a start: a candidate is not tried again once in force. */
  private static final AtomicReference<@Nullable Tried> LAST = new AtomicReference<>();

  private final Path directory;
  private final Map<String, Phi> limits;
  private volatile CompiledTexts inForce;

  /** What was tried, and found good. */
  private record Tried(Map<String, String> contents, Map<String, Phi> limits, CompiledTexts texts) {
    boolean isOf(Map<String, String> otherContents, Map<String, Phi> otherLimits) {
      return contents.equals(otherContents) && limits.equals(otherLimits);
    }
  }

  private Texts(Path directory, Map<String, Phi> limits) {
    this.directory = directory;
    this.limits = Map.copyOf(limits);
    this.inForce = compiled();
  }

  private CompiledTexts compiled() {
    Map<String, String> contents = read(directory);
    Tried last = LAST.get();
    if (last == null || !last.isOf(contents, limits)) {
      last = new Tried(contents, limits, CompiledTexts.of(contents, limits));
      LAST.set(last);
    }
    return last.texts();
  }

  /**
   * Loads and tries every text of a directory. Text messages that are longer than they should be
   * are logged.
   *
   * @param limits how much of a person a channel may carry; those not named may carry all
   * @throws BrokenTexts naming all that is wrong with them
   */
  public static Texts load(Path directory, Map<String, Phi> limits) {
    Texts texts = new Texts(directory, limits);
    texts.warnings().forEach(LOG::warn);
    return texts;
  }

  /**
   * What the directory holds now, tried and not in force.
   *
   * @throws BrokenTexts naming all that is wrong with them
   */
  public Texts candidate() {
    return load(directory, limits);
  }

  /**
   * Loads the directory anew; messages worded from then on are in the new texts.
   *
   * @throws BrokenTexts naming all that is wrong with them; the old ones stay in force
   */
  public void reload() {
    inForce = compiled();
  }

  /** What could be sent, but not well: one sentence each, with file, finding and cure. */
  List<String> warnings() {
    return inForce.warnings();
  }

  /** The texts that a channel has, such as {@code booked}, in alphabetical order. */
  public Set<String> names(String channel) {
    return inForce.names(channel);
  }

  /**
   * Words a visit in the language nearest to the one wanted: {@code es-MX}, else {@code es}, else
   * English.
   *
   * @param language BCP 47; absent: English
   * @throws IllegalArgumentException if the channel has no such text
   */
  public WordedMessage word(
      String text, String channel, @Nullable String language, VisitModel visit) {
    return inForce.word(text, channel, language, visit);
  }

  /**
   * Words an invented visit of a clinic, as {@link #word} words a real one.
   *
   * @throws IllegalArgumentException if the channel has no such text
   */
  public WordedMessage preview(
      String text, String channel, @Nullable String language, Clinic clinic) {
    return inForce.word(text, channel, language, SampleVisits.of(clinic));
  }

  /** Whether there are words for replies, so that patients can be asked for them. */
  public boolean hasReplies() {
    return inForce.replies(null) != null;
  }

  /**
   * The words for replies in the language nearest to the one wanted.
   *
   * @throws IllegalStateException if there are none in English
   */
  public ReplyWords replies(@Nullable String language) {
    ReplyWords found = inForce.replies(language);
    if (found == null) {
      throw new IllegalStateException(
          "Replies need words: expected replies.en.properties among the texts, found none. Restore it.");
    }
    return found;
  }

  /** What a patient's message means; only a person can tell what is not one of the words. */
  public Meaning meaning(String message, @Nullable String language) {
    return ReplyWords.meaning(message, replies(language), inForce.allReplies());
  }

  private static Map<String, String> read(Path directory) {
    List<String> problems = new ArrayList<>();
    Map<String, String> contents = new TreeMap<>();
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.filter(Texts::isText).toList()) {
        try {
          contents.put(file.getFileName().toString(), Files.readString(file));
        } catch (CharacterCodingException notUtf8) {
          problems.add(
              file.getFileName() + ": expected UTF-8, found other bytes; save it as UTF-8.");
        }
      }
    } catch (IOException | UncheckedIOException unreadable) {
      problems.add(
          "Expected a directory of texts at "
              + directory
              + ", found none that can be read; restore it.");
    }
    if (!problems.isEmpty()) {
      throw new BrokenTexts(problems);
    }
    return contents;
  }

  /** Editors leave files of their own beside the one they edit. */
  private static boolean isText(Path file) {
    String name = file.getFileName().toString();
    String extension = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    return !name.startsWith(".") && EXTENSIONS.contains(extension) && Files.isRegularFile(file);
  }
}
