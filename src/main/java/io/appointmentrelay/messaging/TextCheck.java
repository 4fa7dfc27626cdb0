package io.appointmentrelay.messaging;

import io.appointmentrelay.appointment.CarrierWord;
import io.pebbletemplates.pebble.error.AttributeNotFoundException;
import io.pebbletemplates.pebble.error.ClassAccessException;
import io.pebbletemplates.pebble.error.LoaderException;
import io.pebbletemplates.pebble.error.PebbleException;
import io.pebbletemplates.pebble.error.RootAttributeNotFoundException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Finds what is wrong with texts before anybody is written to: each is rendered for every sample
 * visit. A problem names the file, the line where there is one, and the cure.
 */
final class TextCheck {

  private static final Pattern OTHER_FILE =
      Pattern.compile("\\{%-?\\s*(?:include|extends|import|from|embed)\\s+[\"']([^\"']+)[\"']");

  /** In capitals, as what is to be sent back is written. STOP may be named: it says how to end. */
  private static final Pattern RESERVED =
      Pattern.compile(
          CarrierWord.ending().stream()
              .filter(word -> !word.equals("STOP"))
              .collect(Collectors.joining("|", "(?<![\\p{L}\\p{N}])(?:", ")(?![\\p{L}\\p{N}])")));

  private final CompiledTexts texts;
  private final Trials trials;
  private final Map<String, String> contents;
  private final Set<String> problems = new TreeSet<>();
  private boolean missingFiles;

  TextCheck(CompiledTexts texts, Trials trials, Map<String, String> contents) {
    this.texts = texts;
    this.trials = trials;
    this.contents = contents;
  }

  /** All problems, in the order of the files; empty if the texts can be used. */
  List<String> problems() {
    contents.forEach(this::checkFilesNamed);
    for (TextFile file : texts.files()) {
      checkTwins(file);
      boolean startsRight = !file.isEmail() || file.isHtml() || checkSubject(file);
      if (startsRight && checkWords(file)) {
        tryOut(file);
      }
    }
    return List.copyOf(problems);
  }

  private void checkFilesNamed(String name, String content) {
    Matcher named = OTHER_FILE.matcher(content);
    while (named.find()) {
      if (!contents.containsKey(named.group(1))) {
        missingFiles = true;
        long line = 1 + content.substring(0, named.start()).chars().filter(c -> c == '\n').count();
        add(
            name,
            (int) line,
            "expected the name of a file in this directory, found " + named.group(1),
            "add that file or correct the name");
      }
    }
  }

  private void checkTwins(TextFile file) {
    if (file.isHtml() && !file.isEmail()) {
      add(
          file.name(),
          null,
          "expected HTML for e-mail only, found it for " + file.channel(),
          "remove it");
    }
    if (file.isHtml() && !texts.has(file.as("txt"))) {
      add(
          file.name(),
          null,
          "expected the same as plain text beside it, found none",
          "add " + file.as("txt"));
    }
    if (!texts.has(file.in(CompiledTexts.DEFAULT_LANGUAGE))) {
      add(
          file.name(),
          null,
          "expected the same in the default language, found none",
          "add " + file.in(CompiledTexts.DEFAULT_LANGUAGE));
    }
  }

  private boolean checkSubject(TextFile file) {
    List<String> lines = source(file.name()).lines().limit(2).toList();
    boolean right =
        lines.size() == 2
            && lines.get(0).matches(CompiledTexts.SUBJECT + "\\s*\\S.*")
            && lines.get(1).isBlank();
    if (!right) {
      add(
          file.name(),
          1,
          "expected 'Subject: ' and words, then an empty line, found something else",
          "begin the text with its subject");
    }
    return right;
  }

  private boolean checkWords(TextFile file) {
    boolean found = texts.hasWords(file.language());
    if (!found) {
      add(
          file.name(),
          null,
          "expected words for times and changes in its language, found none that can be read",
          "add words." + file.language() + ".properties");
    }
    return found;
  }

  private void tryOut(TextFile file) {
    Set<String> tried = new HashSet<>();
    for (VisitModel visit : trials.visits()) {
      try {
        String rendered = trials.render(file, visit);
        if (!tried.add(rendered)) {
          continue;
        }
        if (saysNothing(rendered)) {
          add(
              file.name(),
              null,
              "expected words for every visit, found one without any",
              "add an {% else %}");
          return;
        }
        Matcher reserved = file.isSms() ? RESERVED.matcher(rendered) : null;
        if (reserved != null && reserved.find()) {
          add(
              file.name(),
              null,
              "expected no word in capitals that ends all messages when it is sent back "
                  + CarrierWord.ending()
                  + " but STOP, which may be named for that, found "
                  + reserved.group(),
              "ask for another word");
          return;
        }
        if (file.isHtml() && rendered.contains(SampleVisits.UNESCAPED)) {
          add(
              file.name(),
              null,
              "expected every value escaped, found one as it is",
              "remove the raw filter or the autoescape tag, here or in what it includes");
          return;
        }
      } catch (LoaderException namesAMissingFile) {
        if (!missingFiles) {
          add(
              file.name(),
              null,
              "expected the names of other files in quotes, found one that is computed",
              "write it in quotes");
        }
        return;
      } catch (PebbleException broken) {
        add(
            Objects.requireNonNullElse(broken.getFileName(), file.name()),
            broken.getLineNumber(),
            broken.getPebbleMessage(),
            cure(broken));
        return;
      }
    }
  }

  /** A letter whose subject or body is empty for this visit counts as one that says nothing. */
  private static boolean saysNothing(String rendered) {
    if (!rendered.startsWith(CompiledTexts.SUBJECT)) {
      return rendered.isBlank();
    }
    int end = rendered.indexOf('\n');
    return rendered.substring(CompiledTexts.SUBJECT.length(), end).isBlank()
        || rendered.substring(end).isBlank();
  }

  private static String cure(PebbleException broken) {
    boolean unknownName =
        broken instanceof RootAttributeNotFoundException
            || broken instanceof AttributeNotFoundException;
    if (unknownName) {
      return "use one of the names in README.md of the texts";
    }
    return broken instanceof ClassAccessException
        ? "print values as they are, or with a filter"
        : "correct that line; a condition takes a name of README.md of the texts";
  }

  private String source(String name) {
    return Objects.requireNonNullElse(contents.get(name), "");
  }

  private void add(String file, @Nullable Integer line, String found, String cure) {
    String place = line == null ? file : file + " line " + line;
    problems.add(place + ": " + found + "; " + cure + ".");
  }
}
