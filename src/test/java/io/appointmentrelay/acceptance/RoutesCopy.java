package io.appointmentrelay.acceptance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Copies of the shipped routes, for tests that change them. */
final class RoutesCopy {

  private RoutesCopy() {}

  static Path shipped() {
    Path from = Path.of("routes");
    try (Stream<Path> files = Files.walk(from)) {
      Path to = Files.createTempDirectory("relay-routes");
      for (Path file : files.toList()) {
        Path copy = to.resolve(from.relativize(file).toString());
        if (Files.isDirectory(file)) {
          Files.createDirectories(copy);
        } else {
          Files.copy(file, copy);
        }
      }
      return to;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The shipped routes and one more source that is treated as Canvas is. */
  static Path withSource(String name) {
    Path routes = shipped();
    edit(routes.resolve("intake/canvas.camel.yaml"), routes, name);
    return routes;
  }

  private static void edit(Path like, Path routes, String name) {
    try {
      String text = Files.readString(like).replace("canvas", name);
      Files.writeString(routes.resolve("intake/" + name + ".camel.yaml"), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
