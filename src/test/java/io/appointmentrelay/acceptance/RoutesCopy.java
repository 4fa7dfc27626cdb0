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

  /**
   * The shipped routes and one more source that is treated as Canvas is, also where it is asked: a
   * step to a route that is not there waits for it, 30 seconds.
   */
  static Path withSource(String name) {
    Path routes = shipped();
    copy(routes, "intake/canvas.camel.yaml", name);
    copy(routes, "enrichment/canvas-enrichment.camel.yaml", name);
    return routes;
  }

  private static void copy(Path routes, String file, String name) {
    try {
      String text = Files.readString(routes.resolve(file)).replace("canvas", name);
      Files.writeString(routes.resolve(file.replace("canvas", name)), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
