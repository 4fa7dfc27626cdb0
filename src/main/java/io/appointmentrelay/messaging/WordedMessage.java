package io.appointmentrelay.messaging;

import org.jspecify.annotations.Nullable;

/**
 * A message in the words that its reader will see.
 *
 * @param subject one line, e-mail only
 * @param text plain text
 * @param html the same for readers of HTML, where there is one
 * @param language that it is in
 * @param visitTitle what a calendar calls the visit
 * @param phi how much of a person it tells
 * @param asks whether it is a text message that asks for an answer
 */
public record WordedMessage(
    @Nullable String subject,
    String text,
    @Nullable String html,
    String language,
    String visitTitle,
    Phi phi,
    boolean asks) {

  /** A message that asks for nothing. */
  public WordedMessage(
      @Nullable String subject,
      String text,
      @Nullable String html,
      String language,
      String visitTitle,
      Phi phi) {
    this(subject, text, html, language, visitTitle, phi, false);
  }

  /** A subject stays one line whatever is put into it: a second line would be another header. */
  public WordedMessage {
    subject = subject == null ? null : Plain.line(subject);
  }

  /** Never prints what a person is told. */
  @Override
  public String toString() {
    return "WordedMessage[" + text.length() + " characters]";
  }
}
