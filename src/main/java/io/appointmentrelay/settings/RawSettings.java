package io.appointmentrelay.settings;

import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The {@code relay.*} names as they were given: by file, by environment, by {@code -D}, the later
 * ones winning; each name known, or a problem.
 */
final class RawSettings {

  private static final String PREFIX = "relay.";
  private static final Pattern OF_SOURCE =
      Pattern.compile(
          "relay\\.source\\.([a-z0-9][a-z0-9-]*)\\.((?:(?:fhir|poll|query|reconcile)\\.)?[a-z-]+)");

  private static final Pattern OF_DESK =
      Pattern.compile("relay\\.staff\\.([a-z0-9][a-z0-9-]*)\\.([a-z]+)");

  private final Map<String, String> values = new TreeMap<>();
  private final Collection<String> problems;

  RawSettings(
      Path file, Map<String, String> environment, Properties system, Collection<String> problems) {
    this.problems = problems;
    Properties fromFile = load(file);
    fromFile
        .stringPropertyNames()
        .forEach(name -> accept(name, fromFile, "application.properties"));
    Map<String, String> fromEnvironment = matched(environment, system);
    values.putAll(fromEnvironment);
    system.stringPropertyNames().forEach(name -> accept(name, system, "-D"));
  }

  Map<String, String> values() {
    return values;
  }

  /** The names of the sources that any setting speaks of. */
  Set<String> sources() {
    return named(OF_SOURCE, values.keySet());
  }

  /** The names of the desks that any setting speaks of. */
  Set<String> desks() {
    return named(OF_DESK, values.keySet());
  }

  private static Set<String> named(Pattern form, Collection<String> settings) {
    Set<String> names = new TreeSet<>();
    for (String name : settings) {
      Matcher matcher = form.matcher(name);
      if (matcher.matches()) {
        names.add(matcher.group(1));
      }
    }
    return names;
  }

  private void accept(String name, Properties from, String origin) {
    if (!name.startsWith(PREFIX)) {
      return;
    }
    if (!isKnown(name)) {
      problems.add(
          name
              + ": expected a setting named in the README, found this one in "
              + origin
              + ". Correct the spelling, or remove it if its feature is not built yet.");
      return;
    }
    values.put(name, from.getProperty(name).trim());
  }

  private static boolean isKnown(String name) {
    Matcher source = OF_SOURCE.matcher(name);
    if (source.matches()) {
      return Names.OF_SOURCE.contains(source.group(2));
    }
    Matcher desk = OF_DESK.matcher(name);
    return desk.matches()
        ? Names.OF_DESK.contains(desk.group(2))
        : Names.DEFAULTS.containsKey(name);
  }

  private Map<String, String> matched(Map<String, String> environment, Properties system) {
    Set<String> names = new TreeSet<>(Names.DEFAULTS.keySet());
    Set<String> sources = new TreeSet<>(sources());
    sources.addAll(named(OF_SOURCE, system.stringPropertyNames()));
    Set<String> desks = new TreeSet<>(desks());
    desks.addAll(named(OF_DESK, system.stringPropertyNames()));
    for (String source : sources) {
      Names.OF_SOURCE.forEach(suffix -> names.add("relay.source." + source + "." + suffix));
    }
    for (String desk : desks) {
      Names.OF_DESK.forEach(suffix -> names.add("relay.staff." + desk + "." + suffix));
    }
    Map<String, String> found = new TreeMap<>();
    environment.forEach((variable, value) -> match(variable, value, names, found));
    return found;
  }

  private void match(String variable, String value, Set<String> names, Map<String, String> found) {
    if (!variable.startsWith("RELAY_")) {
      return;
    }
    List<String> matches = names.stream().filter(name -> variable(name).equals(variable)).toList();
    if (matches.size() == 1) {
      found.put(matches.get(0), value.trim());
    } else {
      problems.add(
          variable
              + ": expected an environment variable that stands for one setting, found "
              + (matches.isEmpty() ? "none of that name" : "several: " + matches)
              + ". Use application.properties or -D instead, or unset it.");
    }
  }

  private static String variable(String name) {
    return name.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
  }

  private Properties load(Path file) {
    Properties properties = new Properties();
    if (Files.exists(file)) {
      try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
        properties.load(reader);
      } catch (IOException | IllegalArgumentException e) {
        problems.add(
            file
                + ": expected a properties file in UTF-8, found one that cannot be read ("
                + e.getClass().getSimpleName()
                + "). Correct or remove it.");
      }
    }
    return new ArrayList<>(properties.stringPropertyNames()).isEmpty()
        ? new Properties()
        : properties;
  }
}
