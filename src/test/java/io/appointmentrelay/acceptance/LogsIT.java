package io.appointmentrelay.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Reads everything that the whole run of unit and acceptance tests has logged, and looks for what
 * must never be there: people of the fixtures, how to reach them, tokens, secrets and keys.
 */
class LogsIT {

  private static final Path REPORTS = Path.of("target", "surefire-reports");
  private static final List<Path> FIXTURES =
      List.of(
          Path.of("src/main/resources/samples"),
          Path.of("src/main/resources/sandbox"),
          Path.of("src/test/resources/notifications"));
  private static final Set<String> NAMES =
      Set.of("FirstName", "LastName", "family", "given", "first_name", "last_name");

  /** Names that are also words of ours. */
  private static final Set<String> WORDS = Set.of("Example", "Sample");

  private static final Pattern REACHES_SOMEBODY =
      Pattern.compile("\\+?[0-9(][0-9 ()-]{8,}[0-9]|[^@ ]+@[^@ ]+\\.[a-z]+");

  /** What tests show as secrets, and the forms of those that are made on the way. */
  private static final Pattern SECRETS =
      Pattern.compile(
          "sandbox-token|sandbox-sms-token|whsec_|the-secret-of-this-test|do-not-print-me"
              + "|PRIVATE KEY|\\beyJ[A-Za-z0-9_-]{10}|[Bb]earer [A-Za-z0-9]|\\btoken-[0-9a-f]{8}-"
              + "|client_assertion=|client_secret=");

  @Test
  void noLogOfAnyTestNamesAPersonOrASecret() throws IOException {
    List<Path> logs = logs();
    assertThat(logs).describedAs("logs of tests in %s", REPORTS).hasSizeGreaterThan(5);
    Pattern forbidden = Pattern.compile(SECRETS.pattern() + "|" + peopleOfTheFixtures());

    List<String> found = new ArrayList<>();
    long lines = 0;
    for (Path log : logs) {
      for (String line : Files.readString(log).split("\n", -1)) {
        lines++;
        if (forbidden.matcher(line).find()) {
          found.add(log.getFileName() + " has one in a line of " + source(line));
        }
      }
    }
    assertThat(lines).isGreaterThan(100);
    assertThat(found).isEmpty();
  }

  /** Where it was logged, never what. */
  private static String source(String line) {
    String[] words = line.split(" +", 4);
    return words.length > 2 && words[0].startsWith("20") ? words[2] : "no logger";
  }

  private static List<Path> logs() throws IOException {
    try (Stream<Path> files = Files.list(REPORTS)) {
      return files.filter(file -> file.toString().endsWith("-output.txt")).toList();
    }
  }

  private static String peopleOfTheFixtures() throws IOException {
    Set<String> people = new TreeSet<>();
    for (Path directory : FIXTURES) {
      try (Stream<Path> files = Files.walk(directory)) {
        files.filter(file -> file.toString().endsWith(".json")).forEach(file -> read(file, people));
      }
    }
    assertThat(people).hasSizeGreaterThan(20);
    return people.stream()
        .map(one -> "(?<![\\w.])" + Pattern.quote(one) + "(?![\\w-])")
        .collect(Collectors.joining("|"));
  }

  private static void read(Path file, Set<String> people) {
    try {
      collect("", RunningRelay.JSON.readTree(file.toFile()), people);
    } catch (IOException notJson) {
      // A fixture that is broken on purpose has nobody in it that the others have not.
      assertThat(Files.exists(file)).isTrue();
    }
  }

  private static void collect(String field, JsonNode node, Set<String> people) {
    node.properties().forEach(child -> collect(child.getKey(), child.getValue(), people));
    if (node.isArray()) {
      node.forEach(child -> collect(field, child, people));
    }
    String text = node.asText();
    boolean isName = NAMES.contains(field) && text.length() > 2 && !WORDS.contains(text);
    boolean isAddress = node.isTextual() && REACHES_SOMEBODY.matcher(text).matches();
    if (isName || isAddress) {
      people.add(text);
    }
  }
}
