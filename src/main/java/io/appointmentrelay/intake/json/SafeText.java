package io.appointmentrelay.intake.json;

import org.jspecify.annotations.Nullable;

/** Makes foreign text safe to store, to compare and to show. */
public final class SafeText {

  /** Longer text is no name, address or link, and is taken as not said. */
  private static final int LONGEST = 2_000;

  private static final int LONGEST_LABEL = 60;

  private SafeText() {}

  /**
   * The text without outer blanks, control characters turned to blanks and broken surrogates
   * replaced, because PostgreSQL stores neither; null if nothing is left or it is too long.
   */
  public static @Nullable String clean(@Nullable String text) {
    if (text == null || text.length() > LONGEST) {
      return null;
    }
    String safe = isSafe(text) ? text : replaceUnsafe(text);
    String stripped = safe.strip();
    return stripped.isEmpty() ? null : stripped;
  }

  /**
   * A sender's own name for something, cut down to letters, digits, dot, underscore and hyphen, at
   * most 60 of them, so that it may appear in messages and logs; null if nothing is left.
   */
  public static @Nullable String label(@Nullable String text) {
    if (text == null) {
      return null;
    }
    StringBuilder label = new StringBuilder();
    for (int i = 0; i < text.length() && label.length() < LONGEST_LABEL; i++) {
      char c = text.charAt(i);
      if (isLetter(c) || isDigit(c) || c == '.' || c == '_' || c == '-') {
        label.append(c);
      }
    }
    return label.isEmpty() ? null : label.toString();
  }

  /** Only the ASCII letters, in lower case: what is left when spellings should not matter. */
  public static String letters(String text) {
    StringBuilder letters = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (isLetter(c)) {
        letters.append((char) (c | 0x20));
      }
    }
    return letters.toString();
  }

  private static boolean isLetter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private static boolean isSafe(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isISOControl(c) || Character.isSurrogate(c)) {
        return false;
      }
    }
    return true;
  }

  private static String replaceUnsafe(String text) {
    StringBuilder safe = new StringBuilder(text.length());
    text.codePoints().forEach(point -> safe.appendCodePoint(replacement(point)));
    return safe.toString();
  }

  private static int replacement(int point) {
    if (Character.isISOControl(point)) {
      return ' ';
    }
    boolean halfACharacter = Character.getType(point) == Character.SURROGATE;
    return halfACharacter ? '\uFFFD' : point;
  }
}
