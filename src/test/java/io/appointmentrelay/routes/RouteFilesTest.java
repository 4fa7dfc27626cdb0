package io.appointmentrelay.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where route files are looked for. */
class RouteFilesTest {

  private static final RoutesInForce ALL = new RoutesInForce(true, Set.of(), true);
  private static final String TEXT = "- route: {id: a}\n";

  @TempDir Path directory;
  private Path routes;

  @BeforeEach
  void write() throws IOException {
    routes = Files.createDirectories(directory.resolve("routes"));
    Files.createDirectories(routes.resolve("intake"));
    Files.writeString(routes.resolve("intake/a.camel.yaml"), TEXT);
  }

  @Test
  void aLinkToTheDirectoryIsFollowed() throws IOException {
    Path link = Files.createSymbolicLink(directory.resolve("link"), routes);

    assertThat(RouteFiles.read(link, ALL).files()).containsOnlyKeys("intake/a.camel.yaml");
  }

  @Test
  void aLinkedDirectoryBelowIsFollowed() throws IOException {
    Path elsewhere = Files.createDirectories(directory.resolve("elsewhere"));
    Files.writeString(elsewhere.resolve("b.camel.yaml"), TEXT);
    Files.createSymbolicLink(routes.resolve("own"), elsewhere);

    assertThat(RouteFiles.read(routes, ALL).files())
        .containsOnlyKeys("intake/a.camel.yaml", "own/b.camel.yaml");
  }

  @Test
  void aMountedDirectoryIsReadOnceThoughItsCopiesLieBeside() throws IOException {
    Path mounted = Files.createDirectories(directory.resolve("mounted"));
    Path copy = Files.createDirectories(mounted.resolve("..2026_11_25"));
    Files.writeString(copy.resolve("c.camel.yaml"), TEXT);
    Files.createSymbolicLink(mounted.resolve("..data"), Path.of("..2026_11_25"));
    Files.createSymbolicLink(mounted.resolve("c.camel.yaml"), Path.of("..data", "c.camel.yaml"));

    assertThat(RouteFiles.read(mounted, ALL).files()).containsOnlyKeys("c.camel.yaml");
  }

  @Test
  void anEditorsLockIsNoRoute() throws IOException {
    Files.createSymbolicLink(routes.resolve("intake/.#a.camel.yaml"), Path.of("ada@host.17"));

    assertThat(RouteFiles.read(routes, ALL).files()).containsOnlyKeys("intake/a.camel.yaml");
  }

  @Test
  void withoutAnyRouteItDoesNotStart() throws IOException {
    Path empty = Files.createDirectories(directory.resolve("empty"));

    assertThatThrownBy(() -> RouteFiles.read(empty, ALL))
        .isInstanceOf(BrokenRoutes.class)
        .hasMessage(
            "Expected route files below %s, found none, and without them nothing could be taken in."
                + " Start the relay where its routes directory is.",
            empty);
  }

  @Test
  void linksInACircleAreSaid() throws IOException {
    Files.createSymbolicLink(routes.resolve("round"), routes);

    assertThatThrownBy(() -> RouteFiles.read(routes, ALL))
        .isInstanceOf(BrokenRoutes.class)
        .hasMessageContaining("found FileSystemLoopException");
  }

  @Test
  void aLinkThatLeadsNowhereIsSaid() throws IOException {
    Files.createSymbolicLink(routes.resolve("d.camel.yaml"), directory.resolve("gone"));

    assertThatThrownBy(() -> RouteFiles.read(routes, ALL))
        .isInstanceOf(BrokenRoutes.class)
        .hasMessageContaining("found NoSuchFileException");
  }
}
