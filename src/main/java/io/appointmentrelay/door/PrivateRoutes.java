package io.appointmentrelay.door;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Routes on the console's port, by path; <code>{name}</code> stands for one segment. */
final class PrivateRoutes {

  private static final Pattern VARIABLE = Pattern.compile("\\{([^/}]+)}");

  private record Entry(String path, Pattern pattern, DoorConsumer consumer) {}

  private final List<Entry> entries = new CopyOnWriteArrayList<>();

  /**
   * @param prefix whether the route takes everything below the path too
   */
  void add(String path, boolean prefix, DoorConsumer consumer) {
    entries.add(new Entry(path, pattern(path, prefix), consumer));
  }

  void remove(String path, DoorConsumer consumer) {
    entries.removeIf(entry -> entry.path.equals(path) && entry.consumer == consumer);
  }

  /** The route for a path and method, if there is one. */
  @Nullable DoorConsumer find(String path, String method) {
    for (Entry entry : entries) {
      if (entry.pattern.matcher(path).matches() && entry.consumer.accepts(method)) {
        return entry.consumer;
      }
    }
    return null;
  }

  private static Pattern pattern(String path, boolean prefix) {
    Matcher variables = VARIABLE.matcher(path);
    StringBuilder regex = new StringBuilder();
    int from = 0;
    while (variables.find()) {
      regex.append(Pattern.quote(path.substring(from, variables.start()))).append("[^/]+");
      from = variables.end();
    }
    return Pattern.compile(regex + Pattern.quote(path.substring(from)) + (prefix ? "(/.*)?" : ""));
  }
}
