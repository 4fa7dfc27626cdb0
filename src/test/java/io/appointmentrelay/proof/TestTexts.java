package io.appointmentrelay.proof;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Texts of the same names as the shipped ones, which say what a test wants to know of a message and
 * nothing else: {@code booked;2026-03-09 10:30;;Room 4}.
 */
final class TestTexts {

  private static final String CONTENT = ";{{ start }};{{ oldStart }};{{ place }}\n";

  private TestTexts() {}

  /** Writes them into an empty directory. */
  static void write(Path shipped, Path directory) {
    try (Stream<Path> files = Files.list(shipped)) {
      List<String> names =
          files
              .map(file -> file.getFileName().toString())
              .filter(name -> name.endsWith(".txt") && !name.startsWith("_"))
              .toList();
      for (String name : names) {
        String text = name.substring(0, name.indexOf('.'));
        boolean isPhiFree = text.endsWith("phi-free");
        String content = isPhiFree ? text + " {# phi: none #}\n" : text + CONTENT;
        boolean email = name.endsWith(".email.txt");
        Files.writeString(directory.resolve(name), email ? "Subject: S\n\n" + content : content);
      }
      for (String words : List.of("words.en.properties", "words.es.properties")) {
        Files.writeString(directory.resolve(words), machineTimes(shipped.resolve(words)));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String machineTimes(Path words) throws IOException {
    return Files.readAllLines(words).stream()
        .map(
            line ->
                line.startsWith("start")
                    ? line.substring(0, line.indexOf('=')) + "= uuuu-MM-dd HH:mm"
                    : line)
        .collect(Collectors.joining("\n"));
  }
}
