package io.appointmentrelay.faults;

import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Counts by name, and prints them as a table. */
final class Tally {

  private final Map<String, Long> counts = new TreeMap<>();

  synchronized void add(String name) {
    add(name, 1);
  }

  synchronized void add(String name, long more) {
    counts.merge(name, more, Long::sum);
  }

  synchronized void atLeast(String name, long value) {
    counts.merge(name, value, Math::max);
  }

  synchronized long of(String name) {
    return counts.getOrDefault(name, 0L);
  }

  synchronized String table() {
    StringBuilder table = new StringBuilder();
    counts.forEach(
        (name, count) -> table.append(String.format(Locale.ROOT, "| %s | %,d |%n", name, count)));
    return table.toString();
  }
}
