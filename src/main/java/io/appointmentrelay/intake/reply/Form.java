package io.appointmentrelay.intake.reply;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLDecoder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An HTML form as it is sent: fields in their order, decoded. Read leniently and never thrown at.
 */
final class Form {

  /** No text message has so many; what comes behind is not looked at. */
  private static final int FIELDS_AT_MOST = 200;

  /** One field. */
  record Field(String name, String value) {
    /** Prints no value. */
    @Override
    public String toString() {
      return "Field[" + name.length() + "]";
    }
  }

  private final List<Field> fields;

  private Form(List<Field> fields) {
    this.fields = fields;
  }

  /** Reads a form; empty if it is none: an escape that means nothing, or far too many fields. */
  static Optional<Form> read(byte[] body) {
    List<Field> fields = new ArrayList<>();
    String text = new String(body, UTF_8);
    int from = 0;
    while (from < text.length()) {
      int end = text.indexOf('&', from);
      String pair = text.substring(from, end < 0 ? text.length() : end);
      from = end < 0 ? text.length() : end + 1;
      if (pair.isEmpty()) {
        continue;
      }
      if (fields.size() == FIELDS_AT_MOST) {
        return Optional.empty();
      }
      int equals = pair.indexOf('=');
      try {
        fields.add(
            new Field(
                URLDecoder.decode(equals < 0 ? pair : pair.substring(0, equals), UTF_8),
                equals < 0 ? "" : URLDecoder.decode(pair.substring(equals + 1), UTF_8)));
      } catch (IllegalArgumentException wronglyEscaped) {
        return Optional.empty();
      }
    }
    return Optional.of(new Form(fields));
  }

  List<Field> fields() {
    return List.copyOf(fields);
  }

  /** The first field of that name that says something. */
  @Nullable String text(String name) {
    return fields.stream()
        .filter(field -> field.name().equals(name) && !field.value().isBlank())
        .map(Field::value)
        .findFirst()
        .orElse(null);
  }
}
