package io.appointmentrelay.messaging;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a template's file name says: {@code <text>.<language>.<channel>.<ext>}. */
record TextFile(String name, String text, String language, String channel, String extension) {

  static final String FORM = "<text>.<language>.<channel>.txt or .html";

  private static final Pattern NAME =
      Pattern.compile(
          "([a-z][a-z0-9-]*)\\.([a-zA-Z]{2,3}(?:-[a-zA-Z0-9]{2,8})*)\\.([a-z][a-z0-9-]*)\\.(txt|html)");

  static Optional<TextFile> of(String fileName) {
    Matcher parts = NAME.matcher(fileName);
    return parts.matches()
        ? Optional.of(
            new TextFile(
                fileName,
                parts.group(1),
                parts.group(2).toLowerCase(Locale.ROOT),
                parts.group(3),
                parts.group(4)))
        : Optional.empty();
  }

  boolean isHtml() {
    return extension.equals("html");
  }

  boolean isEmail() {
    return channel.equals("email");
  }

  boolean isSms() {
    return channel.equals("sms");
  }

  /** The key of the same text as plain text or HTML. */
  String as(String otherExtension) {
    return key(text, language, channel, otherExtension);
  }

  /** The key of the same text in another language. */
  String in(String otherLanguage) {
    return key(text, otherLanguage, channel, extension);
  }

  String key() {
    return key(text, language, channel, extension);
  }

  /** The file's name with the language in lower case. */
  static String key(String text, String language, String channel, String extension) {
    return String.join(".", text, language, channel, extension);
  }
}
