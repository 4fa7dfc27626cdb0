package io.appointmentrelay.command;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The notifications that the product ships: the official examples of Redox and Canvas as they are,
 * and own ones with contacts of made-up people.
 */
public final class Samples {

  private static final Pattern LINE = Pattern.compile("(\\S+)\\s+(\\S.*)");

  private final List<Sample> all;

  private Samples(List<Sample> all) {
    this.all = all;
  }

  /** Reads what is shipped in the jar. */
  public static Samples shipped() {
    return new Samples(
        new String(resource("index.txt"), StandardCharsets.UTF_8)
            .lines()
            .filter(line -> !line.isBlank() && !line.startsWith("#"))
            .map(Samples::sample)
            .toList());
  }

  /** All of them, each source's in the order of a life. */
  public List<Sample> all() {
    return all;
  }

  /** Those of one source, in the order of a life. */
  public List<Sample> of(String source) {
    return all.stream().filter(sample -> sample.source().equals(source)).toList();
  }

  /** The one called so. */
  public Optional<Sample> named(String name) {
    return all.stream().filter(sample -> sample.name().equals(name)).findFirst();
  }

  private static Sample sample(String line) {
    Matcher words = LINE.matcher(line);
    if (!words.matches()) {
      throw new IllegalStateException("samples/index.txt: a name and a sentence expected: " + line);
    }
    String name = words.group(1);
    String file = name + (name.startsWith(Sample.SMS + "/") ? ".form" : ".json");
    return new Sample(name, words.group(2), resource(file));
  }

  private static byte[] resource(String name) {
    try (InputStream in = Samples.class.getResourceAsStream("/samples/" + name)) {
      if (in == null) {
        throw new IllegalStateException(
            "samples/" + name + " is expected in the jar; it is not there.");
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
