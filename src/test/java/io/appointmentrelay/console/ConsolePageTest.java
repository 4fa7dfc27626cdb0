package io.appointmentrelay.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page and the API it reads belong together. */
class ConsolePageTest {

  @TempDir Path directory;
  private RunningConsole console;

  @BeforeEach
  void open() {
    console = new RunningConsole(directory, true);
  }

  @AfterEach
  void close() {
    console.close();
  }

  private String file(String path) {
    return console.get(path).body();
  }

  private static List<String> found(String pattern, String text) {
    return Pattern.compile(pattern)
        .matcher(text)
        .results()
        .map((MatchResult result) -> result.group(1))
        .toList();
  }

  @Test
  void everyLinkOfThePageHasItsView() {
    String script = file("/console.js");
    String views = found("(?s)const views = \\{(.*?)\\};", script).get(0);

    List<String> links = found("<a href=\"#([^\"]+)\">", file("/"));

    assertThat(links).hasSizeGreaterThan(5);
    assertThat(links)
        .allSatisfy(link -> assertThat(views).matches("(?s).*\\b'?" + link + "'?\\b.*"));
  }

  @Test
  void everyListThatThePageReadsIsAnAddressOfTheConsole() {
    List<String> addresses =
        found("'(/(?:api|observe)/[a-z-]+(?:/messages)?)'", file("/console.js"));

    assertThat(addresses).contains("/api/sources", "/api/reconciliations", "/api/accesses");
    assertThat(addresses)
        .allSatisfy(address -> assertThat(console.get(address).statusCode()).isEqualTo(200));
  }

  @Test
  void nothingOnThePageNeedsWhatThePolicyForbids() {
    assertThat(file("/")).doesNotContain("style=", "<style", "onclick", "javascript:", "//");
    assertThat(file("/console.js"))
        .doesNotContain("innerHTML", "insertAdjacentHTML", "document.write", "eval(", "style:");
  }
}
