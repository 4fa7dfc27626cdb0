package io.appointmentrelay.messaging;

import java.io.IOException;
import java.io.StringReader;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;

/** Reads one language's words, {@code *.<language>.properties}, that have exactly certain keys. */
final class WordFile {

  private WordFile() {}

  /**
   * @throws IllegalArgumentException one sentence on what is wrong, without the name of the file
   */
  static Properties read(String content, Set<String> keys) {
    Properties words = new Properties();
    try {
      words.load(new StringReader(content));
    } catch (IOException | IllegalArgumentException unreadable) {
      throw new IllegalArgumentException(
          "expected lines of 'key = words', found an escape that means nothing; correct it",
          unreadable);
    }
    Set<String> missing = new TreeSet<>(keys);
    missing.removeAll(words.stringPropertyNames());
    Set<String> unknown = new TreeSet<>(words.stringPropertyNames());
    unknown.removeAll(keys);
    if (!missing.isEmpty() || !unknown.isEmpty()) {
      throw new IllegalArgumentException(
          "expected exactly the keys "
              + new TreeSet<>(keys)
              + "; missing "
              + missing
              + ", unknown "
              + unknown
              + "; add and remove these");
    }
    return words;
  }
}
