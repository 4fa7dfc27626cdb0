package io.appointmentrelay.console;

import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.Router;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;

/** The page itself: three files, read once. */
final class Pages {

  private Pages() {}

  static void addTo(Router router) {
    add(router, "/", "index.html", "text/html; charset=utf-8");
    add(router, "/console.css", "console.css", "text/css; charset=utf-8");
    add(router, "/console.js", "console.js", "text/javascript; charset=utf-8");
  }

  private static void add(Router router, String path, String file, String type) {
    Buffer content = Buffer.buffer(read("/console/" + file));
    router.get(path).handler(context -> Answers.bytes(context, 200, type, content));
  }

  private static byte[] read(String resource) {
    try (InputStream file = Pages.class.getResourceAsStream(resource)) {
      return Objects.requireNonNull(file, resource).readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException("The console's page is part of the jar", e);
    }
  }
}
