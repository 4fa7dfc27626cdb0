package io.appointmentrelay.routes;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
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
    try (Stream<Path> paths = Files.walk(directory)) {
      for (Path path : paths.filter(RouteFiles::isRouteFile).toList()) {
        String name = directory.relativize(path).toString().replace('\\', '/');
        if (wanted.includes(name)) {
          files.put(name, Files.readString(path, StandardCharsets.UTF_8));
        }
      }
    } catch (IOException e) {
      throw new BrokenRoutes(
          "Expected readable route files in UTF-8 below "
              + directory
              + ", found "
              + e.getClass().getSimpleName()
              + ". Start the relay where its routes directory is.",
          e);
    }
    return new RouteFiles(directory, files);
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
