package io.appointmentrelay.routes;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.FailedToCreateRouteException;
import org.jspecify.annotations.Nullable;

/**
 * Says of a route file that does not load: file, line, fault, cure. Route files hold no patient's
 * data.
 */
final class Fault {

  private static final Pattern LINE = Pattern.compile("line[: ]+(\\d+)");
  private static final Pattern ENDPOINT =
      Pattern.compile("(?:>>> \\w+\\[|Failed to resolve endpoint: )([^]\\s]+)");
  private static final int LONGEST = 400;

  private Fault() {}

  static String describe(RouteFiles files, String name, Throwable failure) {
    Throwable root = failure;
    StringBuilder chain = new StringBuilder();
    while (true) {
      chain.append(root.getMessage()).append('\n');
      if (root.getCause() == null) {
        break;
      }
      root = root.getCause();
    }
    String line = line(chain.toString(), files.files().getOrDefault(name, ""));
    String what = root.getMessage() == null ? root.getClass().getSimpleName() : root.getMessage();
    String route =
        failure instanceof FailedToCreateRouteException broken
            ? " in route " + broken.getRouteId()
            : "";
    return files.directory().resolve(name)
        + (line == null ? "" : ":" + line)
        + route
        + ": "
        + shortened(what.replace('\n', ' '))
        + " Correct the file and save it; until then the routes in force stay as they are.";
  }

  private static @Nullable String line(String messages, String content) {
    Matcher said = LINE.matcher(messages);
    if (said.find()) {
      return said.group(1);
    }
    Matcher endpoint = ENDPOINT.matcher(messages);
    while (endpoint.find()) {
      String uri = EndpointUri.name(endpoint.group(1));
      String[] lines = content.split("\n", -1);
      for (int i = 0; i < lines.length; i++) {
        if (lines[i].contains(uri)) {
          return String.valueOf(i + 1);
        }
      }
    }
    return null;
  }

  private static String shortened(String text) {
    return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "…";
  }
}
