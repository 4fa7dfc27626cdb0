package io.appointmentrelay.store;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** Where a list goes on: the key of a row, as text that survives a URL. */
final class Cursor {

  private static final String BETWEEN = "\n";

  private Cursor() {}

  static long number(String cursor) {
    try {
      return Long.parseLong(cursor);
    } catch (NumberFormatException e) {
      throw new WrongCursor();
    }
  }

  static Position position(String cursor) {
    try {
      return Position.of(cursor);
    } catch (IllegalArgumentException e) {
      throw new WrongCursor();
    }
  }

  /** A key of several columns. */
  static String of(Object... columns) {
    StringBuilder key = new StringBuilder();
    for (Object column : columns) {
      key.append(key.isEmpty() ? "" : BETWEEN).append(column);
    }
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(key.toString().getBytes(StandardCharsets.UTF_8));
  }

  /** The columns of a key; the last may itself hold anything. */
  static String[] columns(String cursor, int count) {
    try {
      String key = new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8);
      String[] columns = key.split(BETWEEN, count);
      if (columns.length == count) {
        return columns;
      }
    } catch (IllegalArgumentException e) {
      throw new WrongCursor();
    }
    throw new WrongCursor();
  }
}
