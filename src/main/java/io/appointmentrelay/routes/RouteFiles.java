package io.appointmentrelay.routes;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.camel.spi.Resource;
import org.apache.camel.support.ResourceHelper;

/**
 * The contents of the route files at one moment, by path below the routes' directory.
 *
 * @param files YAML ({@code .camel.yaml}) and Java ({@code .java}) routes
 */
record RouteFiles(Path directory, Map<String, String> files) {

  /** Reads what is there now. */
  static RouteFiles read(Path directory, RoutesInForce wanted) {
    Map<String, String> files = new TreeMap<>();
    try {
      for (Path path : below(directory)) {
        if (!isRouteFile(path)) {
          continue;
        }
        String name = directory.relativize(path).toString().replace('\\', '/');
        if (wanted.includes(name)) {
          files.put(name, Files.readString(path, StandardCharsets.UTF_8));
        }
      }
    } catch (IOException | UncheckedIOException e) {
      throw new BrokenRoutes(
          "Expected readable route files in UTF-8 below "
              + directory
              + ", found "
              + kind(e)
              + ". Start the relay where its routes directory is.",
          e);
    }
    if (files.isEmpty()) {
      throw new BrokenRoutes(
          "Expected route files below "
              + directory
              + ", found none, and without them nothing could be taken in. Start the relay where its routes directory is.",
          null);
    }
    return new RouteFiles(directory, files);
  }

  /**
   * The files below a directory, also where links lead. What begins with a dot is not looked at: an
   * editor's, or the copies to which a mounted directory's links lead.
   *
   * @throws UncheckedIOException for a directory that changes meanwhile, or links in a circle
   */
  static List<Path> below(Path directory) throws IOException {
    try (Stream<Path> paths = Files.walk(directory, FileVisitOption.FOLLOW_LINKS)) {
      return paths
          .filter(path -> !isHidden(directory.relativize(path)))
          .filter(path -> !Files.isDirectory(path))
          .toList();
    }
  }

  private static boolean isHidden(Path path) {
    for (Path piece : path) {
      if (piece.toString().startsWith(".")) {
        return true;
      }
    }
    return false;
  }

  private static String kind(Exception failure) {
    Throwable cause = failure instanceof UncheckedIOException ? failure.getCause() : failure;
    return Objects.requireNonNullElse(cause, failure).getClass().getSimpleName();
  }

  private static boolean isRouteFile(Path path) {
    String name = path.getFileName().toString();
    return name.endsWith(".camel.yaml") || name.endsWith(".java");
  }

  /** A file as Camel's loaders want it. */
  Resource resource(String name) {
    String content = files.getOrDefault(name, "");
    return ResourceHelper.fromBytes(
        "file:" + directory.resolve(name), content.getBytes(StandardCharsets.UTF_8));
  }

  /** Whether other files depend on this one: then a change of it is a change of all. */
  boolean isShared(String name) {
    String content = files.getOrDefault(name, "");
    return content.contains("routeTemplate:")
        || content.contains("routeConfiguration:")
        || content.contains("errorHandler:");
  }
}
