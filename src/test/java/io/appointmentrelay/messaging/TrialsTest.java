package io.appointmentrelay.messaging;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A trial that is spared must have said what was said before. */
class TrialsTest {

  private static final Path SHIPPED = Path.of("routes", "channel", "texts");

  @Test
  void everyShippedTextSaysForEveryVisitWhatItSaysByItself() throws IOException {
    CompiledTexts texts = CompiledTexts.of(contents(), Map.of());
    Trials trials = new Trials(texts);

    for (TextFile file : texts.files()) {
      for (VisitModel visit : trials.visits()) {
        assertThat(trials.render(file, visit))
            .as(file.name())
            .isEqualTo(texts.render(file, texts.values(file.language(), visit)));
      }
    }
  }

  private static Map<String, String> contents() throws IOException {
    Map<String, String> contents = new TreeMap<>();
    try (Stream<Path> files = Files.list(SHIPPED)) {
      files
          .filter(file -> !file.endsWith("README.md"))
          .forEach(file -> contents.put(file.getFileName().toString(), read(file)));
    }
    return contents;
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
