package io.appointmentrelay.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SamplesTest {
  private final Samples samples = Samples.shipped();

  @Test
  void theIndexNamesEveryFileOnce() throws IOException {
    Path folder = Path.of("src", "main", "resources", "samples");
    try (Stream<Path> files = Files.walk(folder)) {
      List<String> onDisk =
          files
              .map(file -> folder.relativize(file).toString().replace('\\', '/'))
              .filter(file -> file.endsWith(".json") || file.endsWith(".form"))
              .map(file -> file.substring(0, file.length() - ".json".length()))
              .toList();

      assertThat(samples.all())
          .extracting(Sample::name)
          .containsExactlyInAnyOrderElementsOf(onDisk);
    }
  }

  @Test
  void aLifeIsInOrder() {
    assertThat(samples.of("canvas"))
        .extracting(Sample::name)
        .containsExactly(
            "canvas/created",
            "canvas/rescheduled",
            "canvas/cancelled",
            "canvas/reverted",
            "canvas/no-show",
            "canvas/checked-in");
  }

  @Test
  void everySampleIsJsonOfMadeUpPeople() throws IOException {
    ObjectMapper json = new ObjectMapper();
    for (Sample sample : samples.all().stream().filter(one -> !one.isReply()).toList()) {
      String text = json.readTree(sample.body()).toString();
      assertThat(text.split("[\"\\s]"))
          .as(sample.name())
          .filteredOn(word -> word.contains("@"))
          .allMatch(word -> word.endsWith("@example.org"));
    }
  }
}
