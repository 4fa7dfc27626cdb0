package io.appointmentrelay.appointment;

/**
 * Another system answered, and the answer is of no use: unreadable, too large, or a refusal of this
 * one question. It counts against what is being worked on (SEMANTICS §6). The message names systems
 * and codes, never people, and may be shown.
 */
public final class UnusableAnswer extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public UnusableAnswer(String message) {
    super(message);
  }
}
