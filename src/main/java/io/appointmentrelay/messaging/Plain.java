package io.appointmentrelay.messaging;

import java.util.regex.Pattern;

/** Makes plain text of whatever a sender, a template or an editor put into it. */
final class Plain {

  // Line ends of every kind, other control characters, and every kind of space.
  private static final Pattern BLANKS = Pattern.compile("[\\s\\p{Cc}\\p{Z}]+");
  // What turns the direction of a line around can make an address read as another.
  private static final Pattern DIRECTIONS =
      Pattern.compile("[\\u200E\\u200F\\u202A-\\u202E\\u2066-\\u2069]");
  private static final Pattern TRAILING_BLANKS = Pattern.compile("[ \\t]+(?=\\n|$)");
  private static final Pattern BLANK_LINES = Pattern.compile("\\n{3,}");

  private Plain() {}

  /** One line: line ends, control characters and runs of spaces become one space. */
  static String line(String text) {
    return BLANKS.matcher(DIRECTIONS.matcher(text).replaceAll("")).replaceAll(" ").strip();
  }

  /** One line of at most {@code longest} characters; a longer one ends in three full stops. */
  static String line(String text, int longest) {
    String line = line(text);
    if (line.length() <= longest) {
      return line;
    }
    // Not between the halves of a character outside the basic plane.
    int end = line.offsetByCodePoints(0, line.codePointCount(0, longest - 3));
    return line.substring(0, end) + "...";
  }

  /** Paragraphs: never more than one empty line in a row, none at the ends. */
  static String paragraphs(String text) {
    String unix = text.replace("\r\n", "\n").replace('\r', '\n');
    String trimmed = TRAILING_BLANKS.matcher(unix).replaceAll("");
    return BLANK_LINES.matcher(trimmed).replaceAll("\n\n").strip();
  }

  /**
   * One paragraph for a text message. Typographic quotes and dashes become those of the GSM
   * alphabet: one of them would make every segment less than half as long. Accents go too where
   * they alone would cost a segment.
   */
  static String textMessage(String text) {
    String plain =
        line(text)
            .replace('\u2018', '\'')
            .replace('\u2019', '\'')
            .replace('\u201C', '"')
            .replace('\u201D', '"')
            .replace('\u2013', '-')
            .replace('\u2014', '-')
            .replace("\u2026", "...");
    return SmsLength.shortened(plain);
  }
}
