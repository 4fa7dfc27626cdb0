package io.appointmentrelay.appointment;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The words, alone in a text message and in any case, that carriers and Twilio take for themselves:
 * whoever sends one means the sender as a whole, never a visit.
 */
public enum CarrierWord {
  STOP("STOP STOPALL UNSUBSCRIBE CANCEL END QUIT REVOKE OPTOUT"),
  /** YES is one too, but only of those who have said STOP before; see {@link #MAY_START}. */
  START("START UNSTOP"),
  HELP("HELP INFO");

  /** To a carrier it means START if the number is opted out, and nothing if not. */
  public static final String MAY_START = "YES";

  private final String words;

  CarrierWord(String words) {
    this.words = words;
  }

  private Set<String> words() {
    return Set.of(words.split(" "));
  }

  /** As labels of notices say it. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** What the text of a message means to a carrier; empty: nothing. */
  public static Optional<CarrierWord> of(String text) {
    String word = text.strip().toUpperCase(Locale.ROOT);
    return Arrays.stream(values()).filter(one -> one.words().contains(word)).findFirst();
  }

  /** What is no answer to a question about a visit, however it is meant. */
  public static Set<String> reserved() {
    Set<String> all = new TreeSet<>();
    Arrays.stream(values()).forEach(one -> all.addAll(one.words()));
    return all;
  }

  /** The words that end all messages. */
  public static Set<String> ending() {
    return new TreeSet<>(STOP.words());
  }
}
