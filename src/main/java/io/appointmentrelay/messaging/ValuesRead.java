package io.appointmentrelay.messaging;

import java.util.AbstractMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The values of a visit that notes, in order, which of them a template has read. */
final class ValuesRead extends AbstractMap<String, Object> {

  private static final Object ABSENT = new Object();

  private final Map<String, Object> values;
  private final Map<String, Object> read = new LinkedHashMap<>();

  ValuesRead(Map<String, Object> values) {
    this.values = values;
  }

  /** What was read, in the order of the first reading; what is not there stands as a value too. */
  Map<String, Object> read() {
    return read;
  }

  /** A value as {@link #read} has it. */
  static Object of(Map<String, Object> values, String name) {
    return Objects.requireNonNullElse(values.get(name), ABSENT);
  }

  private void note(Object name) {
    if (name instanceof String word) {
      read.putIfAbsent(word, of(values, word));
    }
  }

  @Override
  public @Nullable Object get(Object name) {
    note(name);
    return values.get(name);
  }

  @Override
  public boolean containsKey(Object name) {
    note(name);
    return values.containsKey(name);
  }

  @Override
  public Set<Entry<String, Object>> entrySet() {
    values.keySet().stream().sorted().forEach(this::note);
    return values.entrySet();
  }
}
