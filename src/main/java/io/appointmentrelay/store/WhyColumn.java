package io.appointmentrelay.store;

import io.appointmentrelay.appointment.Why;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Column "why" of a delivery. It is most of the row, and is written anew with each judgement: what
 * a rule says like the one before it, like most rules, or not at all, is left out.
 */
final class WhyColumn {

  private static final String OK = "ok";

  private WhyColumn() {}

  /**
   * @param at absent: as the one before it
   * @param verdict absent: ok
   * @param detail absent: none
   */
  record Word(
      @Nullable Instant at, String rule, @Nullable String verdict, @Nullable String detail) {}

  /** What is written; null if no rule was asked. */
  static @Nullable String write(List<Why> why, long delivery, Seal seal) {
    if (why.isEmpty()) {
      return null;
    }
    List<Word> words = new ArrayList<>(why.size());
    Instant before = null;
    for (Why one : why) {
      words.add(
          new Word(
              one.at().equals(before) ? null : one.at(),
              one.rule(),
              one.verdict().equals(OK) ? null : one.verdict(),
              one.detail().isEmpty() ? null : one.detail()));
      before = one.at();
    }
    return seal.json(words, Place.delivery("why", delivery));
  }

  static List<Why> read(@Nullable String stored, long delivery, Seal seal) {
    if (stored == null) {
      return List.of();
    }
    List<Why> why = new ArrayList<>();
    Instant before = null;
    for (Word word : seal.read(stored, Word[].class, Place.delivery("why", delivery))) {
      before = word.at() == null ? Objects.requireNonNull(before) : word.at();
      why.add(
          new Why(
              before,
              word.rule(),
              Objects.requireNonNullElse(word.verdict(), OK),
              Objects.requireNonNullElse(word.detail(), "")));
    }
    return List.copyOf(why);
  }
}
