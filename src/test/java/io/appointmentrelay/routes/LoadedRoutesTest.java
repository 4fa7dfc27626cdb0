package io.appointmentrelay.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What route files must hold together. */
class LoadedRoutesTest {

  private static final RoutesInForce ALL = new RoutesInForce(true, Set.of(), true);

  @TempDir Path routes;

  @Test
  void aStepToARouteThatIsNotThereIsRefusedWithItsPlace() throws Exception {
    write("a.camel.yaml", steps("direct:a", "direct:b?timeout=1000", "direct:nowhere"));
    write("b.camel.yaml", steps("direct:b", "log:end"));

    assertThatThrownBy(this::load)
        .isInstanceOf(BrokenRoutes.class)
        .hasMessageStartingWith(routes.resolve("a.camel.yaml") + ":6")
        .hasMessageContaining(
            "A step to direct:nowhere expects a route that begins with it, found none.");
  }

  @Test
  void whatIsOnlyKnownWhenItRunsIsLeftToTheRun() throws Exception {
    write("a.camel.yaml", steps("direct:a", "direct:{{where}}", "direct://a"));

    assertThat(load()).isOne();
  }

  private int load() throws Exception {
    try (DefaultCamelContext context = new DefaultCamelContext()) {
      RouteFiles files = RouteFiles.read(routes, ALL);
      new LoadedRoutes(context).load(files, files.files().keySet());
      return context.getRouteDefinitions().size();
    }
  }

  private void write(String name, String content) throws IOException {
    Files.writeString(routes.resolve(name), content);
  }

  private static String steps(String from, String... to) {
    StringBuilder route = new StringBuilder("- route:\n    from:\n      uri: " + from + "\n");
    route.append("      steps:\n");
    for (String uri : to) {
      route.append("        - to: {uri: \"").append(uri).append("\"}\n");
    }
    return route.toString();
  }
}
